package dev.sluice.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScorerTest {

  private static final int AT = 2;
  private static final Calibration AT_ONCE = new Calibration(0.8, 0, 0);

  /** A key: a scorer and its statistics among those of others. */
  private static final class Key {
    final Scorer scorer;
    final double[] stats = new double[AT + Scorer.statsSize(1, 1) + 1];

    Key(Calibration calibration) {
      scorer = new Scorer(calibration, 1, 1);
    }

    double score(double surprise) {
      return scorer.score(new double[] {surprise}, new double[] {Double.NaN}, stats, AT);
    }

    /** Scores a value that is no surprise to the network. */
    double value(double value) {
      return scorer.score(new double[] {1}, new double[] {value}, stats, AT);
    }

    double score(double surprise, int times) {
      double last = 0;
      for (int i = 0; i < times; i++) {
        last = score(surprise);
      }
      return last;
    }
  }

  private static double logistic(double excess) {
    return 1 / (1 + Math.exp(-20 * excess));
  }

  @Test
  void theFirstSurpriseIsNoRecordBeaten() {
    assertThat(new Key(AT_ONCE).score(20)).isCloseTo(logistic(-1), within(1e-15));
  }

  @Test
  void theScoreIsTheExcessOverTheRecordInUnitsOfTheRange() {
    var key = new Key(AT_ONCE);
    // Fewer than eight events: only the records of single ones count. They are 3 and 1 after two.
    key.score(3);
    key.score(1);
    assertThat(key.score(3)).isCloseTo(logistic(0), within(1e-15));
    assertThat(key.score(2)).isCloseTo(logistic(-0.5), within(1e-15));
    assertThat(key.score(3.2)).isCloseTo(logistic(0.1), within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.5", "0.07, 0.8022", "0.15, 0.9526", "0.5, 0.99995"})
  void theScoreIsAHalfAtTheRecordAndFourFifthsSevenPercentOfTheRangeAboveIt(
      double excess, double score) {
    var key = new Key(AT_ONCE);
    // A flat history: the range is the least one, a quarter of a nat.
    key.score(2, 50);
    assertThat(key.score(2 + 0.25 * excess)).isCloseTo(score, within(1e-4));
  }

  @Test
  void aLastingRiseBeatsTheRecordOfAveragesWhereNoSingleEventDoes() {
    // Every tenth event is a 5, all others are 1. Then 4 comes again and again.
    var key = new Key(AT_ONCE);
    for (int i = 0; i < 200; i++) {
      key.score(i % 10 == 0 ? 5 : 1);
    }
    double highest = 0;
    for (int i = 0; i < 10; i++) {
      double score = key.score(4);
      highest = Math.max(highest, score);
      // A single 4 is ordinary.
      assertThat(score < 0.5).isEqualTo(i == 0);
    }
    assertThat(highest).isGreaterThan(0.9);
  }

  @Test
  void averagesForgetExponentiallyAndAreExactAtFirst() {
    var key = new Key(AT_ONCE);
    double[] surprises = {4, 1, 4, 2, 5, 3, 5, 1, 2, 5};
    double eight = 0;
    for (int n = 1; n <= surprises.length; n++) {
      key.score(surprises[n - 1]);
      eight =
          n <= 8
              ? Arrays.stream(surprises, 0, n).average().orElseThrow()
              : 0.875 * eight + 0.125 * surprises[n - 1];
    }
    double all = Arrays.stream(surprises).average().orElseThrow();
    // After the count and four of values: what is usual, then an average and a record of four for
    // each of 1, 8 and 40 events.
    assertThat(key.stats[AT]).isEqualTo(10);
    assertThat(key.stats[AT + 5]).isCloseTo(all, within(1e-12));
    assertThat(key.stats[AT + 6]).isEqualTo(5);
    assertThat(key.stats[AT + 11]).isCloseTo(eight, within(1e-12));
    assertThat(key.stats[AT + 16]).isCloseTo(all, within(1e-12));
    // What lies around is not touched.
    assertThat(key.stats[AT - 1]).isZero();
    assertThat(key.stats[AT + Scorer.statsSize(1, 1)]).isZero();
  }

  /** It must stay for a generation at least, and be gone after two. */
  @ParameterizedTest
  @CsvSource({
    "1, 19999, true",
    "9999, 19999, true",
    "9999, 20001, false",
    "10001, 29999, true",
    "10001, 30001, false"
  })
  void aRecordOfSurpriseStandsForOneToTwoGenerations(int setAt, int askedAt, boolean stands) {
    var key = new Key(AT_ONCE);
    for (int n = 1; n < askedAt; n++) {
      key.score(n == setAt ? 5 : n % 2);
    }
    assertThat(key.score(4) > 0.5).isEqualTo(!stands);
  }

  @Test
  void aValueOutsideTheRangeSoFarIsNewsHoweverExpectedItWas() {
    var key = new Key(AT_ONCE);
    for (int n = 0; n < 300; n++) {
      key.value(n % 11);
    }
    assertThat(key.value(10)).isEqualTo(0.5);
    // A tenth of the range above, then a tenth of the new range below: five times as much as a
    // surprise that far beyond its record.
    assertThat(key.value(11)).isCloseTo(logistic(0.5), within(1e-12));
    assertThat(key.value(-2.2)).isCloseTo(logistic(1), within(1e-9));
  }

  @Test
  void aKeyThatNeverMovedIsHeardWhenItDoes() {
    for (double still : new double[] {0, 1e9, -7.25}) {
      var key = new Key(AT_ONCE);
      for (int n = 0; n < 200; n++) {
        key.value(still);
      }
      // Rounding is no move.
      assertThat(key.value(still * (1 + 1e-15))).isEqualTo(0.5);
      assertThat(key.value(still + 0.5)).isGreaterThan(0.999);
    }
  }

  @Test
  void theRangeOfValuesStandsForOneToTwoGenerations() {
    var key = new Key(AT_ONCE);
    for (int n = 1; n <= 4_000; n++) {
      key.value(n == 3_000 ? 100 : n % 10);
    }
    for (int n = 4_001; n < 8_000; n++) {
      assertThat(key.value(n % 10)).isLessThanOrEqualTo(0.5);
    }
    assertThat(key.value(50)).isEqualTo(0.5);
    for (int n = 8_001; n < 12_001; n++) {
      key.value(n % 10);
    }
    assertThat(key.value(60)).isGreaterThan(0.99);
  }

  @Test
  void aRecordIsNotBeatenByItself() {
    var key = new Key(AT_ONCE);
    key.score(1, 4000);
    assertThat(key.score(5)).isGreaterThan(0.99);
    key.score(1, 1000);
    assertThat(key.score(5)).isCloseTo(0.5, within(1e-9));
  }

  /** Nothing but the order of values and the ratios of their distances counts. */
  @ParameterizedTest
  @CsvSource({"2, 100", "0.001, -5", "1e6, 1e6", "0.5, 1000"})
  void valuesInAnotherUnitHaveTheSameScores(double factor, double level) {
    var plain = new Key(AT_ONCE);
    var mapped = new Key(AT_ONCE);
    var random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      double value = random.nextGaussian() * (random.nextInt(500) == 0 ? 4 : 1);
      double expected = plain.value(value);
      assertThat(mapped.value(factor * value + level)).isCloseTo(expected, within(1e-6));
    }
  }

  /** A key that is harder to foretell by any number of nats has the same scores. */
  @ParameterizedTest
  @CsvSource({"1, 2", "2, -50", "3, 20", "4, 1e6"})
  void oneThresholdServesKeysOfAnyNoise(long seed, double level) {
    var calm = new Key(AT_ONCE);
    var wild = new Key(AT_ONCE);
    var random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      // Exponentially distributed, as minus the logarithms of probabilities are; some much larger.
      double surprise = -3 * Math.log(1 - random.nextDouble());
      surprise *= random.nextInt(1_000) == 0 ? 5 : 1;
      double expected = calm.score(surprise);
      double score = wild.score(surprise + level);
      // The first events' range is the least one, which is the same for all keys.
      if (i > 100) {
        assertThat(score).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void whateverComesTheScoreIsFromZeroToOne() {
    var random = new Random(1);
    double[] extremes = {0, -0.0, -6.1, 27.6, 1e300, -1e300, 5e-324};
    for (int run = 0; run < 20; run++) {
      var key = new Key(AT_ONCE);
      for (int i = 0; i < 500; i++) {
        double score = key.score(extremes[random.nextInt(run < 10 ? 4 : 7)]);
        assertThat(score).isBetween(0.0, 1.0);
      }
    }
  }

  /** However absurd one event is, the next strange one is news again a generation later. */
  @Test
  void anAbsurdSurpriseSetsNoRecordOutOfReach() {
    var key = new Key(AT_ONCE);
    for (int i = 0; i < 100; i++) {
      key.score(i % 2);
    }
    assertThat(key.score(4)).isGreaterThan(0.99);
    assertThat(key.score(1e6)).isGreaterThan(0.99);
    double usual = key.stats[AT + 5];
    assertThat(usual).isBetween(0.5, 0.7);
    assertThat(key.stats[AT + 6]).isLessThan(5.6);
  }

  @Test
  void aKeyWarmsUpForSoManyEvents() {
    var key = new Key(new Calibration(0.8, 60, 0));
    for (int n = 1; n <= 120; n++) {
      double score = key.score(n % 30 == 0 ? 2 + n / 30 : 1);
      boolean high = n % 30 == 0;
      assertThat(score > 0.8).as("score of event %d", n).isEqualTo(high && n > 21);
      assertThat(key.scorer.isWarmingUp(key.stats, AT)).isEqualTo(n <= 60);
    }
  }

  @Test
  void withoutWarmUpTheFirstEventIsWarm() {
    var key = new Key(AT_ONCE);
    key.score(1);
    assertThat(key.scorer.isWarmingUp(key.stats, AT)).isFalse();
    assertThat(key.score(2)).isGreaterThan(0.8);
  }

  /** Against the same key whose first surprises were ordinary. */
  @Test
  void aWildStartDoesNotSilenceTheKeyAfterItsWarmUp() {
    var key = new Key(new Calibration(0.8, 90, 0));
    var calm = new Key(new Calibration(0.8, 90, 0));
    var random = new Random(1);
    for (int i = 0; i < 100; i++) {
      double surprise = -Math.log(1 - random.nextDouble()) / 2;
      key.score(i < 8 ? 27.6 : surprise);
      calm.score(surprise);
    }
    assertThat(key.score(15)).isCloseTo(calm.score(15), within(1e-12)).isGreaterThan(0.8);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN})
  void aThresholdIsAboveZeroAndUpToOne(double threshold) {
    assertThatThrownBy(() -> new Calibration(threshold, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threshold " + threshold + " is not in (0, 1]");
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "0, -1", "1000001, 0", "0, 1000001"})
  void warmUpAndQuietAreNumbersOfEvents(int warmUp, int quiet) {
    assertThatThrownBy(() -> new Calibration(0.5, warmUp, quiet))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("warmUp " + warmUp + " and quiet " + quiet + " must be from 0 to 1000000");
  }
}
