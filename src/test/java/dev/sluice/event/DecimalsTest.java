package dev.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against {@link Double#parseDouble}, to the last bit. */
final class DecimalsTest {

  @Test
  void anyDigitsAtAnyExponentAreTheDoubleNearestToThem() {
    var random = new Random(1);
    int undecided = 0;
    for (int i = 0; i < 300_000; i++) {
      long digits = random.nextLong(1_000_000_000_000_000_000L) >>> random.nextInt(60);
      undecided += agree(digits, random.nextInt(-125, 65)) ? 0 : 1;
    }
    // Only exponents beyond the table.
    assertThat(undecided).isLessThan(20_000);
  }

  @Test
  void doublesAsJavaWritesThemAreAllDecided() {
    var random = new Random(2);
    for (int i = 0; i < 100_000; i++) {
      double value = random.nextDouble() * StrictMath.pow(10, random.nextInt(-30, 30));
      BigDecimal exact = new BigDecimal(Double.toString(value));
      assertThat(agree(exact.unscaledValue().longValueExact(), -exact.scale())).isTrue();
    }
  }

  @Test
  void whatLiesHalfWayIsLeftToOthersOrRight() {
    var random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      long odd = (1L << 53) + random.nextLong(1L << 53) | 1;
      for (int off = -1; off <= 1; off++) {
        agree(odd + off, 0);
        agree(2 * odd + off, random.nextInt(-3, 1));
        agree(5 * (odd >>> 3 | 1) + off, -1);
      }
    }
  }

  /** Returns whether it was decided; fails where it was decided wrongly. */
  private static boolean agree(long digits, int exponent) {
    double found = Decimals.of(digits, exponent);
    if (Double.isNaN(found)) {
      return false;
    }
    String text = digits + "e" + exponent;
    if (Double.doubleToLongBits(found) != Double.doubleToLongBits(Double.parseDouble(text))) {
      throw new AssertionError(text + " became " + found);
    }
    return true;
  }
}
