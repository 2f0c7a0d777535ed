package dev.sluice.feature;

/**
 * A key's own mean and deviation of one number: exact averages at first, then an exponential window
 * of {@value #WINDOW} events, so that a key whose level moves for good is followed.
 *
 * <p>Three doubles of the key's statistics: events counted, mean, variance.
 */
final class RunningScale {

  /** Doubles that a scale takes of the key's statistics. */
  static final int SIZE = 3;

  /** Events over which the scale forgets. */
  static final int WINDOW = 4000;

  /** Beyond so many deviations a value moves the scale no further than one at this distance. */
  private static final double CLIP = 8;

  /** Events after which values are clipped: until then nobody knows the deviation. */
  private static final int SETTLED = 30;

  /** A near-constant series has at least this share of its mean as deviation. */
  private static final double FLOOR_OF_MEAN = 1e-3;

  private static final double FLOOR = 1e-9;

  private RunningScale() {}

  /** Returns the mean, or {@code value} itself where nothing was seen yet. */
  static double mean(double[] stats, int at, double value) {
    return stats[at] == 0 ? value : stats[at + 1];
  }

  /** Returns the deviation, never 0. */
  static double deviation(double[] stats, int at) {
    double spread = StrictMath.sqrt(stats[at + 2]);
    double floor = StrictMath.max(FLOOR, FLOOR_OF_MEAN * StrictMath.abs(stats[at + 1]));
    return StrictMath.max(spread, floor);
  }

  /** Takes one more value into account. */
  static void learn(double[] stats, int at, double value) {
    double count = StrictMath.min(stats[at] + 1, WINDOW);
    double mean = mean(stats, at, value);
    double step = value - mean;
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
}
