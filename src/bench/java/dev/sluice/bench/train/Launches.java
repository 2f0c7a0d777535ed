package dev.sluice.bench.train;

import dev.sluice.train.TrainerIteration;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How soon training is at full speed: {@code Launches [launches [hidden [threads]]]} starts that
 * many JVMs one after the other, and prints for each how long after its first iteration ten
 * iterations in a row first had a median within 15 % of the best ten of any launch.
 */
final class Launches {

  private static final int BLOCK = 10;
  private static final long CHILD_NANOS = 4_500_000_000L;
  private static final double TOLERANCE = 1.15;

  private Launches() {}

  /** Ten iterations: when they were over, and their median, in milliseconds. */
  private record Block(double end, double median) {}

  public static void main(String[] args) throws IOException {
    if (args.length > 0 && args[0].equals("child")) {
      child(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      return;
    }
    int launches = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    String hidden = args.length > 1 ? args[1] : "64";
    String threads = args.length > 2 ? args[2] : "2";
    List<List<Block>> all = new ArrayList<>();
    for (int i = 0; i < launches; i++) {
      all.add(launch(hidden, threads));
    }
    report(all);
  }

  private static void report(List<List<Block>> all) {
    double best = all.stream().flatMap(List::stream).mapToDouble(Block::median).min().orElseThrow();
    double[] seconds =
        all.stream().mapToDouble(blocks -> reached(blocks, best * TOLERANCE)).sorted().toArray();
    long inTime = Arrays.stream(seconds).filter(s -> s <= 3).count();
    System.out.println("best median of " + BLOCK + " iterations: " + best + " ms");
    System.out.println("seconds to within 15 % of it: " + Arrays.toString(seconds));
    System.out.println(inTime + " of " + seconds.length + " launches within 3 s");
    double[] last = all.stream().mapToDouble(b -> b.getLast().median()).sorted().toArray();
    System.out.println("the last ten iterations of each launch, ms: " + Arrays.toString(last));
  }

  private static double reached(List<Block> blocks, double limit) {
    for (Block block : blocks) {
      if (block.median() <= limit) {
        return block.end() / 1000;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private static List<Block> launch(String hidden, String threads) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Launches.class.getName(), "child", hidden, threads));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    List<Block> blocks = new ArrayList<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        blocks.add(new Block(Double.parseDouble(words[0]), Double.parseDouble(words[1])));
      }
    }
    return blocks;
  }

  private static void child(int hidden, int threads) {
    StringBuilder lines = new StringBuilder();
    try (var iteration = new TrainerIteration(hidden, threads)) {
      long start = System.nanoTime();
      long[] times = new long[BLOCK];
      while (System.nanoTime() - start < CHILD_NANOS) {
        for (int i = 0; i < BLOCK; i++) {
          long before = System.nanoTime();
          iteration.run();
          times[i] = System.nanoTime() - before;
        }
        Arrays.sort(times);
        lines.append((System.nanoTime() - start) / 1e6).append(' ');
        lines.append(times[BLOCK / 2] / 1e6).append('\n');
      }
    }
    System.out.print(lines);
  }
}
