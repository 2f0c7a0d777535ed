package dev.sluice.head;

/**
 * What a head expected of one event, and how surprising the event was. Mutable, used again. It is
 * made for one width of interval, so that an operator can change the width without a new model.
 *
 * <p>For heads of values {@link #expected}, {@link #low} and {@link #high} are in units of the
 * value's scale; for a head of words {@link #likeliest} is the id of the likeliest one.
 */
public final class Judgement {

  /** Most nats that the distance of a value beyond all bins adds to its surprise. */
  static final double MOST_BEYOND = 20;

  /** A probability surprises by -ln of this at most: 27.6 nats. */
  private static final double LEAST_PROBABILITY = 1e-12;

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

  /** Returns -ln of a probability, at most 27.6; NaN stays NaN and is seen. */
  static double nats(double probability) {
    return -StrictMath.log(probability < LEAST_PROBABILITY ? LEAST_PROBABILITY : probability);
  }

  /**
   * Returns -ln of the probability (for a Gaussian: of the density) of what came, in nats; at most
   * 47.6, so that one absurd value cannot set a record that no other will ever reach.
   */
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
    return Double.isFinite(surprise)
        && Double.isFinite(expected)
        && Double.isFinite(low)
        && Double.isFinite(high)
        && Double.isFinite(probability);
  }

  /** Sets what is expected of a value. */
  void expect(double value, double from, double to) {
    surprise = 0;
    expected = value;
    low = from;
    high = to;
    likeliest = 0;
    probability = 0;
  }

  /** Sets what is expected of a word. */
  void expect(int word, double itsProbability) {
    expect(0.0, 0, 0);
    likeliest = word;
    probability = itsProbability;
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

  /**
   * Returns the mass of a Gaussian within ±x deviations, x up to 10: 2φ(x) · Σ x^(2n+1) / (1·3·5 ⋯
   * (2n+1)). All terms have one sign, so that none takes away the digits of another, as those of
   * the Taylor series do beyond 5 deviations.
   */
  private static double massWithin(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 400; n++) {
      term *= x * x / (2 * n + 1);
      sum += term;
    }
    return sum * StrictMath.exp(-x * x / 2) * StrictMath.sqrt(2 / StrictMath.PI);
  }
}
