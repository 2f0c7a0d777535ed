package dev.sluice.feature;

/** A time of day or week as a place on a circle, so that its end is next to its beginning. */
final class Circle {

  private Circle() {}

  /** Returns which part of its period has gone by, in [0, 1); the same one period later. */
  static double turn(long millis, long period) {
    return (double) Math.floorMod(millis, period) / period;
  }

  /**
   * Writes sine and cosine of an angle in turns, in [0, 1). By series, within an eighth of a turn
   * around the nearest quarter, where they are exact far beyond a float; StrictMath allocates for
   * both.
   */
  static void write(double turns, float[] inputs, int to) {
    int quarter = (int) (4 * turns + 0.5);
    double angle = (turns - quarter / 4.0) * 2 * StrictMath.PI;
    double square = angle * angle;
    double sine = angle * series(square, 3);
    double cosine = series(square, 2);
    boolean crossed = (quarter & 1) == 1;
    double up = crossed ? cosine : sine;
    double right = crossed ? -sine : cosine;
    boolean opposite = (quarter & 2) == 2;
    inputs[to] = (float) (opposite ? -up : up);
    inputs[to + 1] = (float) (opposite ? -right : right);
  }

  /**
   * Returns 1 - s/((n-1)·n) · (1 - s/((n+1)·(n+2)) · ...), eight steps deep: for n = 2 the cosine,
   * for n = 3 the sine divided by its angle, where s is the square of the angle.
   */
  private static double series(double square, int n) {
    double sum = 1;
    for (int k = n + 14; k >= n; k -= 2) {
      sum = 1 - square / ((k - 1) * k) * sum;
    }
    return sum;
  }
}
