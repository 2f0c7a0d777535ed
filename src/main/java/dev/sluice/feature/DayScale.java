package dev.sluice.feature;

/**
 * What is usual for a key at this hour of the day, in UTC: the mean of each hour, and the deviation
 * from it.
 *
 * <p>A network that serves many keys cannot know by heart when each of them is busy, and its memory
 * of a key is too short for a day of minutes; measured by its own day, such a key is as calm as one
 * that has none.
 *
 * <p>{@value #SIZE} doubles of the key's statistics: values counted and their variance around what
 * was usual, then for each hour values counted and their mean.
 */
final class DayScale {

  private static final int HOURS = 24;

  /** Doubles that the scale takes of the key's statistics. */
  static final int SIZE = 2 + 2 * HOURS;

  private static final int VARIANCE = 1;
  private static final int SLOTS = 2;
  private static final long HOUR_MILLIS = 3_600_000;

  /** Values over which the mean of an hour forgets: five days of values every five minutes. */
  private static final int HOUR_WINDOW = 60;

  /** Values of an hour before one is cut off that is far from the others. */
  private static final int KNOWN = 3;

  private static final double CLIP = 8;

  /** Values after which the deviation means something. */
  private static final int SETTLED = 30;

  /** A key whose days are all the same deviates by this share of its own deviation. */
  private static final double FLOOR = 0.02;

  private DayScale() {}

  private static int slot(long timeMillis) {
    return SLOTS + 2 * Math.floorMod(Math.floorDiv(timeMillis, HOUR_MILLIS), HOURS);
  }

  /** Returns what is usual at a time, {@code otherwise} where nothing was seen at that hour yet. */
  static double mean(double[] stats, int at, long timeMillis, double otherwise) {
    int slot = at + slot(timeMillis);
    return stats[slot] == 0 ? otherwise : stats[slot + 1];
  }

  /**
   * Returns the deviation from what is usual, never 0.
   *
   * @param ofAll the key's deviation at all hours
   */
  static double deviation(double[] stats, int at, double ofAll) {
    return stats[at] < SETTLED
        ? ofAll
        : StrictMath.max(StrictMath.sqrt(stats[at + VARIANCE]), FLOOR * ofAll);
  }

  /**
   * Takes one more value into account.
   *
   * @param ofAll the key's deviation at all hours, from before the value
   */
  static void learn(double[] stats, int at, long timeMillis, double value, double ofAll) {
    int slot = at + slot(timeMillis);
    double reach = CLIP * deviation(stats, at, ofAll);
    double step = value - mean(stats, at, timeMillis, value);
    double clipped = StrictMath.max(-reach, StrictMath.min(reach, step));
    if (stats[slot] > 0) {
      stats[at] = StrictMath.min(stats[at] + 1, RunningScale.WINDOW);
      stats[at + VARIANCE] += (clipped * clipped - stats[at + VARIANCE]) / stats[at];
    }
    stats[slot] = StrictMath.min(stats[slot] + 1, HOUR_WINDOW);
    double by = stats[slot] > KNOWN ? clipped : step;
    stats[slot + 1] = stats[slot] == 1 ? value : stats[slot + 1] + by / stats[slot];
  }
}
