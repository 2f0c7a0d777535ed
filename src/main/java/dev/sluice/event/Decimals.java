package dev.sluice.event;

import java.math.BigInteger;

/**
 * Decimal numbers as the doubles nearest to them, quickly and without garbage; for the few that it
 * cannot decide it says so.
 *
 * <p>A number with few digits is one exact multiplication or division. Any other is multiplied, as
 * a number of 64 bits, with the leading 128 bits of its power of ten. What was cut off can only be
 * less than two units of the last of the product's 128 bits: unless the bits that are to be rounded
 * away lie that close below half, it cannot change the rounding.
 */
final class Decimals {

  /** Most digits, leading zeros not counted. */
  static final int MOST_DIGITS = 18;

  private static final int LEAST_EXPONENT = -120;
  private static final int MOST_EXPONENT = 60;

  /** Powers of ten up to here are doubles without an error. */
  private static final int EXACT = 22;

  private static final long EXACT_DIGITS = 1L << 53;
  private static final double[] TENS = new double[EXACT + 1];

  /** Bits of a product's upper word that are rounded away, and half of what they count. */
  private static final int DROPPED = 11;

  private static final long HALF = 1L << DROPPED - 1;

  // By exponent: the leading 128 bits of its power of ten, and the power of two they stand for.
  private static final long[] UPPER = new long[MOST_EXPONENT - LEAST_EXPONENT + 1];
  private static final long[] LOWER = new long[UPPER.length];
  private static final int[] SHIFT = new int[UPPER.length];

  static {
    for (int e = 0; e <= EXACT; e++) {
      TENS[e] = BigInteger.TEN.pow(e).doubleValue();
    }
    for (int e = LEAST_EXPONENT; e <= MOST_EXPONENT; e++) {
      fill(e);
    }
  }

  private Decimals() {}

  private static void fill(int exponent) {
    BigInteger power = BigInteger.TEN.pow(Math.abs(exponent));
    int bits = 0;
    if (exponent < 0) {
      bits = power.bitLength() + 128;
      power = BigInteger.ONE.shiftLeft(bits).divide(power);
    }
    int shift = power.bitLength() - 128;
    BigInteger leading = shift > 0 ? power.shiftRight(shift) : power.shiftLeft(-shift);
    UPPER[exponent - LEAST_EXPONENT] = leading.shiftRight(64).longValue();
    LOWER[exponent - LEAST_EXPONENT] = leading.longValue();
    SHIFT[exponent - LEAST_EXPONENT] = shift - bits;
  }

  /**
   * Returns the double nearest to {@code digits} · 10^{@code exponent}, or NaN where that is not
   * decided here.
   *
   * @param digits 0 or more, of at most {@value #MOST_DIGITS} digits
   */
  static double of(long digits, int exponent) {
    if (digits == 0) {
      return 0;
    }
    if (digits <= EXACT_DIGITS && exponent <= EXACT && exponent >= -EXACT) {
      return exponent < 0 ? digits / TENS[-exponent] : digits * TENS[exponent];
    }
    if (exponent < LEAST_EXPONENT || exponent > MOST_EXPONENT) {
      return Double.NaN;
    }
    return product(digits, exponent - LEAST_EXPONENT);
  }

  private static double product(long digits, int power) {
    int zeros = Long.numberOfLeadingZeros(digits);
    long factor = digits << zeros;
    long low = factor * UPPER[power];
    long high = Math.unsignedMultiplyHigh(factor, UPPER[power]);
    long sum = low + Math.unsignedMultiplyHigh(factor, LOWER[power]);
    high += Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    // The product of two numbers whose highest bit is set has 127 or 128 bits.
    int missing = Long.numberOfLeadingZeros(high);
    if (missing == 1) {
      high = high << 1 | sum >>> 63;
      sum <<= 1;
    }
    return rounded(high, sum, SHIFT[power] - zeros - missing);
  }

  /**
   * Rounds (high·2^64 + low)·2^(shift + 64). The highest bit is set; the number is less than four
   * units of low below the true one.
   */
  private static double rounded(long high, long low, int shift) {
    long dropped = high & (HALF << 1) - 1;
    boolean below = dropped == HALF - 1 && low >= -4 && low < 0;
    boolean half = dropped == HALF && low == 0;
    if (below || half) {
      return Double.NaN;
    }
    long mantissa = (high >>> DROPPED) + (dropped >= HALF ? 1 : 0);
    // The exponents of the table keep this far from both ends of the doubles.
    long exponent = shift + 128L + DROPPED;
    return mantissa * Double.longBitsToDouble(exponent + Double.MAX_EXPONENT << 52);
  }
}
