package dev.sluice.score;

/**
 * When a key's trouble began: an alert comes when a record is broken, which may be some events
 * after the surprises rose.
 *
 * <p>A cumulative sum (Page 1954) of the surprise in units of its own deviation, less one of them
 * an event; it begins where it leaves 0. It is capped, so that it is back at 0 a few events after
 * the trouble ended.
 *
 * <p>A key's statistics here are {@value #STATS_SIZE} doubles: events counted, mean and variance of
 * the surprise, the sum, events since it left 0, and the time of that event. All zero for a new
 * key. Allocation-free.
 */
public final class Onset {

  /** Doubles of a key's statistics that are used. */
  public static final int STATS_SIZE = 6;

  private static final int MEAN = 1;
  private static final int VARIANCE = 2;
  private static final int SUM = 3;
  private static final int SINCE = 4;
  private static final int TIME = 5;

  /** Events over which mean and deviation forget. */
  private static final int WINDOW = 1000;

  /** Events until which the deviation means nothing. */
  private static final int SETTLED = 30;

  /** One event adds at most so many deviations, and moves mean and deviation no further. */
  private static final double MOST = 4;

  private static final double MOST_SUM = 8;

  /** Nats; less is noise of the network itself. */
  private static final double LEAST_DEVIATION = 0.25;

  private Onset() {}

  /**
   * Takes an event in.
   *
   * @param surprise in nats, finite
   * @param timeMillis of the event, epoch milliseconds
   * @param stats {@value #STATS_SIZE} doubles from {@code at} on; updated
   */
  public static void take(double surprise, long timeMillis, double[] stats, int at) {
    double count = StrictMath.min(stats[at] + 1, WINDOW);
    double deviation = StrictMath.max(StrictMath.sqrt(stats[at + VARIANCE]), LEAST_DEVIATION);
    double step = surprise - stats[at + MEAN];
    double before = stats[at + SUM];
    double sum = 0;
    if (count > SETTLED) {
      step = StrictMath.max(-MOST * deviation, StrictMath.min(MOST * deviation, step));
      sum = StrictMath.max(0, StrictMath.min(MOST_SUM, before + step / deviation - 1));
    }
    boolean begins = before == 0;
    stats[at + SUM] = sum;
    stats[at + SINCE] = begins ? 0 : stats[at + SINCE] + 1;
    stats[at + TIME] = begins ? timeMillis : stats[at + TIME];
    double weight = 1 / count;
    stats[at] = count;
    stats[at + MEAN] += weight * step;
    stats[at + VARIANCE] = (1 - weight) * (stats[at + VARIANCE] + weight * step * step);
  }

  /** Returns how many events before the last one it began; 0 for just now. */
  public static long eventsAgo(double[] stats, int at) {
    return (long) stats[at + SINCE];
  }

  /** Returns the time of the event it began with, epoch milliseconds. */
  public static long timeMillis(double[] stats, int at) {
    return (long) stats[at + TIME];
  }
}
