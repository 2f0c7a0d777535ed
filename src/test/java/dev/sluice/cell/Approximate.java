package dev.sluice.cell;

/**
 * A number in double precision and a bound on how far a float computation of it can be off: running
 * error analysis (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.3).
 */
record Approximate(double value, double error) {

  static final Approximate ZERO = new Approximate(0, 0);

  private static final double U = 0x1p-24;
  private static final double EXPONENTIAL = 1.01 * 1.8e-7; // ExponentialTest
  private static final double CLAMP = 1e-11;

  static Approximate exactly(double value) {
    return new Approximate(value, 0);
  }

  Approximate plus(Approximate other) {
    return rounded(value + other.value, error + other.error);
  }

  Approximate minus(Approximate other) {
    return rounded(value - other.value, error + other.error);
  }

  Approximate times(Approximate other) {
    double spread =
        Math.abs(value) * other.error + Math.abs(other.value) * error + error * other.error;
    return rounded(value * other.value, spread);
  }

  /** Adds a product; rounded twice here where the kernel rounds once. */
  Approximate plus(Approximate a, Approximate b) {
    return plus(a.times(b));
  }

  /** The derivative is at most 1/4, by the exponential 1/4; six roundings on top. */
  Approximate sigmoid() {
    double result = 1 / (1 + StrictMath.exp(-value));
    double spread = error / 4 + EXPONENTIAL / 4 + CLAMP + Math.abs(value) * U / 2;
    return new Approximate(result, spread + 6 * U * result);
  }

  /** The derivative is at most 1, by the exponential 1/2; six roundings on top. */
  Approximate tanh() {
    double result = StrictMath.tanh(value);
    double spread = error + EXPONENTIAL / 2 + CLAMP + Math.abs(value) * 2 * U;
    return new Approximate(result, spread + 6 * U * Math.abs(result));
  }

  private static Approximate rounded(double value, double error) {
    return new Approximate(value, error + U * (Math.abs(value) + error));
  }
}
