package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.Topology;
import dev.sluice.event.Rejection;
import dev.sluice.river.Declared;
import dev.sluice.river.Replay;
import dev.sluice.river.Result;
import dev.sluice.score.AlertRules;
import dev.sluice.score.Calibration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Counts the alerts of events that are scored key by key: those of the topology, and those that
 * other thresholds would have raised with the same rules.
 */
final class AlertCounts implements Replay.Sink {

  /** Among these, as many as {@link #NEIGHBOURS} on each side of the configured one. */
  private static final List<Double> THRESHOLDS =
      List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0);

  private static final int NEIGHBOURS = 3;

  private final double[] thresholds; // Ascending.
  private final AlertRules[] rules;
  private final double[][] stats; // [threshold, statistics of the key]
  private final long[] alerts; // By threshold.
  private final long[] suppressed;
  private final int configured;
  private final Map<String, Long> ofKeys = new HashMap<>();
  private byte[] key = {};
  private long events;
  private long warmingUp;
  private long rejected;
  private long firstMillis = Long.MAX_VALUE;
  private long lastMillis = Long.MIN_VALUE;

  AlertCounts(Topology file) {
    double own = file.score().threshold();
    this.thresholds = around(own);
    this.configured = Arrays.binarySearch(thresholds, own);
    this.rules = new AlertRules[thresholds.length];
    this.stats = new double[thresholds.length][AlertRules.STATS_SIZE];
    this.alerts = new long[thresholds.length];
    this.suppressed = new long[thresholds.length];
    for (int i = 0; i < rules.length; i++) {
      var calibration = new Calibration(thresholds[i], file.score().warmUp(), file.score().quiet());
      rules[i] = new AlertRules(calibration, Declared.alerts(file.alerts()));
    }
  }

  private static double[] around(double own) {
    NavigableSet<Double> all = new TreeSet<>(THRESHOLDS);
    List<Double> chosen = new ArrayList<>(List.of(own));
    all.headSet(own, false).descendingSet().stream().limit(NEIGHBOURS).forEach(chosen::add);
    all.tailSet(own, false).stream().limit(NEIGHBOURS).forEach(chosen::add);
    return chosen.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  @Override
  public void result(long line, Result result) {
    if (!Arrays.equals(key, result.key())) {
      key = result.key();
      for (double[] ofKey : stats) {
        Arrays.fill(ofKey, 0);
      }
    }
    events++;
    warmingUp += result.isWarmingUp() ? 1 : 0;
    firstMillis = Math.min(firstMillis, result.timeMillis());
    lastMillis = Math.max(lastMillis, result.timeMillis());
    // What did not come was not judged.
    if (result.expectedWord() != null || !Double.isNaN(result.value())) {
      count(result);
    }
  }

  private void count(Result result) {
    for (int i = 0; i < rules.length; i++) {
      double score = result.isWarmingUp() ? 0 : result.score();
      AlertRules.Decision decision =
          rules[i].decide(score, result.surprise(), key, result.timeMillis(), stats[i], 0);
      alerts[i] += decision.isAlert() ? 1 : 0;
      suppressed[i] += decision.suppressed().isPresent() ? 1 : 0;
      if (i == configured && decision.isAlert()) {
        ofKeys.merge(new String(key, UTF_8), 1L, Long::sum);
      }
    }
  }

  @Override
  public void rejected(long line, String text, Rejection why) {
    rejected++;
  }

  /** Returns the events that were scored. */
  long events() {
    return events;
  }

  /** Returns how many of them could raise no alert, because their keys were new. */
  long warmingUp() {
    return warmingUp;
  }

  /** Returns how many the model gave no finite answer to. */
  long unscorable() {
    return rejected;
  }

  /** Returns the time of the earliest event, epoch milliseconds. */
  long firstMillis() {
    return firstMillis;
  }

  /** Returns the days from the earliest event to the latest. */
  double days() {
    return (lastMillis - firstMillis) / 86_400_000.0;
  }

  /**
   * Alerts at one threshold.
   *
   * @param isConfigured whether it is that of the topology
   */
  record Line(double threshold, long alerts, long suppressed, boolean isConfigured) {}

  /** Returns the alerts at each threshold, ascending. */
  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < thresholds.length; i++) {
      lines.add(new Line(thresholds[i], alerts[i], suppressed[i], i == configured));
    }
    return lines;
  }

  /** Returns the keys with most alerts at the configured threshold, in falling order. */
  List<Map.Entry<String, Long>> mostAlerts(int count) {
    return ofKeys.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<String, Long> entry) -> -entry.getValue())
                .thenComparing(Map.Entry::getKey))
        .limit(count)
        .toList();
  }
}
