package dev.sluice.score;

/**
 * Scores an event by what its key has not seen before: a surprise, or a value, beyond the key's own
 * records.
 *
 * <p>Two parts, neither of which knows how noisy the key is or what its values mean, so that one
 * threshold serves all keys:
 *
 * <ul>
 *   <li><i>Surprise at several time scales.</i> The surprise is smoothed over {1, 8, 40} events;
 *       each of the three has a {@linkplain Extremes record} of about {@value #SURPRISE_AGE}
 *       events. Its excess over the record, in units of the record's range, is news. A surprise
 *       that is measured in several ways has records for each of these channels: a mean of them
 *       beats no record where one of them would.
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
 * <p>A key's statistics here are {@link #statsSize} doubles: events counted, the record of the
 * values of each field, then for each channel the usual surprise, and average and record of each
 * span. All zero for a new key. Immutable and allocation-free.
 */
public final class Scorer {

  /** Events over which the surprise is smoothed. */
  private static final int[] SPANS = {1, 8, 40};

  private static final int COUNT = 0;
  private static final int VALUES = 1;
  private static final int SPAN_SIZE = 1 + Extremes.SIZE;
  private static final int CHANNEL_SIZE = 1 + 3 * SPAN_SIZE;

  /** Events of a generation of surprises. */
  static final int SURPRISE_AGE = 10_000;

  /** Events of a generation of values. */
  static final int VALUE_AGE = 4_000;

  static final double RANGE_WEIGHT = 5;

  /**
   * So many nats above what is usual for the key are the most that counts: that an event is 150
   * times less likely than others is known, how much less than that is not. One absurd event would
   * else set a record that hides all that come after it (measured on NAB: 70.2 without, 72.7 with).
   */
  private static final double MOST_ABOVE_USUAL = 5;

  /** A range of surprise smaller than this many nats is noise of the network itself. */
  private static final double LEAST_RANGE = 0.25;

  private static final double STEEPNESS = 20;

  /** As the lowest surprise there was. */
  private static final double NO_NEWS = -1;

  private final Calibration calibration;
  private final int fields;
  private final int channels;

  /** Events of a key that set no records of surprise. */
  private final int settling;

  /**
   * Creates a scorer.
   *
   * @param fields how many values an event has
   * @param channels in how many ways its surprise is measured
   */
  public Scorer(Calibration calibration, int fields, int channels) {
    this.calibration = calibration;
    this.fields = fields;
    this.channels = channels;
    this.settling = calibration.warmUp() / 3;
  }

  /** Returns the doubles of a key's statistics that a scorer uses. */
  public static int statsSize(int fields, int channels) {
    return VALUES + fields * Extremes.SIZE + channels * CHANNEL_SIZE;
  }

  /** Returns whether the key has too short a history to alert. */
  public boolean isWarmingUp(double[] stats, int at) {
    return stats[at + COUNT] <= calibration.warmUp();
  }

  /**
   * Scores one event and takes it into the key's statistics.
   *
   * @param surprises by channel; in nats, finite
   * @param values by field: what came, in any unit; NaN where nothing did, or it has no order, as a
   *     word
   * @param stats {@link #statsSize} doubles from {@code at} on; updated
   * @return a score in [0, 1]
   */
  public double score(double[] surprises, double[] values, double[] stats, int at) {
    long count = (long) ++stats[at + COUNT];
    double news = NO_NEWS;
    int to = at + VALUES;
    for (int f = 0; f < fields; f++) {
      news = StrictMath.max(news, outOfRange(values[f], count, stats, to));
      to += Extremes.SIZE;
    }
    for (int c = 0; c < channels; c++) {
      news = StrictMath.max(news, surprising(surprises[c], count, stats, to));
      to += CHANNEL_SIZE;
    }
    return scoreOf(news);
  }

  /** Returns the score of an excess over a record, in units of the record's range. */
  static double scoreOf(double news) {
    return 1 / (1 + StrictMath.exp(-STEEPNESS * news));
  }

  /** Updates one channel and returns the largest excess of a span over its record from before. */
  private double surprising(double surprise, long count, double[] stats, int at) {
    // Nothing is usual yet for a key that is not settled.
    long settled = count - settling;
    double usual = stats[at];
    double taken = settled > 1 ? StrictMath.min(surprise, usual + MOST_ABOVE_USUAL) : surprise;
    stats[at] =
        settled > 1 ? usual + (taken - usual) / StrictMath.min(settled, SURPRISE_AGE) : taken;
    double news = NO_NEWS;
    int to = at + 1;
    for (int span : SPANS) {
      news = StrictMath.max(news, surprising(taken, count, span, stats, to));
      to += SPAN_SIZE;
    }
    return news;
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
      Extremes.clear(stats, at);
    }
    if (Double.isNaN(value)) {
      return NO_NEWS;
    }
    if (Extremes.isClear(stats, at)) {
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
