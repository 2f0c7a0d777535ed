package dev.sluice.head;

/**
 * A value axis cut into bins of equal width; the first and the last reach to infinity.
 *
 * @param low lower edge of the first bin, in units of the value's scale
 * @param high upper edge of the last bin, in the same unit
 * @param count number of bins, {@value #MIN} to {@value #MAX}
 */
public record Bins(double low, double high, int count) {

  /** Fewest bins. */
  public static final int MIN = 2;

  /** Most bins. */
  public static final int MAX = 1024;

  private static final double ROUNDING = 1e-9;

  /** Checks that the bins have a width. */
  public Bins {
    if (count < MIN || count > MAX) {
      throw new IllegalArgumentException(count + " bins, from " + MIN + " to " + MAX + " can be");
    }
    if (!Double.isFinite(low) || !Double.isFinite(high) || !(high > low)) {
      throw new IllegalArgumentException("bins from " + low + " to " + high + " have no width");
    }
  }

  /** Returns the width of a bin. */
  public double width() {
    return (high - low) / count;
  }

  /**
   * Returns the bin of {@code value}, which is not NaN. A value that is an edge but for rounding is
   * in the bin above, whatever the rounding was.
   */
  public int of(double value) {
    double position = StrictMath.floor((value - low) / width() + ROUNDING);
    return (int) StrictMath.max(0, StrictMath.min(count - 1, position));
  }

  /** Returns the lower edge of {@code bin}. */
  public double edge(double bin) {
    return low + bin * width();
  }
}
