package dev.sluice.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measures contenders while events keep coming at a steady rate: latency, and ends by force. */
final class Flowing {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration CATCH_UP = Duration.ofSeconds(60);
  private static final Duration OUTAGE = Duration.ofSeconds(150);

  /** What was committed before the blow has arrived by then, and no JVM starts so fast. */
  private static final long AFTERMATH_NANOS = 400_000_000;

  private static final Map<String, String> APPEND_TIME =
      Map.of("message.timestamp.type", "LogAppendTime");

  private final Site site;
  private final double warmUpSeconds;
  private final double seconds;

  Flowing(Site site, double warmUpSeconds, double seconds) {
    this.site = site;
    this.warmUpSeconds = warmUpSeconds;
    this.seconds = seconds;
  }

  /** Creates the topics of a run, and fills its input so that every key will have its row. */
  private Load prepare(Run run, int partitions) throws InterruptedException {
    Scenario scenario = run.scenario();
    site.createTopic(run.input(), partitions, APPEND_TIME);
    site.createTopic(run.scores(), partitions, Map.of());
    site.createTopic(run.alerts(), partitions, Map.of());
    Load load = new Load(scenario.keys(), scenario.skew(), 2);
    Filling.fill(site, run.input(), load, scenario.keys());
    return load;
  }

  private void awaitBuilt(Run run, List<Jvm> processes) throws InterruptedException {
    for (Jvm process : processes) {
      process.await("Scoring.", PATIENCE);
    }
    while (site.committed(run.name(), run.input()) < run.scenario().keys()) {
      processes.forEach(Jvm::requireAlive);
      Thread.sleep(50);
    }
  }

  /** What a cold process left behind is no latency of a warm one; nor may it be waited for long. */
  private void awaitCaughtUp(Run run, Jvm process, double perSecond) throws InterruptedException {
    long deadline = System.nanoTime() + CATCH_UP.toNanos();
    while (site.endOffset(run.input()) - site.committed(run.name(), run.input()) > perSecond / 2
        && System.nanoTime() < deadline) {
      process.requireAlive();
      Thread.sleep(50);
    }
  }

  /** What is measured of a process that has caught up. */
  private interface Measure<T> {
    T of(Jvm process, Arrivals arrivals) throws InterruptedException;
  }

  /** Starts a contender, and measures it once it is warm and events come at {@code perSecond}. */
  private <T> T steady(Run run, double perSecond, Measure<T> measure)
      throws IOException, InterruptedException {
    Load load = prepare(run, run.scenario().threads());
    try (Jvm process = run.contender().start(site, run, "i0", Map.of())) {
      awaitBuilt(run, List.of(process));
      try (var _ = new Filling.Paced(site, run.input(), load, perSecond);
          var arrivals = new Arrivals(site, run.scores())) {
        Thread.sleep((long) (1000 * warmUpSeconds));
        awaitCaughtUp(run, process, perSecond);
        return measure.of(process, arrivals);
      }
    }
  }

  /** Measures from append to committed result at {@code perSecond}. */
  Measurements.Latency latency(Run run, double perSecond) throws IOException, InterruptedException {
    return steady(
        run,
        perSecond,
        (process, arrivals) -> {
          double[] quantiles = window(arrivals);
          process.requireAlive();
          return new Measurements.Latency(
              run.contender().letter(),
              run.scenario().hidden(),
              run.scenario().keys(),
              run.scenario().skew().name(),
              perSecond,
              arrivals.count(),
              quantiles[0],
              quantiles[1],
              quantiles[2]);
        });
  }

  /**
   * Swaps models while events flow, and compares the latencies of windows around a swap with those
   * of as many windows without, in turns.
   *
   * @return a line for people
   */
  String swaps(Run run, double perSecond, int times) throws IOException, InterruptedException {
    List<double[]> calm = new ArrayList<>();
    List<double[]> swapped = new ArrayList<>();
    return steady(
        run,
        perSecond,
        (process, arrivals) -> {
          for (int i = 0; i < times; i++) {
            calm.add(window(arrivals));
            site.publish(run.scenario().hidden(), 2 + i);
            swapped.add(window(arrivals));
            process.await("version=\"" + (2 + i) + "\"", PATIENCE); // It was a swap.
          }
          return "swaps of H = "
              + run.scenario().hidden()
              + " at "
              + perSecond
              + " events/s: p50, p99, longest of "
              + times
              + " windows of "
              + seconds
              + " s without: "
              + medians(calm)
              + " ms; each with a swap: "
              + medians(swapped)
              + " ms";
        });
  }

  private double[] window(Arrivals arrivals) throws InterruptedException {
    arrivals.begin();
    Thread.sleep((long) (1000 * seconds));
    return new double[] {arrivals.quantile(0.5), arrivals.quantile(0.99), arrivals.quantile(1)};
  }

  private static List<Double> medians(List<double[]> windows) {
    List<Double> medians = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int at = i;
      double[] sorted = windows.stream().mapToDouble(window -> window[at]).sorted().toArray();
      medians.add(sorted[sorted.length / 2]);
    }
    return medians;
  }

  /** Kills the only instance, starts it again at once, and takes the time; {@code times} times. */
  Measurements.Outage restarts(Run run, double perSecond, int times)
      throws IOException, InterruptedException {
    Load load = prepare(run, run.scenario().threads());
    List<Double> outages = new ArrayList<>();
    Jvm process = run.contender().start(site, run, "i0", Map.of());
    try {
      awaitBuilt(run, List.of(process));
      try (var _ = new Filling.Paced(site, run.input(), load, perSecond);
          var arrivals = new Arrivals(site, run.scores())) {
        for (int i = 0; i < times; i++) {
          Thread.sleep((long) (1000 * warmUpSeconds));
          long killed = process.kill();
          process = run.contender().start(site, run, "i0", Map.of());
          outages.add(outage(arrivals, killed, process));
        }
      }
    } finally {
      process.close();
    }
    return outage(run, "restart", perSecond, outages);
  }

  /** Kills one of two instances that have a standby of each other's rows. */
  Measurements.Outage failover(Run run, double perSecond) throws IOException, InterruptedException {
    Map<String, String> standby = Map.of("num.standby.replicas", "1");
    Load load = prepare(run, 2 * run.scenario().threads());
    List<Jvm> processes = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        processes.add(run.contender().start(site, run, "i" + i, standby));
      }
      awaitBuilt(run, processes);
      try (var _ = new Filling.Paced(site, run.input(), load, perSecond);
          var arrivals = new Arrivals(site, run.scores())) {
        // A standby needs some time to be one.
        Thread.sleep((long) (1000 * (5 + warmUpSeconds)));
        long killed = processes.getFirst().kill();
        double seconds = outage(arrivals, killed, processes.getLast());
        return outage(run, "failover", perSecond, List.of(seconds));
      }
    } finally {
      processes.forEach(Jvm::close);
    }
  }

  private static double outage(Arrivals arrivals, long killed, Jvm survivor)
      throws InterruptedException {
    boolean back = arrivals.awaitAllAfter(killed + AFTERMATH_NANOS, OUTAGE);
    survivor.requireAlive();
    return back ? (System.nanoTime() - killed) * 1e-9 : OUTAGE.toSeconds();
  }

  private static Measurements.Outage outage(
      Run run, String kind, double perSecond, List<Double> seconds) {
    Scenario scenario = run.scenario();
    return new Measurements.Outage(
        run.contender().letter(), kind, scenario.hidden(), scenario.keys(), perSecond, seconds);
  }
}
