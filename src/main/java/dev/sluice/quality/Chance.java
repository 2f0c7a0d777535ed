package dev.sluice.quality;

/** Tosses of a fair coin. */
final class Chance {

  private Chance() {}

  /**
   * Returns the probability of {@code heads} heads or more in {@code tosses} tosses; 1 where there
   * are none. Takes one logarithm for each count from {@code heads} up.
   */
  static double ofAtLeast(int heads, int tosses) {
    double log = -tosses * StrictMath.log(2); // Of exactly n heads, n from tosses downwards.
    double sum = 0;
    for (int n = tosses; n >= Math.max(0, heads); n--) {
      sum += StrictMath.exp(log);
      log += StrictMath.log((double) n / (tosses - n + 1));
    }
    return Math.min(1, sum);
  }
}
