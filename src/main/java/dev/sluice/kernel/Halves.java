package dev.sluice.kernel;

/**
 * Rounding to the nearest binary16, by operations on the bits that lanes have too, so that every
 * twin gets the same bits.
 */
final class Halves {

  static final int MAGNITUDE = 0x7fff_ffff;
  static final int INFINITY = 0x7f80_0000;
  static final int NAN = 0x7fc0_0000;

  /** The largest binary16, 65504. */
  static final int LARGEST = 0x477f_e000;

  /** The smallest normal binary16, 2^-14. */
  static final int SMALLEST_NORMAL = 0x3880_0000;

  /** Bits of a float's fraction that a binary16 has not. */
  static final int SHIFT = 13;

  static final int HALF_LESS_ONE = (1 << SHIFT - 1) - 1;
  static final int KEPT = -1 << SHIFT;

  /** Floats from here to 1 are as far apart, 2^-24, as the subnormal numbers of binary16. */
  static final float ROUNDER = 0.5f;

  private Halves() {}

  /** Returns the binary16 nearest to {@code value}, ties to even, at most 65504 from 0. */
  static float round(float value) {
    int bits = Float.floatToRawIntBits(value);
    int magnitude = bits & MAGNITUDE;
    if (magnitude > INFINITY) {
      return Float.intBitsToFloat(NAN);
    }
    int odd = magnitude >>> SHIFT & 1;
    int rounded = Math.min(magnitude, LARGEST) + HALF_LESS_ONE + odd & KEPT;
    if (magnitude < SMALLEST_NORMAL) {
      rounded = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + ROUNDER - ROUNDER);
    }
    return Float.intBitsToFloat(rounded | bits & ~MAGNITUDE);
  }
}
