package dev.sluice.bench.train;

import dev.sluice.train.TrainerIteration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * An iteration of training, forward + backward + Adam, by Sluice and by PyTorch, in one process and
 * by turns: {@code TrainingComparison [hidden ...]}. Prints a table in Markdown.
 *
 * <p>PyTorch stays on one batch; Sluice deals and places a new one each time, and clips. Before
 * anything is timed, both compute the gradients of the same batch from the same weights.
 */
final class TrainingComparison {

  private static final int TURNS = 5;
  private static final long TURN_NANOS = 700_000_000L;
  private static final double TOLERANCE = 1e-4;
  private static final int[] PARAMETERS = {0, 1, 2, 4}; // Those that weightGradients() returns.

  private TrainingComparison() {}

  /** Times, in nanoseconds, of one contender. */
  private record Times(String name, Runnable iteration, List<Long> all) {

    /** Takes a turn; the first half of the first one is warm-up. */
    void turn(boolean counts) {
      long end = System.nanoTime() + TURN_NANOS;
      while (System.nanoTime() < end) {
        long start = System.nanoTime();
        iteration.run();
        if (counts) {
          all.add(System.nanoTime() - start);
        }
      }
    }

    double millis(double quantile) {
      long[] sorted = all.stream().mapToLong(Long::longValue).sorted().toArray();
      return sorted[(int) (quantile * (sorted.length - 1))] / 1e6;
    }
  }

  public static void main(String[] args) {
    int[] sizes = args.length == 0 ? new int[] {64, 128} : ints(args);
    System.out.println(
        "| H | threads | who | least ms | median ms | ratio of least | of medians |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (int hidden : sizes) {
      for (int threads = 1; threads <= 2; threads++) {
        compare(hidden, threads);
      }
    }
  }

  private static int[] ints(String[] args) {
    return Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
  }

  private static void compare(int hidden, int threads) {
    Torch.threads(threads);
    try (var ours = new TrainerIteration(hidden, threads);
        var six = new Torch(ours.window());
        var none = new Torch(ours.window())) {
      requireEqualGradients(ours, six);
      var sluice = new Times("Sluice", ours::run, new ArrayList<>());
      var torch = new Times("PyTorch", six::run, new ArrayList<>());
      var bare = new Times("PyTorch without Adam", none::gradients, new ArrayList<>());
      for (int turn = -2; turn < TURNS; turn++) {
        for (Times times : List.of(torch, bare, sluice)) {
          times.turn(turn >= 0);
        }
      }
      for (Times times : List.of(sluice, torch, bare)) {
        print(hidden, threads, times, sluice);
      }
    }
  }

  private static void print(int hidden, int threads, Times times, Times sluice) {
    System.out.println(
        "| "
            + hidden
            + " | "
            + threads
            + " | "
            + times.name()
            + row(() -> times.millis(0))
            + row(() -> times.millis(0.5))
            + row(() -> times.millis(0) / sluice.millis(0))
            + row(() -> times.millis(0.5) / sluice.millis(0.5))
            + " |");
  }

  private static String row(Supplier<Double> value) {
    return " | " + Math.round(value.get() * 100) / 100.0;
  }

  private static void requireEqualGradients(TrainerIteration ours, Torch torch) {
    float[][] gradients = ours.weightGradients();
    torch.gradients();
    for (int p = 0; p < PARAMETERS.length; p++) {
      float[] theirs = torch.gradient(PARAMETERS[p]);
      double most = 0;
      double distance = 0;
      for (int i = 0; i < theirs.length; i++) {
        most = Math.max(most, Math.abs(theirs[i]));
        distance = Math.max(distance, Math.abs(theirs[i] - gradients[p][i]));
      }
      if (most == 0 || distance > TOLERANCE * most) {
        throw new IllegalStateException(
            "gradient " + p + " differs by " + distance + " of " + most + ": not the same work");
      }
    }
  }
}
