package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The exponential against {@link StrictMath}, on every thousandth float of its range. */
final class ExponentialTest {

  /** 1.7e-7 is the error of the polynomial with its roundings; the argument is taken as exact. */
  private static final double BOUND = 1.8e-7;

  @Test
  void isWithinItsBoundOverTheWholeRange() {
    double worst = 0;
    int lowest = Float.floatToIntBits(1e-9f);
    int highest = Float.floatToIntBits(Exponential.FULL_LIMIT);
    for (int bits = lowest; bits <= highest; bits += 1009) {
      worst = Math.max(worst, error(Float.intBitsToFloat(bits)));
      worst = Math.max(worst, error(-Float.intBitsToFloat(bits)));
    }
    assertThat(worst).isLessThan(BOUND);
  }

  private static double error(float x) {
    double exact = StrictMath.pow(2, x);
    return Math.abs(Exponential.exp2(x, Exponential.FULL_LIMIT) / exact - 1);
  }

  @Test
  void wholeNumbersAreExact() {
    for (int n = -126; n <= 126; n++) {
      assertThat(Exponential.exp2(n, Exponential.FULL_LIMIT))
          .isEqualTo((float) StrictMath.pow(2, n));
    }
  }

  @Test
  void everythingBeyondTheLimitIsClamped() {
    for (float x : new float[] {40, 41, 1e30f, Float.MAX_VALUE, Float.POSITIVE_INFINITY}) {
      assertThat(Exponential.exp2(x, Exponential.GATE_LIMIT)).isEqualTo(0x1p40f);
      assertThat(Exponential.exp2(-x, Exponential.GATE_LIMIT)).isEqualTo(0x1p-40f);
    }
  }
}
