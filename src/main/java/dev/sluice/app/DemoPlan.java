package dev.sluice.app;

import dev.sluice.app.DemoSeries.Reading;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is replayed, and when.
 *
 * @param history what the first model learns from
 * @param replay what is scored at a pace, faults included
 * @param faults what was put in
 * @param swapMillis event time from which the second model is in force
 * @param paceMillis how long the replay takes
 * @param bounded whether the demo ends by itself
 */
record DemoPlan(
    List<Reading> history,
    List<Reading> replay,
    List<DemoFaults.Fault> faults,
    long swapMillis,
    long paceMillis,
    boolean bounded) {

  private static final double HISTORY = 0.6;
  private static final Duration USUAL = Duration.ofSeconds(90);
  private static final Duration BEFORE_AND_AFTER = Duration.ofSeconds(25);
  private static final Duration LEAST = Duration.ofSeconds(10);

  static DemoPlan of(DemoSeries series, int faults, long seed, @Nullable Duration length) {
    long split = series.timeAt(HISTORY);
    List<Reading> history = series.between(Long.MIN_VALUE, split);
    DemoFaults faulty = DemoFaults.inject(series.between(split, Long.MAX_VALUE), faults, seed);
    if (history.isEmpty() || faulty.readings().isEmpty()) {
      throw new Complaint("There are too few measurements for a history and a replay");
    }
    Duration total = length == null ? USUAL : length;
    Duration pace = total.minus(BEFORE_AND_AFTER);
    return new DemoPlan(
        history,
        faulty.readings(),
        faulty.faults(),
        series.timeAt(HISTORY + (1 - HISTORY) / 2),
        (pace.compareTo(LEAST) < 0 ? LEAST : pace).toMillis(),
        length != null);
  }

  /** Returns the least number of whole weeks that covers the replay, in milliseconds. */
  long wholeWeeksMillis() {
    long week = Duration.ofDays(7).toMillis();
    long span = replay.getLast().timeMillis() - replay.getFirst().timeMillis();
    return (span / week + 1) * week;
  }
}
