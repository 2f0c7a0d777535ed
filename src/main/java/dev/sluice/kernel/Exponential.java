package dev.sluice.kernel;

/**
 * Two to the power of x, the only transcendental function of the kernels, by operations that are
 * exact in IEEE 754, so that every twin gets the same bits.
 *
 * <p>x is split into the nearest whole number n and a rest f in [-1/2, 1/2]; a polynomial gives
 * 2^f, and n is added to its exponent bits. The coefficients minimise the relative error (1.7e-7
 * with all roundings) under the condition that 2^0 is exactly 1: then sigmoid(0) is exactly a half
 * and tanh(0) exactly 0, and padding stays 0 for ever.
 */
final class Exponential {

  /** log2(e): the exponential is {@code exp2(LOG2_E · x)}. */
  static final float LOG2_E = 1.442695f;

  /**
   * Exponents are clamped to ±40 in the gates: sigmoid(40 ln 2) differs from 1 by 1e-12, far below
   * a rounding, and products of three denominators stay below 2^121.
   */
  static final float GATE_LIMIT = 40;

  /** The widest clamp for which the result is a normal float. */
  static final float FULL_LIMIT = 126;

  /** Adding 1.5 · 2^23 rounds to a whole number, which then sits in the low bits. */
  static final float ROUNDER = 0x1.8p23f;

  static final int EXPONENT_SHIFT = 23;

  static final float C1 = 0x1.62e42ap-1f;
  static final float C2 = 0x1.ebf9bcp-3f;
  static final float C3 = 0x1.c6b752p-5f;
  static final float C4 = 0x1.3cea88p-7f;
  static final float C5 = 0x1.5bba14p-10f;

  private Exponential() {}

  /** Returns 2^x for x clamped to ±limit; NaN is clamped too, and so hidden. */
  static float exp2(float x, float limit) {
    // On the bits: as signed integers the positive floats are in order, as unsigned ones the
    // negative floats come last, in order of magnitude. Two integer minima clamp both ends.
    int bits = Math.min(Float.floatToRawIntBits(x), Float.floatToRawIntBits(limit));
    int lowest = Float.floatToRawIntBits(-limit);
    float clamped = Float.intBitsToFloat(Integer.compareUnsigned(bits, lowest) > 0 ? lowest : bits);

    float rounded = clamped + ROUNDER;
    float f = clamped - (rounded - ROUNDER);
    float p = Math.fma(C5, f, C4);
    p = Math.fma(p, f, C3);
    p = Math.fma(p, f, C2);
    p = Math.fma(p, f, C1);
    p = Math.fma(p, f, 1f);
    int exponent = Float.floatToRawIntBits(rounded) << EXPONENT_SHIFT;
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + exponent);
  }
}
