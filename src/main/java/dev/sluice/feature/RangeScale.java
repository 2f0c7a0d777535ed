package dev.sluice.feature;

/**
 * The range in which a key's first {@value #SETTLED} values lay; after that it stays. Within it a
 * value is from -1 to 1.
 *
 * <p>It says another thing than {@link RunningScale}: a series that is calm between rare bursts has
 * a small deviation, by which its ordinary bursts are all cut off alike, and a wide range.
 *
 * <p>Three doubles of the key's statistics: values counted, lowest, highest.
 */
final class RangeScale {

  /** Doubles that a range takes of the key's statistics. */
  static final int SIZE = 3;

  /** Values that make the range. */
  static final int SETTLED = 300;

  private RangeScale() {}

  /** Returns the middle of the range, or {@code value} itself where nothing was seen yet. */
  static double middle(double[] stats, int at, double value) {
    return stats[at] == 0 ? value : stats[at + 1] / 2 + stats[at + 2] / 2;
  }

  /**
   * Returns half of the range.
   *
   * @param least a smaller one counts as this
   */
  static double half(double[] stats, int at, double least) {
    return StrictMath.max(stats[at + 2] / 2 - stats[at + 1] / 2, least);
  }

  /** Takes one more value into account. */
  static void learn(double[] stats, int at, double value) {
    if (stats[at] == SETTLED) {
      return;
    }
    stats[at + 1] = stats[at] == 0 ? value : StrictMath.min(stats[at + 1], value);
    stats[at + 2] = stats[at] == 0 ? value : StrictMath.max(stats[at + 2], value);
    stats[at]++;
  }
}
