package dev.sluice.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunningScaleTest {

  /** Where the scale begins in the statistics: what is before it belongs to others. */
  private static final int AT = 2;

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "2, 100, 5", "3, -1e6, 1e4", "4, 0, 1e-6", "5, 1e25, 1e24"})
  void whileNothingIsForgottenItIsTheMeanAndDeviationOfAll(long seed, double middle, double width) {
    var random = new Random(seed);
    double[] values = new double[RunningScale.WINDOW];
    double[] stats = new double[AT + RunningScale.SIZE];
    for (int n = 0; n < values.length; n++) {
      // Uniform: no value is further out than 1.8 deviations, so that none is clipped.
      values[n] = middle + width * (2 * random.nextDouble() - 1);
      RunningScale.learn(stats, AT, values[n]);
      if (n > 0 && (n < 50 || n % 500 == 499)) {
        assertIsTwoPass(Arrays.copyOf(values, n + 1), stats);
      }
    }
    assertThat(stats[0]).isZero();
    assertThat(stats[1]).isZero();
  }

  private static void assertIsTwoPass(double[] values, double[] stats) {
    double mean = DoubleStream.of(values).sum() / values.length;
    double variance =
        DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).sum() / values.length;
    double deviation = Math.sqrt(variance);
    assertThat(stats[AT]).isEqualTo(values.length);
    // Each of n updates rounds at the size of the values; u = 2^-53.
    double largest = DoubleStream.of(values).map(Math::abs).max().orElseThrow();
    double rounding = 4 * values.length * 0x1p-53 * largest;
    assertThat(RunningScale.mean(stats, AT, 0)).isCloseTo(mean, within(rounding));
    assertThat(RunningScale.deviation(stats, AT))
        .isCloseTo(deviation, within(rounding + deviation * 1e-12));
  }

  @Test
  void beforeTheFirstValueTheMeanIsTheValueAtHand() {
    double[] stats = new double[RunningScale.SIZE];
    assertThat(RunningScale.mean(stats, 0, 12.5)).isEqualTo(12.5);
    assertThat(RunningScale.deviation(stats, 0)).isEqualTo(1e-100);
    RunningScale.learn(stats, 0, 12.5);
    assertThat(stats).containsExactly(1, 12.5, 0, 0);
    assertThat(RunningScale.mean(stats, 0, 99)).isEqualTo(12.5);
  }

  @Test
  void aConstantSeriesHasNextToNoDeviationUntilItMoves() {
    double[] stats = new double[RunningScale.SIZE];
    for (int i = 0; i < 100; i++) {
      RunningScale.learn(stats, 0, -250);
    }
    assertThat(stats).containsExactly(100, -250, 0, 0);
    assertThat(RunningScale.deviation(stats, 0)).isEqualTo(1e-100);
    assertThat(RunningScale.rounding(stats, 0)).isZero();
    RunningScale.learn(stats, 0, -254);
    assertThat(stats[3]).isEqualTo(4);
    // A hundredth of the jump, which itself counts as eight of that.
    assertThat(RunningScale.deviation(stats, 0)).isCloseTo(0.04, within(1e-12));
    assertThat(stats[1]).isCloseTo(-250 - 0.32 / 101, within(1e-12));
    assertThat(RunningScale.rounding(stats, 0)).isEqualTo(4e-9);
  }

  /** Else every later value would be calm beside it. */
  @Test
  void oneAbsurdValueBlindsNoKey() {
    var random = new Random(1);
    double[] stats = new double[RunningScale.SIZE];
    for (int i = 0; i < 1000; i++) {
      RunningScale.learn(stats, 0, random.nextGaussian());
    }
    RunningScale.learn(stats, 0, 1e30);
    assertThat(RunningScale.deviation(stats, 0)).isBetween(0.9, 1.1);
  }

  @ParameterizedTest
  @CsvSource({"1, 1.8, 32", "2, 1e-6, 5", "3, 1e9, -1e12"})
  void anotherUnitOrAnotherZeroMakesNoDifference(long seed, double factor, double level) {
    var random = new Random(seed);
    double[] plain = new double[RunningScale.SIZE];
    double[] mapped = new double[RunningScale.SIZE];
    for (int i = 0; i < 10_000; i++) {
      // Calm for long, with jumps.
      double value = random.nextInt(500) == 0 ? random.nextGaussian() : i / 1000;
      double other = factor * value + level;
      assertThat(inDeviations(other, mapped)).isCloseTo(inDeviations(value, plain), within(1e-5));
      RunningScale.learn(plain, 0, value);
      RunningScale.learn(mapped, 0, other);
    }
  }

  /** Cut off where inputs are. */
  private static double inDeviations(double value, double[] stats) {
    double distance = value - RunningScale.mean(stats, 0, value);
    boolean isRounding = Math.abs(distance) <= RunningScale.rounding(stats, 0);
    double deviations = isRounding ? 0 : distance / RunningScale.deviation(stats, 0);
    return Math.max(-8, Math.min(8, deviations));
  }

  @Test
  void fromTheThirtyFirstOnAValueCountsAsEightDeviationsAtMost() {
    double[] stats = new double[RunningScale.SIZE];
    for (int i = 0; i < 30; i++) {
      RunningScale.learn(stats, 0, i % 2 == 0 ? -1 : 1);
    }
    // Mean 0, deviation 1. The absurd value counts as 8.
    RunningScale.learn(stats, 0, 1e30);
    assertThat(stats[1]).isCloseTo(8.0 / 31, within(1e-15));
    // The variance of thirty ±1 and one 8 is Σv²/31 - mean².
    double variance = (30 + 64) / 31.0 - (8.0 / 31) * (8.0 / 31);
    assertThat(stats[2]).isCloseTo(variance, within(1e-14));
  }

  @Test
  void theThirtiethValueStillCountsInFull() {
    double[] stats = new double[RunningScale.SIZE];
    for (int i = 0; i < 29; i++) {
      RunningScale.learn(stats, 0, 1);
    }
    RunningScale.learn(stats, 0, -899);
    assertThat(stats[1]).isCloseTo(-29, within(1e-12));
  }

  @Test
  void beyondTheWindowTheOldFadesExponentially() {
    double[] stats = {RunningScale.WINDOW, 10, 4, 8};
    RunningScale.learn(stats, 0, 14);
    double weight = 1.0 / RunningScale.WINDOW;
    assertThat(stats[0]).isEqualTo(RunningScale.WINDOW);
    assertThat(stats[1]).isCloseTo(10 + weight * 4, within(1e-14));
    // The mixture of the old (weight 1 - w, mean 10, variance 4) and the point 14 (weight w).
    double mean = (1 - weight) * 10 + weight * 14;
    double square = (1 - weight) * (4 + 100) + weight * 14 * 14;
    assertThat(stats[2]).isCloseTo(square - mean * mean, within(1e-12));
    assertThat(stats[3]).isCloseTo(8 * (1 - weight), within(1e-14));
  }

  @Test
  void aKeyWhoseLevelMovesForGoodIsFollowed() {
    var random = new Random(1);
    double[] stats = new double[RunningScale.SIZE];
    for (int i = 0; i < 10_000; i++) {
      RunningScale.learn(stats, 0, random.nextGaussian());
    }
    for (int i = 0; i < 5 * RunningScale.WINDOW; i++) {
      RunningScale.learn(stats, 0, 500 + random.nextGaussian());
    }
    assertThat(RunningScale.mean(stats, 0, 0)).isCloseTo(500, within(10.0));
    for (int i = 0; i < 10 * RunningScale.WINDOW; i++) {
      RunningScale.learn(stats, 0, 500 + random.nextGaussian());
    }
    assertThat(RunningScale.deviation(stats, 0)).isBetween(0.5, 2.0);
  }

  @Test
  void theLargestValuesNeverMakeItInfinite() {
    var random = new Random(1);
    double[] stats = new double[RunningScale.SIZE];
    for (int i = 0; i < 10_000; i++) {
      RunningScale.learn(stats, 0, random.nextBoolean() ? 1e30 : -1e30);
      assertThat(stats[1]).isFinite();
      assertThat(RunningScale.deviation(stats, 0)).isFinite().isPositive();
    }
  }
}
