package dev.sluice.head;

/**
 * What a head expected of one event, and how surprising the event was. Mutable, used again. It is
 * made for one width of interval, so that an operator can change the width without a new model.
 *
 * <p>For heads of values {@link #expected}, {@link #low} and {@link #high} are in units of the
 * value's scale; for a head of words {@link #likeliest} is the id of the likeliest one.
 */
public final class Judgement {

  /** Probability mass on each side of the interval. */
  final double tail;

  /** Deviations of a Gaussian to each side of its mean that hold the interval's mass. */
  final double reach;

  double surprise;
  double expected;
  double low;
  double high;
  int likeliest;
  double probability;

  /**
   * Creates a judgement.
   *
   * @param interval probability mass between {@code low} and {@code high}, in (0, 1)
   */
  public Judgement(double interval) {
    if (!(interval > 0 && interval < 1)) {
      throw new IllegalArgumentException("an interval of " + interval + " is not in (0, 1)");
    }
    this.tail = (1 - interval) / 2;
    this.reach = deviationsHolding(interval);
  }

  /** Returns -ln of the probability (for a Gaussian: of the density) of what came, in nats. */
  public double surprise() {
    return surprise;
  }

  /** Returns the expected value, in units of its scale. */
  public double expected() {
    return expected;
  }

  /** Returns the lower end of the interval, in units of the value's scale. */
  public double low() {
    return low;
  }

  /** Returns the upper end of the interval, in units of the value's scale. */
  public double high() {
    return high;
  }

  /** Returns the id of the likeliest word. */
  public int likeliest() {
    return likeliest;
  }

  /** Returns the probability of the likeliest word. */
  public double probability() {
    return probability;
  }

  /** Returns whether the network's answer was a number at all. */
  public boolean isFinite() {
    return Double.isFinite(surprise) && Double.isFinite(expected);
  }

  /** Solves erf(x / √2) = mass by bisection; runs once, at load. */
  private static double deviationsHolding(double mass) {
    double low = 0;
    double high = 10;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (massWithin(middle) < mass) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** Returns the mass of a Gaussian within ±x deviations, by its Taylor series (x up to 10). */
  private static double massWithin(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 400; n++) {
      term *= -x * x / (2 * n);
      sum += term / (2 * n + 1);
    }
    return sum * StrictMath.sqrt(2 / StrictMath.PI);
  }
}
