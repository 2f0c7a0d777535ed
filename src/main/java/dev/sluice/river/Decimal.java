package dev.sluice.river;

/**
 * The shortest decimals that tell a number from its neighbours, which is what Java prints, for most
 * numbers that a result has: {@code digits} divided by ten to the power of {@code places}, packed
 * into one long. It knows when it does not know; then Java is to be asked.
 *
 * <p>Decimals are tried and compared in double arithmetic, which has 29 bits more than a float:
 * that leaves open which of two is nearer, or whether one is near enough, for one float of some
 * thousand.
 */
final class Decimal {

  /** Ask Java. */
  static final long UNKNOWN = -1;

  private static final int PLACES_BITS = 4;
  private static final int PLACES_MASK = (1 << PLACES_BITS) - 1;

  // Java writes numbers outside these bounds with an exponent.
  private static final double LEAST = 1e-3;
  private static final double BEYOND = 1e7;

  /** Digits after the point of a float of the smallest size that has no exponent: 3 zeros, 9. */
  private static final int MOST_PLACES = 12;

  private static final int USUAL_DIGITS = 7;
  private static final int MOST_DIGITS = 9;

  /** Places that are tried for a double; what has more is not the shortest to be found here. */
  private static final int MOST_PLACES_OF_DOUBLE = 6;

  /** Two decimals of so many digits never stand for the same double. */
  private static final double BEYOND_DOUBLE = 1e15;

  /** A product and a quotient, each off by half a unit in the last place at the most, and more. */
  private static final double ROUNDING = 0x1p-50;

  private static final double NOT_NEAR = -1;
  private static final double UNCLEAR = -2;

  private static final double[] POWERS = powers();

  /** The smallest numbers with -1, 0, 1, 2, ... digits before the point. */
  private static final double[] BEGINNINGS = {1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

  private Decimal() {}

  private static double[] powers() {
    double[] powers = new double[MOST_PLACES + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = 10 * powers[i - 1];
    }
    return powers;
  }

  /** Returns how many digits of a packed decimal are after the point. */
  static int places(long packed) {
    return (int) packed & PLACES_MASK;
  }

  /** Returns the digits of a packed decimal, as a whole number. */
  static long digits(long packed) {
    return packed >>> PLACES_BITS;
  }

  /** Returns ten to the power of {@code places}. */
  static long unit(int places) {
    return (long) POWERS[places];
  }

  private static long packed(double digits, int places) {
    return (long) digits << PLACES_BITS | places;
  }

  /** Returns the shortest decimal of a positive float, or {@link #UNKNOWN}. */
  static long of(float size) {
    boolean evenlySpaced = (Float.floatToRawIntBits(size) & 0x7fffff) != 0;
    if (!(size >= LEAST && size < BEYOND) || !evenlySpaced) {
      return UNKNOWN;
    }
    double half = 0.5 * Math.ulp(size);
    int places = Math.max(0, USUAL_DIGITS - digitsBeforePoint(size));
    double digits = digits(size, places, half);
    if (digits >= 0) {
      return shorter(size, places, digits, half);
    }
    int most = Math.min(MOST_PLACES, places + MOST_DIGITS - USUAL_DIGITS);
    while (digits == NOT_NEAR && places < most) {
      digits = digits(size, ++places, half);
    }
    return digits < 0 ? UNKNOWN : packed(digits, places);
  }

  /** Takes places away while that leaves a decimal of the float. */
  private static long shorter(double size, int enough, double digits, double half) {
    int places = enough;
    double found = digits;
    while (places > 0) {
      double fewer = digits(size, places - 1, half);
      if (fewer == UNCLEAR) {
        return UNKNOWN;
      }
      if (fewer == NOT_NEAR) {
        break;
      }
      found = fewer;
      places--;
    }
    return packed(found, places);
  }

  /**
   * Returns the digits of the decimal with so many places that is nearest, if it is less than
   * {@code half} away.
   */
  private static double digits(double size, int places, double half) {
    double scaled = size * POWERS[places];
    double digits = Math.rint(scaled);
    double tolerance = scaled * ROUNDING;
    double away = Math.abs(digits - scaled);
    double beyond = away - half * POWERS[places];
    if (beyond > tolerance) {
      return NOT_NEAR;
    }
    boolean nearEnough = beyond < -tolerance;
    boolean nearest = 0.5 - away > tolerance;
    return nearEnough && nearest ? digits : UNCLEAR;
  }

  /** Returns the digits before the point; of a number below 1, less the zeros after the point. */
  private static int digitsBeforePoint(double size) {
    int digits = -2;
    for (double beginning : BEGINNINGS) {
      if (size < beginning) {
        break;
      }
      digits++;
    }
    return digits;
  }

  /** Returns the shortest decimal of a positive double if it has few places. */
  static long of(double size) {
    if (!(size >= LEAST && size < BEYOND)) {
      return UNKNOWN;
    }
    for (int places = 0; places <= MOST_PLACES_OF_DOUBLE; places++) {
      double digits = Math.rint(size * POWERS[places]);
      // Both are exact, so the quotient is the double that the decimal stands for.
      if (digits < BEYOND_DOUBLE && digits / POWERS[places] == size) {
        return packed(digits, places);
      }
    }
    return UNKNOWN;
  }
}
