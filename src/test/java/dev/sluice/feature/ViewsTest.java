package dev.sluice.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.event.Event;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a value is measured by beside the key's mean and deviation. */
final class ViewsTest {

  private static final long HOUR = 3_600_000;

  private static final Feature SEEN =
      new Feature.Number(
          "a", new Scaling.PerKey(List.of(Scaling.View.RANGE, Scaling.View.DAY)), true);

  private static Encoder encoder(Feature feature) {
    return new Encoder(new FeatureSpec(List.of(feature)), Events.SCHEMA);
  }

  private static Event event(long timeMillis, double value) {
    return Events.event(timeMillis, value, 0, "");
  }

  @Test
  void everyViewIsAnInputAndTheMissingFlagComesLast() {
    Encoder encoder = encoder(SEEN);
    double[] stats = new double[encoder.statsSize()];
    encoder.learn(event(0, 10), stats, 0);
    encoder.learn(event(HOUR, 20), stats, 0);
    float[] inputs = new float[encoder.width()];
    encoder.encode(event(2 * HOUR, 25), stats, 0, inputs);
    // Mean 15 and deviation 5; range 10 to 20; at this hour nothing is usual yet but the mean.
    assertThat(inputs).containsExactly(2, 2, 2, 0);
    encoder.encode(event(HOUR, Double.NaN), stats, 0, inputs);
    assertThat(inputs).containsExactly(0, 0, 0, 1);
  }

  @Test
  void theRangeIsThatOfTheFirstValues() {
    Encoder encoder = encoder(SEEN);
    double[] stats = new double[encoder.statsSize()];
    for (int i = 0; i < RangeScale.SETTLED; i++) {
      encoder.learn(event(0, i % 5 - 1), stats, 0);
    }
    encoder.learn(event(0, 1e6), stats, 0);
    assertThat(encoder.scaled(0, 1, event(0, -1), stats, 0)).isEqualTo(-1);
    assertThat(encoder.scaled(0, 1, event(0, 3), stats, 0)).isEqualTo(1);
    assertThat(encoder.scaled(0, 1, event(0, 7), stats, 0)).isEqualTo(3);
  }

  @Test
  void aKeyIsMeasuredByItsOwnDay() {
    Encoder encoder = encoder(SEEN);
    double[] stats = new double[encoder.statsSize()];
    var random = new Random(1);
    for (int i = 0; i < 24 * 30; i++) {
      // Before 1970, too, a day has 24 hours.
      long time = (i - 200) * HOUR;
      double usual = Math.floorMod(i - 200, 24) == 9 ? 100 : 10;
      encoder.learn(event(time, usual + random.nextGaussian()), stats, 0);
    }
    long later = 24 * 100 * HOUR;
    assertThat(encoder.mean(0, 2, event(later + 9 * HOUR, 0), stats, 0)).isCloseTo(100, within(1.));
    assertThat(encoder.mean(0, 2, event(later + 10 * HOUR, 0), stats, 0)).isCloseTo(10, within(1.));
    assertThat(encoder.deviation(0, 2, stats, 0)).isBetween(0.8, 1.3);
    // By its mean and deviation neither is anything.
    assertThat(Math.abs(encoder.scaled(0, 0, event(later + 10 * HOUR, 100), stats, 0)))
        .isLessThan(6);
    assertThat(encoder.scaled(0, 2, event(later + 10 * HOUR, 100), stats, 0)).isGreaterThan(50);
  }

  @Test
  void oneAbsurdValueMovesNoHourFar() {
    double[] stats = new double[DayScale.SIZE];
    for (int i = 0; i < 100; i++) {
      DayScale.learn(stats, 0, 0, i % 2, 0.5);
    }
    DayScale.learn(stats, 0, 0, 1e9, 0.5);
    assertThat(DayScale.mean(stats, 0, 0, 0)).isBetween(0.4, 0.7);
    assertThat(DayScale.deviation(stats, 0, 0.5)).isLessThan(1);
  }

  /** Values in another unit, from another day of another week, are the same to every view. */
  @ParameterizedTest
  @CsvSource({"1, 2, 0, 1", "3, 1e6, 0, 52", "4, 1.8, 32, -9", "5, 1e-3, 50, 7"})
  void anotherUnitAndAnotherWeekMakeNoDifference(
      long seed, double factor, double level, int weeks) {
    Encoder encoder = encoder(SEEN);
    double[] plain = new double[encoder.statsSize()];
    double[] mapped = new double[encoder.statsSize()];
    var random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      long time = i * HOUR / 3;
      double value = random.nextGaussian() * (random.nextInt(100) == 0 ? 30 : 1);
      Event one = event(time, value);
      Event other = event(time + weeks * 168 * HOUR, factor * value + level);
      for (int view = 0; view < 3; view++) {
        double expected = cut(encoder.scaled(0, view, one, plain, 0));
        assertThat(cut(encoder.scaled(0, view, other, mapped, 0)))
            .isCloseTo(expected, within(1e-6));
      }
      encoder.learn(one, plain, 0);
      encoder.learn(other, mapped, 0);
    }
  }

  /** As inputs are. */
  private static double cut(double scaled) {
    return Math.max(-8, Math.min(8, scaled));
  }

  @Test
  void aConstantHasViewsOfZero() {
    Encoder encoder = encoder(SEEN);
    double[] stats = new double[encoder.statsSize()];
    for (int i = 0; i < 1000; i++) {
      Event event = event(i * HOUR, 1e7);
      for (int view = 0; view < 3; view++) {
        assertThat(encoder.scaled(0, view, event, stats, 0)).isZero();
      }
      encoder.learn(event, stats, 0);
    }
    for (int view = 0; view < 3; view++) {
      assertThat(encoder.scaled(0, view, event(0, 2e7), stats, 0)).isGreaterThan(8).isFinite();
    }
  }

  @Test
  void aViewStandsOnce() {
    assertThatThrownBy(() -> new Scaling.PerKey(List.of(Scaling.View.DAY, Scaling.View.DAY)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a view stands twice in [DAY, DAY]");
  }

  @Test
  void foreseeingTakesTheRangeAndNothingElse() {
    Encoder encoder = encoder(SEEN);
    double[] stats = new double[encoder.statsSize()];
    encoder.foresee(event(0, 10), stats, 0);
    encoder.foresee(event(0, 30), stats, 0);
    encoder.foresee(event(0, Double.NaN), stats, 0);
    assertThat(encoder.scaled(0, 1, event(0, 30), stats, 0)).isEqualTo(1);
    assertThat(Encoder.eventsSeen(stats, 0)).isZero();
    assertThat(encoder.mean(0, 0, event(0, 7), stats, 0)).isEqualTo(7);
  }
}
