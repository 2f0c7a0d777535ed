package dev.sluice.feature;

/**
 * A key's own mean and deviation of one number: exact averages at first, then an exponential window
 * of {@value #WINDOW} events, so that a key whose level moves for good is followed.
 *
 * <p>Nothing here depends on the unit of the values or on where their zero is, so that a key scores
 * the same in Celsius and in Fahrenheit.
 *
 * <p>Four doubles of the key's statistics: events counted, mean, variance, and the largest distance
 * from the mean of late.
 */
final class RunningScale {

  /** Doubles that a scale takes of the key's statistics. */
  static final int SIZE = 4;

  private static final int FURTHEST = 3;

  /** Events over which the scale forgets. */
  static final int WINDOW = 4000;

  /** Beyond so many deviations a value moves the scale no further than one at this distance. */
  private static final double CLIP = 8;

  /** Events after which values are clipped: until then nobody knows the deviation. */
  private static final int SETTLED = 30;

  /** A series that is calm between jumps has at least this share of the jumps as deviation. */
  private static final double FLOOR = 1e-2;

  /** Deviations of the largest distance at most, so that its share is never above one of them. */
  private static final double MOST_FURTHEST = 100;

  /** Distances below this share of the largest are rounding. */
  private static final double ROUNDING = 1e-9;

  /** Stands for 0 where one divides; any distance is cut off after division by it. */
  private static final double LEAST = 1e-100;

  private RunningScale() {}

  /** Returns the mean, or {@code value} itself where nothing was seen yet. */
  static double mean(double[] stats, int at, double value) {
    return stats[at] == 0 ? value : stats[at + 1];
  }

  /** Returns the deviation, never 0; while all values were the same, next to nothing. */
  static double deviation(double[] stats, int at) {
    double floor = StrictMath.max(LEAST, FLOOR * stats[at + FURTHEST]);
    return StrictMath.max(StrictMath.sqrt(stats[at + 2]), floor);
  }

  /** Returns the largest distance that is no more than rounding of the key's values. */
  static double rounding(double[] stats, int at) {
    return ROUNDING * stats[at + FURTHEST];
  }

  /** Takes one more value into account. */
  static void learn(double[] stats, int at, double value) {
    double count = StrictMath.min(stats[at] + 1, WINDOW);
    double mean = mean(stats, at, value);
    double step = value - mean;
    stats[at + FURTHEST] = furthest(stats, at, StrictMath.abs(step));
    if (count > SETTLED) {
      double reach = CLIP * deviation(stats, at);
      step = StrictMath.max(-reach, StrictMath.min(reach, step));
    }
    // West (1979): the exact running mean and variance while the weight is 1 / count.
    double weight = 1 / count;
    stats[at] = count;
    stats[at + 1] = mean + weight * step;
    stats[at + 2] = (1 - weight) * (stats[at + 2] + weight * step * step);
  }

  /** Returns the largest distance of late once there is one more. */
  private static double furthest(double[] stats, int at, double distance) {
    double before = stats[at + FURTHEST];
    double most = MOST_FURTHEST * StrictMath.sqrt(stats[at + 2]);
    double taken = most > 0 ? StrictMath.min(distance, most) : distance;
    return StrictMath.max(before - before / WINDOW, taken);
  }
}
