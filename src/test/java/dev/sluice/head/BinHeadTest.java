package dev.sluice.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BinHeadTest {

  /** Where the outputs begin in the array: what is before them belongs to others. */
  private static final int AT = 3;

  /** Ten bins of width 1 from 0 to 10. */
  private static final Bins TEN = new Bins(0, 10, 10);

  private static final BinHead HEAD = new BinHead("v", Linears.outputs(10), TEN);

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.999, 0",
    "1, 1",
    "9.999, 9",
    "10, 9",
    "1e30, 9",
    "-1e-9, 0",
    "-1e30, 0",
    "Infinity, 9",
    "-Infinity, 0"
  })
  void theOuterBinsReachToInfinity(double value, int bin) {
    assertThat(TEN.of(value)).isEqualTo(bin);
  }

  /** Two peaks, 1 to 3 and 7 to 8, hold 0.85; the rest is thin. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.8, 1",
    "2.2, 0.8, 2.2",
    "4.9, 0.8, 3",
    "5.1, 0.8, 7",
    "7.5, 0.8, 7.5",
    "99, 0.8, 8",
    "-99, 0.8, 1",
    "8.4, 0.99, 8.4",
    "12, 0.99, 10",
    "5.1, 0.3, 3"
  })
  void theNearestNormalValueIsInTheLikeliestBins(double came, double interval, double nearest) {
    float[] outputs = new float[AT + 10];
    for (int bin = 0; bin < 10; bin++) {
      outputs[AT + bin] = 0.15f / 7;
    }
    outputs[AT + 1] = 0.3f;
    outputs[AT + 2] = 0.35f;
    outputs[AT + 7] = 0.2f;
    double found = HEAD.nearestNormal(outputs, AT, came, new Judgement(interval));
    assertThat(found).isCloseTo(nearest, within(1e-12));
  }

  @Test
  void edgesAreWhereTheBinsMeet() {
    var bins = new Bins(-1, 1, 8);
    assertThat(bins.width()).isEqualTo(0.25);
    assertThat(bins.edge(0)).isEqualTo(-1);
    assertThat(bins.edge(4)).isEqualTo(0);
    assertThat(bins.edge(8)).isEqualTo(1);
    for (int bin = 0; bin < 8; bin++) {
      assertThat(bins.of(bins.edge(bin + 0.5))).isEqualTo(bin);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-100, 0, 0.5, 1.5, 4.2, 8.7, 9.5, 10, 1e30})
  void theTargetOfTrainingIsAGaussianOfOneBin(double value) {
    float[] target = new float[AT + 10];
    HEAD.spread(value, target, AT);
    double[] expected = neighbours(TEN.of(value), 10);
    double sum = 0;
    for (int bin = 0; bin < 10; bin++) {
      assertThat((double) target[AT + bin]).isCloseTo(expected[bin], within(1e-7));
      sum += target[AT + bin];
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
    assertThat(target[AT - 1]).isZero();
  }

  /**
   * The weights by their definition: e^(-d²/2) for distances up to three, beyond the end inside.
   */
  private static double[] neighbours(int middle, int count) {
    double[] weights = new double[count];
    double sum = 0;
    for (int distance = -3; distance <= 3; distance++) {
      sum += Math.exp(-distance * distance / 2.0);
    }
    for (int distance = -3; distance <= 3; distance++) {
      int bin = Math.max(0, Math.min(count - 1, middle + distance));
      weights[bin] += Math.exp(-distance * distance / 2.0) / sum;
    }
    return weights;
  }

  @Test
  void surpriseIsMinusTheLogarithmOfTheProbabilityAroundTheValue() {
    var random = new Random(1);
    var judgement = new Judgement(0.9);
    for (int round = 0; round < 200; round++) {
      float[] outputs = distribution(random, 10);
      double value = random.nextDouble() * 14 - 2;
      HEAD.judge(outputs, AT, value, judgement);
      double[] weights = neighbours(TEN.of(value), 10);
      double outside = Math.max(0, Math.max(-value, value - 10));
      double probability = 0;
      for (int bin = 0; bin < 10; bin++) {
        probability += weights[bin] * outputs[AT + bin];
      }
      assertThat(judgement.surprise())
          .isCloseTo(-Math.log(probability) + outside / 4, within(1e-12));
      assertThat(judgement.isFinite()).isTrue();
    }
  }

  @Test
  void surpriseGrowsWithTheDistanceFromWhatWasCertain() {
    float[] outputs = new float[AT + 10];
    outputs[AT + 5] = 1;
    var judgement = new Judgement(0.9);
    double before = -1;
    for (double value : new double[] {5.5, 6.5, 7.5, 8.5}) {
      HEAD.judge(outputs, AT, value, judgement);
      assertThat(judgement.surprise()).isGreaterThan(before);
      before = judgement.surprise();
    }
    // Four bins away there is no weight left: 10^-12 stands for it.
    HEAD.judge(outputs, AT, 9.5, judgement);
    assertThat(judgement.surprise()).isCloseTo(12 * Math.log(10), within(1e-12));
  }

  @Test
  void beyondTheOuterEdgesSurpriseGrowsByANatForFourBins() {
    float[] outputs = new float[AT + 10];
    java.util.Arrays.fill(outputs, AT, AT + 10, 0.1f);
    var judgement = new Judgement(0.9);
    double[][] distances = {{0, 0}, {4, 1}, {40, 10}, {80, 20}, {81, 20}, {1e30, 20}};
    for (double[] distance : distances) {
      for (double value : new double[] {-distance[0], 10 + distance[0]}) {
        HEAD.judge(outputs, AT, value, judgement);
        assertThat(judgement.surprise()).isCloseTo(Math.log(10) + distance[1], within(1e-6));
      }
    }
  }

  @Test
  void aUniformDistributionHasTheQuantilesOfARuler() {
    float[] outputs = new float[AT + 10];
    java.util.Arrays.fill(outputs, AT, AT + 10, 0.1f);
    var judgement = new Judgement(0.9);
    HEAD.expect(outputs, AT, judgement);
    assertThat(judgement.expected()).isCloseTo(5, within(1e-6));
    assertThat(judgement.low()).isCloseTo(0.5, within(1e-6));
    assertThat(judgement.high()).isCloseTo(9.5, within(1e-6));
    assertThat(judgement.surprise()).isZero();
  }

  @Test
  void theMedianIsWhereHalfOfTheMassIsBelow() {
    float[] outputs = new float[AT + 10];
    outputs[AT + 1] = 0.25f;
    outputs[AT + 4] = 0.5f;
    outputs[AT + 9] = 0.25f;
    assertThat(HEAD.median(outputs, AT)).isEqualTo(4.5);
    outputs[AT + 1] = 0;
    // All the rest may be too little, by rounding.
    outputs[AT + 4] = 0.25f;
    outputs[AT + 9] = 0.2499f;
    assertThat(HEAD.median(outputs, AT)).isEqualTo(10);
  }

  @Test
  void certaintyIsTheMiddleOfItsBin() {
    float[] outputs = new float[AT + 10];
    outputs[AT + 7] = 1;
    var judgement = new Judgement(0.5);
    HEAD.expect(outputs, AT, judgement);
    assertThat(judgement.expected()).isEqualTo(7.5);
    assertThat(judgement.low()).isEqualTo(7.25);
    assertThat(judgement.high()).isEqualTo(7.75);
  }

  @Test
  void twoPeaksHaveAnIntervalFromOneToTheOther() {
    float[] outputs = new float[AT + 10];
    outputs[AT + 1] = 0.5f;
    outputs[AT + 8] = 0.5f;
    var judgement = new Judgement(0.8);
    HEAD.expect(outputs, AT, judgement);
    assertThat(judgement.expected()).isEqualTo(5);
    assertThat(judgement.low()).isCloseTo(1.2, within(1e-12));
    assertThat(judgement.high()).isCloseTo(8.8, within(1e-12));
  }

  /** Against a search by small steps through the cumulated distribution. */
  @Test
  void theIntervalHoldsTheMassItSays() {
    var random = new Random(2);
    for (double interval : new double[] {0.1, 0.5, 0.9, 0.99}) {
      var judgement = new Judgement(interval);
      for (int round = 0; round < 50; round++) {
        float[] outputs = distribution(random, 10);
        HEAD.expect(outputs, AT, judgement);
        double held = below(outputs, judgement.high()) - below(outputs, judgement.low());
        assertThat(held).isCloseTo(interval, within(1e-6));
        assertThat(below(outputs, judgement.low())).isCloseTo((1 - interval) / 2, within(1e-6));
      }
    }
  }

  private static double below(float[] outputs, double value) {
    double mass = 0;
    for (int bin = 0; bin < 10; bin++) {
      mass += outputs[AT + bin] * Math.max(0, Math.min(1, value - bin));
    }
    return mass;
  }

  @Test
  void theIntervalStaysOnTheAxisHoweverTheProbabilitiesWereRounded() {
    float[] outputs = new float[AT + 10];
    for (float mass : new float[] {0.09999f, 0.10001f}) {
      java.util.Arrays.fill(outputs, AT, AT + 10, mass);
      var judgement = new Judgement(0.99999);
      HEAD.expect(outputs, AT, judgement);
      assertThat(judgement.low()).isBetween(0.0, 0.001);
      assertThat(judgement.high()).isBetween(9.99, 10.0);
    }
  }

  @Test
  void probabilitiesThatAreNoNumbersAreSeen() {
    var judgement = new Judgement(0.9);
    float[] outputs = distribution(new Random(3), 10);
    outputs[AT + 9] = Float.NaN;
    // Far from the value that came, and still the answer cannot be trusted.
    HEAD.judge(outputs, AT, 0.5, judgement);
    assertThat(judgement.isFinite()).isFalse();
    HEAD.expect(outputs, AT, judgement);
    assertThat(judgement.isFinite()).isFalse();
    outputs[AT + 9] = 0.1f;
    HEAD.judge(outputs, AT, 0.5, judgement);
    assertThat(judgement.isFinite()).isTrue();
  }

  @Test
  void binsHaveANumberAndAWidth() {
    assertThatThrownBy(() -> new Bins(0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 bins, from 2 to 1024 can be");
    assertThatThrownBy(() -> new Bins(0, 1, 1025)).hasMessage("1025 bins, from 2 to 1024 can be");
    assertThatThrownBy(() -> new Bins(1, 1, 4)).hasMessage("bins from 1.0 to 1.0 have no width");
    assertThatThrownBy(() -> new Bins(Double.NaN, 1, 4)).hasMessageContaining("no width");
    assertThatThrownBy(() -> new Bins(0, Double.POSITIVE_INFINITY, 4))
        .hasMessageContaining("no width");
    assertThatThrownBy(() -> new BinHead("v", Linears.outputs(9), TEN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("head: 9 outputs for 10 bins");
  }

  private static float[] distribution(Random random, int bins) {
    float[] outputs = new float[AT + bins];
    double sum = 0;
    for (int bin = 0; bin < bins; bin++) {
      outputs[AT + bin] = (float) Math.exp(3 * random.nextGaussian());
      sum += outputs[AT + bin];
    }
    for (int bin = 0; bin < bins; bin++) {
      outputs[AT + bin] /= (float) sum;
    }
    return outputs;
  }
}
