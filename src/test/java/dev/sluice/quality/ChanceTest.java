package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

/** Against Pascal's triangle in whole numbers. */
final class ChanceTest {

  @Test
  void agreesWithPascalsTriangle() {
    for (int tosses : new int[] {0, 1, 2, 10, 63, 300}) {
      for (int heads = 0; heads <= tosses + 1; heads++) {
        assertThat(Chance.ofAtLeast(heads, tosses))
            .as("%d of %d", heads, tosses)
            .isCloseTo(exact(heads, tosses), within(1e-12));
      }
    }
  }

  @Test
  void manyTossesAreNoTrouble() {
    // Two deviations above the mean: 2.3 % of a Gaussian.
    assertThat(Chance.ofAtLeast(131_072 + 512, 262_144)).isCloseTo(0.0228, within(0.0003));
    assertThat(Chance.ofAtLeast(262_144, 262_144)).isZero();
  }

  private static double exact(int heads, int tosses) {
    BigInteger sum = BigInteger.ZERO;
    BigInteger ways = BigInteger.ONE; // C(tosses, n) for n from tosses downwards.
    for (int n = tosses; n >= heads; n--) {
      sum = sum.add(ways);
      ways = ways.multiply(BigInteger.valueOf(n)).divide(BigInteger.valueOf(tosses - n + 1L));
    }
    return new BigDecimal(sum)
        .divide(new BigDecimal(BigInteger.TWO.pow(tosses)), MathContext.DECIMAL64)
        .doubleValue();
  }
}
