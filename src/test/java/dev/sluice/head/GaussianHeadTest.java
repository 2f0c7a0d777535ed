package dev.sluice.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GaussianHeadTest {

  private static final GaussianHead HEAD = new GaussianHead("v", Linears.outputs(2));
  private static final double MOST_SURPRISE = 12 * Math.log(10) + 20;

  /** Quantiles from tables of the normal distribution (Abramowitz and Stegun, table 26.5). */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.6744898",
    "0.6827, 1.0000217",
    "0.8, 1.2815516",
    "0.9, 1.6448536",
    "0.95, 1.9599640",
    "0.99, 2.5758293",
    "0.999, 3.2905267",
    "0.9999, 3.8905919",
    "0.999999, 4.8916385",
    "0.9999999, 5.3267239",
    "0.99999999, 5.7307289",
    "0.999999999999, 7.1305068",
    "1e-6, 0.0000012533"
  })
  void theIntervalReachesAsFarAsTheTablesSay(double interval, double deviations) {
    var judgement = new Judgement(interval);
    HEAD.expect(new float[] {9, 3, 0}, 1, judgement);
    assertThat(judgement.expected()).isEqualTo(3);
    assertThat(judgement.high()).isCloseTo(3 + deviations, within(1e-4));
    assertThat(judgement.low()).isCloseTo(3 - deviations, within(1e-4));
  }

  @Test
  void theIntervalGrowsWithItsMass() {
    double before = 0;
    for (double mass = 0.01; mass < 1; mass += 0.01) {
      double reach = new Judgement(mass).reach;
      assertThat(reach).isGreaterThan(before);
      assertThat(massWithin(reach)).isCloseTo(mass, within(1e-9));
      before = reach;
    }
    for (int digits = 3; digits <= 15; digits++) {
      double reach = new Judgement(1 - Math.pow(10, -digits)).reach;
      assertThat(reach).isGreaterThan(before).isLessThan(8.3);
      before = reach;
    }
  }

  /** The bell curve summed by Simpson's rule. */
  private static double massWithin(double x) {
    int steps = 1000;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double weight = i == 0 || i == steps ? 1 : i % 2 == 0 ? 2 : 4;
      double t = x * i / steps;
      sum += weight * Math.exp(-t * t / 2);
    }
    return 2 * sum * x / steps / 3 / Math.sqrt(2 * Math.PI);
  }

  @Test
  void surpriseIsMinusTheLogarithmOfTheDensity() {
    var random = new Random(1);
    var judgement = new Judgement(0.9);
    for (int i = 0; i < 1_000; i++) {
      float mean = (float) random.nextGaussian();
      float log = (float) (6 * (2 * random.nextDouble() - 1));
      double value = mean + Math.exp(log) * random.nextGaussian();
      double deviation = Math.exp(log);
      double density =
          Math.exp(-0.5 * Math.pow((value - mean) / deviation, 2))
              / (deviation * Math.sqrt(2 * Math.PI));
      HEAD.judge(new float[] {mean, log}, 0, value, judgement);
      assertThat(judgement.surprise()).isCloseTo(-Math.log(density), within(1e-9));
      assertThat(judgement.expected()).isEqualTo(mean);
    }
  }

  @Test
  void atTheMeanOfAStandardGaussianTheSurpriseIsHalfTheLogarithmOfTwoPi() {
    var judgement = new Judgement(0.9);
    HEAD.judge(new float[] {0, 0}, 0, 0, judgement);
    assertThat(judgement.surprise()).isCloseTo(0.918938533204673, within(1e-15));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e3, 1e30, -1e30, 1e300})
  void surpriseHasALimitSoThatOneGlitchIsNoRecordForEver(double value) {
    var judgement = new Judgement(0.9);
    for (float log : new float[] {0, 3, -100}) {
      HEAD.judge(new float[] {0, log}, 0, value, judgement);
      assertThat(judgement.surprise()).isCloseTo(MOST_SURPRISE, within(1e-12));
      assertThat(judgement.isFinite()).isTrue();
    }
  }

  @Test
  void theLogarithmOfTheDeviationIsHeldWithinSeven() {
    var judgement = new Judgement(0.9);
    HEAD.expect(new float[] {0, 100}, 0, judgement);
    assertThat(judgement.high()).isCloseTo(1.6448536 * Math.exp(7), within(1e-3));
    HEAD.expect(new float[] {0, -100}, 0, judgement);
    assertThat(judgement.high()).isCloseTo(1.6448536 * Math.exp(-7), within(1e-9));
    HEAD.judge(new float[] {0, -100}, 0, 0, judgement);
    assertThat(judgement.surprise()).isCloseTo(-7 + 0.918938533204673, within(1e-12));
  }

  @Test
  void outputsThatAreNoNumbersAreSeen() {
    var judgement = new Judgement(0.9);
    float nan = Float.NaN;
    float infinite = Float.POSITIVE_INFINITY;
    for (float[] outputs : new float[][] {{nan, 0}, {0, nan}, {infinite, 0}, {-infinite, 0}}) {
      HEAD.judge(outputs, 0, 1, judgement);
      assertThat(judgement.isFinite()).isFalse();
      // Where the value is missing, too.
      HEAD.expect(outputs, 0, judgement);
      assertThat(judgement.isFinite()).isFalse();
    }
    HEAD.judge(new float[] {0, 0}, 0, 1, judgement);
    assertThat(judgement.isFinite()).isTrue();
  }

  @Test
  void aGaussianHasTwoOutputs() {
    assertThatThrownBy(() -> new GaussianHead("v", Linears.outputs(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("head: 3 outputs, a Gaussian has 2");
    assertThat(HEAD.isSoftmax()).isFalse();
    assertThat(HEAD.field()).isEqualTo("v");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.1, Double.NaN})
  void anIntervalHoldsMoreThanNothingAndLessThanAll(double interval) {
    assertThatThrownBy(() -> new Judgement(interval))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an interval of " + interval + " is not in (0, 1)");
  }
}
