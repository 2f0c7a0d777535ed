package dev.sluice.score;

/**
 * Scores a surprise against the records of its own key.
 *
 * <p>The surprise is smoothed over {1, 5, 20} events. For each of the three the key remembers the
 * highest and the lowest value it has seen, which draw together slowly, so that an old record
 * fades. The excess of a smoothed surprise over its record, in units of the range between the two,
 * does not depend on how noisy a key is: one threshold serves all. The largest of the three
 * excesses becomes the score: 0.5 at the record itself, 0.8 a quarter of the range above it, 0.95
 * half of the range above.
 *
 * <p>The first third of the warm-up sets no records. Then a key's scale is not settled and its
 * memory is empty, so that whatever comes is a surprise; records from that time silenced keys with
 * a scale of their own for about a thousand events.
 *
 * <p>A key's statistics here are {@value #STATS_SIZE} doubles: events counted, events left to stay
 * quiet, the score that was last alerted, then average, highest and lowest for each span. All zero
 * for a new key. Immutable and allocation-free.
 */
public final class Scorer {

  /** Doubles of a key's statistics that are used. */
  public static final int STATS_SIZE = 12;

  /** Events over which the surprise is smoothed. */
  private static final int[] SPANS = {1, 5, 20};

  /** Events after which a record has faded to about a third. */
  private static final double FADE = 4000;

  /**
   * A young key's records fade faster, in this many times the events it has had: what it met before
   * its scale was known well means less. On the demo's replay 3 gives fewer false alerts than 1 at
   * the same number of faults caught, and on NAB 46.2 where no such rule gives 44.1.
   */
  private static final double YOUTH = 3;

  /** A range of surprise smaller than this many nats is noise of the network itself. */
  private static final double LEAST_RANGE = 0.25;

  private static final double STEEPNESS = 6;

  private static final int COUNT = 0;
  private static final int QUIET_LEFT = 1;
  private static final int LAST_ALERT = 2;
  private static final int RECORDS = 3;

  private final Calibration calibration;

  /** Events of a key that set no records. */
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
   * Scores one surprise and takes it into the key's statistics.
   *
   * @param surprise in nats, finite
   * @param stats {@value #STATS_SIZE} doubles from {@code at} on; updated
   * @return a score in [0, 1]
   */
  public double score(double surprise, double[] stats, int at) {
    double count = ++stats[at + COUNT];
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < SPANS.length; i++) {
      highest = StrictMath.max(highest, excess(surprise, count, SPANS[i], stats, recordAt(at, i)));
    }
    return 1 / (1 + StrictMath.exp(-STEEPNESS * highest));
  }

  private static int recordAt(int at, int span) {
    return at + RECORDS + 3 * span;
  }

  /** Updates one span and returns the excess over the record from before. */
  private double excess(double surprise, double count, int span, double[] stats, int at) {
    double average = stats[at] + (surprise - stats[at]) / StrictMath.min(count, span);
    double high = stats[at + 1];
    double low = stats[at + 2];
    stats[at] = average;
    if (count <= settling + span) {
      // Neither the key nor the average is settled yet: there is no record to beat.
      stats[at + 1] = average;
      stats[at + 2] = average;
      return -1;
    }
    double range = StrictMath.max(high - low, LEAST_RANGE);
    double fade = (high - low) / StrictMath.min(FADE, YOUTH * count);
    stats[at + 1] = StrictMath.max(average, high - fade);
    stats[at + 2] = StrictMath.min(average, low + fade);
    return (average - high) / range;
  }

  /**
   * Decides whether a score is an alert, and takes the decision into the key's statistics.
   *
   * @param score what {@link #score} returned for this event
   * @param stats as for {@link #score}; updated
   */
  public boolean isAlert(double score, double[] stats, int at) {
    boolean quiet = stats[at + QUIET_LEFT] > 0;
    if (quiet) {
      stats[at + QUIET_LEFT]--;
    }
    boolean high = score >= calibration.threshold() && !isWarmingUp(stats, at);
    boolean alert = high && (!quiet || score > stats[at + LAST_ALERT]);
    if (alert) {
      stats[at + QUIET_LEFT] = calibration.quiet();
      stats[at + LAST_ALERT] = score;
    }
    return alert;
  }
}
