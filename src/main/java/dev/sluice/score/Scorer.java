package dev.sluice.score;

/**
 * Scores an event by what its key has not seen before: a surprise, or a value, beyond the key's own
 * records.
 *
 * <p>Two parts, neither of which knows how noisy the key is or what its values mean, so that one
 * threshold serves all keys:
 *
 * <ul>
 *   <li><i>Surprise at several time scales.</i> The surprise is smoothed over {1, 5, 20} events;
 *       each of the three has a {@linkplain Extremes record} of about {@value #SURPRISE_AGE}
 *       events. Its excess over the record, in units of the record's range, is news.
 *   <li><i>Range rule.</i> A value outside the range of the last {@value #VALUE_AGE} events and
 *       more is news, too, {@value #RANGE_WEIGHT} times as much: ranges of values are wider than
 *       those of surprises, whose records are set by single events.
 * </ul>
 *
 * <p>The largest news becomes the score, by a logistic function: 0.5 at the record, 0.8 at 7 % of
 * the range beyond, 0.95 at 15 %. Weights and lengths are round numbers found on the Numenta
 * Anomaly Benchmark, where neighbours of them do about as well in both halves of the files. What
 * goes on is not reported again: that is left to {@link AlertRules}.
 *
 * <p>The first third of the warm-up sets no records of surprise. Then a key's scale is not settled
 * and its memory is empty, so that whatever comes is a surprise; records from that time silenced
 * keys with a scale of their own for about a thousand events.
 *
 * <p>A key's statistics here are {@value #STATS_SIZE} doubles: events counted, the record of the
 * values, then average and record for each span. All zero for a new key. Immutable and
 * allocation-free.
 */
public final class Scorer {

  /** Events over which the surprise is smoothed. */
  private static final int[] SPANS = {1, 5, 20};

  private static final int COUNT = 0;
  private static final int VALUES = 1;
  private static final int SPAN_AT = VALUES + Extremes.SIZE;
  private static final int SPAN_SIZE = 1 + Extremes.SIZE;

  /** Doubles of a key's statistics that are used. */
  public static final int STATS_SIZE = SPAN_AT + 3 * SPAN_SIZE;

  /** Events of a generation of surprises. */
  static final int SURPRISE_AGE = 10_000;

  /** Events of a generation of values. */
  static final int VALUE_AGE = 4_000;

  static final double RANGE_WEIGHT = 5;

  /** A range of surprise smaller than this many nats is noise of the network itself. */
  private static final double LEAST_RANGE = 0.25;

  private static final double STEEPNESS = 20;

  /** As the lowest surprise there was. */
  private static final double NO_NEWS = -1;

  private final Calibration calibration;

  /** Events of a key that set no records of surprise. */
  private final int settling;

  /** Creates a scorer. */
  public Scorer(Calibration calibration) {
    this.calibration = calibration;
    this.settling = calibration.warmUp() / 3;
  }

  /** Returns whether the key has too short a history to alert. */
  public boolean isWarmingUp(double[] stats, int at) {
    return stats[at + COUNT] <= calibration.warmUp();
  }

  /**
   * Scores one event and takes it into the key's statistics.
   *
   * @param surprise in nats, finite
   * @param value what came, in any unit; NaN where it has no order, as a word
   * @param stats {@value #STATS_SIZE} doubles from {@code at} on; updated
   * @return a score in [0, 1]
   */
  public double score(double surprise, double value, double[] stats, int at) {
    long count = (long) ++stats[at + COUNT];
    double news = Double.isNaN(value) ? NO_NEWS : outOfRange(value, count, stats, at + VALUES);
    for (int i = 0; i < SPANS.length; i++) {
      int spanAt = at + SPAN_AT + i * SPAN_SIZE;
      news = StrictMath.max(news, surprising(surprise, count, SPANS[i], stats, spanAt));
    }
    return 1 / (1 + StrictMath.exp(-STEEPNESS * news));
  }

  /** Updates one span and returns the excess over its record from before. */
  private double surprising(double surprise, long count, int span, double[] stats, int at) {
    double average = stats[at] + (surprise - stats[at]) / StrictMath.min(count, span);
    stats[at] = average;
    int record = at + 1;
    if (count <= settling + span) {
      // Neither the key nor the average is settled yet: there is no record to beat.
      Extremes.begin(average, stats, record);
      return NO_NEWS;
    }
    double excess = Extremes.above(average, LEAST_RANGE, stats, record);
    take(average, count % SURPRISE_AGE == 0, stats, record);
    return excess;
  }

  /** Updates the range of values and returns how far this one was outside, weighted. */
  private static double outOfRange(double value, long count, double[] stats, int at) {
    if (count == 1) {
      Extremes.begin(value, stats, at);
      return NO_NEWS;
    }
    double excess =
        StrictMath.max(Extremes.above(value, 0, stats, at), Extremes.below(value, 0, stats, at));
    take(value, count % VALUE_AGE == 0, stats, at);
    // Where within its range a value is says nothing; the surprise does.
    return excess > 0 ? RANGE_WEIGHT * excess : NO_NEWS;
  }

  private static void take(double value, boolean turns, double[] stats, int at) {
    if (turns) {
      Extremes.turn(value, stats, at);
    } else {
      Extremes.take(value, stats, at);
    }
  }
}
