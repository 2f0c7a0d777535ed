package dev.sluice.backtest;

/**
 * The benchmark as other people might have measured it: every value {@code v} as {@code factor · v
 * + shift}, every series moved by whole weeks so that all of them begin in one week. Nothing that
 * matters has changed.
 *
 * @param factor finite, above 0
 * @param shift finite
 */
public record NabMapping(double factor, double shift) {

  private static final long WEEK_MILLIS = 7 * 86_400_000L;

  /** The values as they are. */
  public static final NabMapping SAME = new NabMapping(1, 0);

  /** Checks the ranges. */
  public NabMapping {
    if (!(factor > 0) || !Double.isFinite(factor) || !Double.isFinite(shift)) {
      throw new IllegalArgumentException(
          "values mapped by " + factor + " and " + shift + ": give a factor above 0 and a shift");
    }
  }

  /**
   * Reads a factor and a shift.
   *
   * @param text as in {@code 1.8,32}
   * @throws IllegalArgumentException if it is not that
   */
  public static NabMapping parse(String text) {
    int comma = text.indexOf(',');
    try {
      return new NabMapping(
          Double.parseDouble(text.substring(0, Math.max(0, comma))),
          Double.parseDouble(text.substring(comma + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no factor and shift. Give two numbers, as in 1.8,32", e);
    }
  }

  double value(double value) {
    return factor * value + shift;
  }

  /** Returns by how much a series is moved that begins at a time. */
  static long movedMillis(long beginMillis) {
    return -WEEK_MILLIS * Math.floorDiv(beginMillis, WEEK_MILLIS);
  }
}
