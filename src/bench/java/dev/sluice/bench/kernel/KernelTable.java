package dev.sluice.bench.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures everybody in one run and prints one table: {@code KernelTable [-f forks] [BxH ...]}.
 * Times are medians over all iterations; a ratio says how many times this kernel's time a peer
 * needs.
 */
public final class KernelTable {

  private static final String[] SIZES = {
    "1x32", "1x64", "1x128", "1x256", "1x512", "32x32", "32x64", "32x128", "32x256", "32x512",
    "128x32", "128x64", "128x128", "128x256", "128x512"
  };
  private static final String OURS = "SluiceStep.float32";
  private static final String[] PEERS = {
    "OnnxStep.bound", "OnnxStep.usual", "OneDnnStep.step", "TorchStep.usual"
  };

  private final int forks;
  private double peakFlops;
  private double cacheBytes;
  private double emptyCall;

  private KernelTable(int forks) {
    this.forks = forks;
  }

  /** Runs. */
  public static void main(String[] args) throws RunnerException {
    List<String> sizes = new ArrayList<>(Arrays.asList(args));
    int forks = 2;
    if (!sizes.isEmpty() && sizes.getFirst().equals("-f")) {
      forks = Integer.parseInt(sizes.get(1));
      sizes.subList(0, 2).clear();
    }
    if (sizes.isEmpty()) {
      sizes = List.of(SIZES);
    }
    new KernelTable(forks).print(sizes);
  }

  private void print(List<String> sizes) throws RunnerException {
    limits();
    List<String> lines = new ArrayList<>();
    for (String size : sizes) {
      lines.add(line(size));
      System.out.println(lines.getLast());
    }
    System.out.println();
    System.out.println(
        "One core: "
            + number(peakFlops / 1e9, 0)
            + " GFLOP/s, "
            + number(cacheBytes / 1e9, 0)
            + " GB/s of L2; an empty call to C "
            + number(emptyCall * 1e3, 1)
            + " ns, in oneDNN's times");
    System.out.println();
    System.out.println(
        "| B x H | Sluice | int16 | ORT bound | ORT usual | oneDNN | PyTorch (DJL) | GFLOP/s, % of"
            + " FMA peak | micro-kernel % | GB/s, % of L2 |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|");
    lines.forEach(System.out::println);
  }

  private void limits() throws RunnerException {
    Map<String, Double> times = micros("Limits", "kilobytes", "512");
    peakFlops = Limits.flops() / times.get("Limits.multiplyAdds") * 1e6;
    cacheBytes = 512 * 1024 / times.get("Limits.read") * 1e6;
    emptyCall = micros("OneDnnStep.emptyCall", "size", "1x32").get("OneDnnStep.emptyCall");
  }

  private String line(String size) throws RunnerException {
    LstmCase one = LstmCase.of(size);
    boolean compressed = one.hidden >= 384;
    String ours = compressed ? "SluiceStep" : OURS;
    String steps = "(" + ours + "|OnnxStep|OneDnnStep.step|TorchStep|MicroKernel)";
    Map<String, Double> times = micros(steps, "size", size);
    double plain = times.get(OURS);
    double best = Math.min(plain, times.getOrDefault("SluiceStep.int16", plain));
    var line =
        new StringBuilder("| " + size.replace("x", " x ") + " | " + number(plain, 2) + " | ");
    line.append(compressed && best < plain ? number(best, 2) : "").append(" | ");
    for (String peer : PEERS) {
      double time = times.get(peer);
      line.append(number(time, 2)).append(" = ").append(number(time / plain, 2)).append("x");
      if (best < plain) {
        line.append(" (").append(number(time / best, 2)).append("x)");
      }
      line.append(" | ");
    }
    double rate = one.flops() / plain * 1e6;
    double tile = MicroKernel.flops(one) / times.get("MicroKernel.panel") * 1e6;
    double read = one.weightBytes() / plain * 1e6;
    line.append(number(rate / 1e9, 0)).append(", ").append(percent(rate / peakFlops));
    line.append(" | ").append(percent(tile / peakFlops)).append(" | ");
    line.append(one.batch == 1 ? number(read / 1e9, 0) + ", " + percent(read / cacheBytes) : "");
    return line.append(" |").toString();
  }

  /** Runs what matches and returns the median time of a call, in microseconds, by short name. */
  private Map<String, Double> micros(String pattern, String parameter, String value)
      throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("dev\\.sluice\\.bench\\.kernel\\." + pattern)
            .param(parameter, value)
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(forks)
            .warmupIterations(3)
            .warmupTime(TimeValue.milliseconds(600))
            .measurementIterations(5)
            .measurementTime(TimeValue.milliseconds(300))
            .jvmArgsAppend("-Xss8m") // ONNX Runtime 1.29 overflows 1 MB while it starts.
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    Collection<RunResult> results = new Runner(options.build()).run();
    Map<String, Double> times = new LinkedHashMap<>();
    for (RunResult result : results) {
      String name = result.getParams().getBenchmark();
      String shortName = name.substring("dev.sluice.bench.kernel.".length());
      double[] all =
          result.getBenchmarkResults().stream()
              .flatMap(fork -> fork.getIterationResults().stream())
              .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
              .sorted()
              .toArray();
      times.put(shortName, all[all.length / 2] / 1e3);
    }
    return times;
  }

  private static String percent(double share) {
    return Math.round(100 * share) + " %";
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
