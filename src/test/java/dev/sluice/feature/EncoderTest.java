package dev.sluice.feature;

import static dev.sluice.feature.Events.SCHEMA;
import static dev.sluice.feature.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.event.Event;
import dev.sluice.text.Vocabulary;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EncoderTest {

  private static final Feature LEARNED = new Feature.Number("a", new Scaling.Learned(20, 4), false);
  private static final Feature PER_KEY = new Feature.Number("a", new Scaling.PerKey(), false);
  private static final Feature OPTIONAL = new Feature.Number("b", new Scaling.Learned(20, 4), true);

  @ParameterizedTest
  @CsvSource({"20, 0", "24, 1", "14, -1.5", "52, 8", "53, 8", "1e30, 8", "-1e30, -8", "-12, -8"})
  void aLearnedScaleCountsDeviationsFromTheMeanUpToEight(double value, float input) {
    assertThat(encode(LEARNED, value, 0)).containsExactly(input);
  }

  @Test
  void anOptionalNumberSaysWhetherItIsMissing() {
    assertThat(encode(OPTIONAL, Double.NaN, 24)).containsExactly(1, 0);
    assertThat(encode(OPTIONAL, Double.NaN, Double.NaN)).containsExactly(0, 1);
  }

  @Test
  void aWordBecomesItsRowOfTheTable() {
    var words = new Vocabulary(List.of("<unknown>", "ok", "bad"));
    float[] table = {1, 2, 3, 4, 5, 6};
    var encoder = encoder(LEARNED, new Feature.Category("w", words, 2, table), OPTIONAL);
    float[] inputs = new float[5];
    double[] stats = new double[encoder.statsSize()];
    encoder.encode(event(0, 24, 16, "bad"), stats, 0, inputs);
    assertThat(inputs).containsExactly(1, 5, 6, -1, 0);
    encoder.encode(event(0, 24, 16, "ok"), stats, 0, inputs);
    assertThat(inputs).containsExactly(1, 3, 4, -1, 0);
    for (String word : new String[] {"new", null}) {
      Event event = event(0, 24, 16, word);
      encoder.encode(event, stats, 0, inputs);
      assertThat(inputs).containsExactly(1, 1, 2, -1, 0);
      assertThat(encoder.categoryId(1, event)).isZero();
      assertThat(encoder.word(1, event)).isEqualTo(word);
    }
  }

  @Test
  void theTimeOfDayIsTheHandOfAClockOfTwentyFourHours() {
    var random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      long millis = random.nextLong(-4_000_000_000_000L, 8_000_000_000_000L);
      OffsetDateTime time = Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
      double turn = time.toLocalTime().toNanoOfDay() / 86_400e9;
      assertOnCircle(encodeTime(Feature.Kind.OF_DAY, millis), turn);
    }
  }

  @Test
  void theTimeOfWeekBeginsOnMonday() {
    var random = new Random(2);
    for (int i = 0; i < 1_000; i++) {
      long millis = random.nextLong(-4_000_000_000_000L, 8_000_000_000_000L);
      OffsetDateTime time = Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
      var monday =
          time.toLocalDate()
              .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
              .atStartOfDay();
      double turn = Duration.between(monday, time.toLocalDateTime()).toMillis() / (7 * 86_400e3);
      assertOnCircle(encodeTime(Feature.Kind.OF_WEEK, millis), turn);
    }
  }

  private static void assertOnCircle(float[] inputs, double turn) {
    // Rounding to float, and that of a turn that was found by another way.
    assertThat((double) inputs[0]).isCloseTo(Math.sin(2 * Math.PI * turn), within(1e-7));
    assertThat((double) inputs[1]).isCloseTo(Math.cos(2 * Math.PI * turn), within(1e-7));
  }

  @Test
  void timesOnTheQuarterHaveSinesAndCosinesThatAreKnown() {
    assertThat(encodeTime(Feature.Kind.OF_DAY, 0)).containsExactly(0, 1);
    float[] six = encodeTime(Feature.Kind.OF_DAY, Duration.ofHours(6).toMillis());
    assertThat(six[0]).isEqualTo(1);
    assertThat(six[1]).isCloseTo(0, within(1e-15f));
    long monday = Instant.parse("2026-11-23T00:00:00Z").toEpochMilli();
    assertThat(encodeTime(Feature.Kind.OF_WEEK, monday)).containsExactly(0, 1);
  }

  @Test
  void elapsedTimeIsTheLogarithmOfTheSecondsSinceTheLatestEvent() {
    var encoder = encoder(new Feature.Time(Feature.Kind.ELAPSED));
    double[] stats = new double[encoder.statsSize()];
    float[] inputs = new float[1];
    long start = -5_000; // Before 1970, too.
    long[] times = {
      start, start + 1_000, start + 1_000, start + 8_000, start + 7_000, start + 9_000
    };
    // The event at 7 s is late: nothing has elapsed, and the clock is not turned back.
    double[] seconds = {0, 1, 0, 7, 0, 1};
    for (int i = 0; i < times.length; i++) {
      Event event = event(times[i], 0, 0, "");
      encoder.encode(event, stats, 0, inputs);
      assertThat((double) inputs[0]).isCloseTo(Math.log(1 + seconds[i]) / 10, within(1e-8));
      assertThat(Encoder.isLate(event, stats, 0)).as("event %d", i).isEqualTo(i == 4);
      assertThat(Encoder.eventsSeen(stats, 0)).isEqualTo(i);
      encoder.learn(event, stats, 0);
    }
    assertThat(Encoder.lastTimeMillis(stats, 0)).isEqualTo(start + 9_000);
  }

  @Test
  void theFirstEventOfAKeyIsNotLateEvenBefore1970() {
    double[] stats = new double[encoder(PER_KEY).statsSize()];
    assertThat(Encoder.isLate(event(-1, 0, 0, ""), stats, 0)).isFalse();
  }

  @Test
  void aKeysOwnScaleIsThatOfItsEventsBefore() {
    var encoder = encoder(PER_KEY);
    double[] stats = new double[encoder.statsSize()];
    assertThat(step(encoder, stats, 10)).isZero();
    // One event at 10: whatever differs is as far off as can be.
    assertThat(step(encoder, stats, 10.02)).isEqualTo(8);
    // 10 and 10.02 have mean 10.01 and deviation 0.01.
    assertThat(step(encoder, stats, 10.0)).isCloseTo(-1, within(1e-5f));
    assertThat(step(encoder, stats, 1e9)).isEqualTo(8);
    assertThat(step(encoder, stats, -1e9)).isLessThan(0);
  }

  @Test
  void theTimeElapsedIsANumberToBePredicted() {
    var encoder = encoder(new Feature.Time(Feature.Kind.ELAPSED));
    double[] stats = new double[encoder.statsSize()];
    assertThat(encoder.number(0, Events.event(5_000, 0, 0, 0, ""), stats, 0)).isNaN();
    encoder.learn(Events.event(5_000, 0, 0, 0, ""), stats, 0);
    Event next = Events.event(65_000, 0, 0, 0, "");
    assertThat(encoder.number(0, next, stats, 0)).isEqualTo(StrictMath.log(61));
    assertThat(encoder.scaled(0, 0, next, stats, 0)).isEqualTo(StrictMath.log(61) / 10);
    assertThat(Encoder.seconds(StrictMath.log(61))).isCloseTo(60, within(1e-12));
    // One that is late comes after no time at all.
    assertThat(encoder.number(0, Events.event(1_000, 0, 0, 0, ""), stats, 0)).isZero();
    float[] inputs = new float[1];
    encoder.imagine(0, 0, 0.25, inputs);
    assertThat(inputs[0]).isEqualTo(0.25f);
  }

  @Test
  void eachNumberHasAScaleOfItsOwn() {
    var encoder = encoder(PER_KEY, LEARNED_B, new Feature.Number("c", new Scaling.PerKey(), true));
    // Time and count, then two scales of four.
    assertThat(encoder.statsSize()).isEqualTo(2 + 4 + 4);
    double[] stats = new double[20];
    stats[4] = 7;
    stats[15] = 7;
    for (double[] pair : new double[][] {{1, 100}, {3, 300}, {2, Double.NaN}}) {
      encoder.learn(Events.event(0, pair[0], 0, pair[1], ""), stats, 5);
    }
    Event next = Events.event(0, 4, 0, 250, "");
    assertThat(encoder.mean(0, 0, next, stats, 5)).isEqualTo(2);
    assertThat(encoder.deviation(0, 0, stats, 5)).isCloseTo(Math.sqrt(2.0 / 3), within(1e-15));
    assertThat(encoder.mean(2, 0, next, stats, 5)).isEqualTo(200);
    assertThat(encoder.deviation(2, 0, stats, 5)).isEqualTo(100);
    assertThat(encoder.scaled(2, 0, next, stats, 5)).isEqualTo(0.5);
    assertThat(encoder.mean(1, 0, next, stats, 5)).isEqualTo(-1);
    assertThat(encoder.number(2, next, stats, 5)).isEqualTo(250);
    // What lies around the key's statistics is not touched.
    assertThat(stats[4]).isEqualTo(7);
    assertThat(stats[15]).isEqualTo(7);
  }

  private static final Feature LEARNED_B =
      new Feature.Number("b", new Scaling.Learned(-1, 2), false);

  /** Celsius or Fahrenheit, metres or feet: the network must not see a difference. */
  @ParameterizedTest
  @CsvSource({"1, 1.8, 32", "2, 0.3048, 0", "3, -1, 0", "4, 1e9, 0", "5, 1e-6, 1e-6", "6, 1, 90"})
  void aChangeOfUnitLeavesTheInputsAlone(long seed, double factor, double offset) {
    var encoder = encoder(PER_KEY);
    var random = new Random(seed);
    double[] stats = new double[encoder.statsSize()];
    double[] mapped = new double[encoder.statsSize()];
    double level = 5;
    for (int i = 0; i < 6_000; i++) {
      level = 0.95 * level + random.nextGaussian();
      double value = level + (random.nextInt(200) == 0 ? 1000 : 0);
      float expected = step(encoder, stats, value);
      float input = step(encoder, mapped, factor * value + offset);
      // At first the deviation is the floor, a thousandth of the mean, which knows the zero.
      if (i > 20) {
        assertThat(input).isCloseTo(Math.signum((float) factor) * expected, within(1e-5f));
      }
    }
  }

  @Test
  void aFieldThatTheSchemaDoesNotHaveIsRefused() {
    assertThatThrownBy(() -> encoder(new Feature.Number("x", new Scaling.PerKey(), false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no field x in [Field[name=a");
    var words = new Vocabulary(List.of("<unknown>"));
    assertThatThrownBy(() -> encoder(new Feature.Category("a", words, 1, new float[1])))
        .hasMessageStartingWith("no field a in [Field[name=w");
  }

  @Test
  void absurdValuesNeverMakeAnInputThatIsNotFinite() {
    var encoder = encoder(PER_KEY, new Feature.Number("b", new Scaling.Learned(0, 1e-300), false));
    var random = new Random(1);
    double[] stats = new double[encoder.statsSize()];
    double[] absurd = {1e30, -1e30, 5e-324, 0, -0.0, 1e-30, 1};
    float[] inputs = new float[2];
    for (int i = 0; i < 5_000; i++) {
      double value = absurd[random.nextInt(absurd.length)];
      Event event = event(0, value, value, "");
      encoder.encode(event, stats, 0, inputs);
      assertThat(inputs[0]).isBetween(-8f, 8f);
      assertThat(inputs[1]).isBetween(-8f, 8f);
      encoder.learn(event, stats, 0);
    }
  }

  private static Encoder encoder(Feature... features) {
    return new Encoder(new FeatureSpec(List.of(features)), SCHEMA);
  }

  private static float[] encode(Feature feature, double a, double b) {
    Encoder encoder = encoder(feature);
    float[] inputs = new float[encoder.width()];
    encoder.encode(event(0, a, b, ""), new double[encoder.statsSize()], 0, inputs);
    return inputs;
  }

  private static float[] encodeTime(Feature.Kind kind, long millis) {
    float[] inputs = new float[2];
    encoder(new Feature.Time(kind)).encode(event(millis, 0, 0, ""), new double[2], 0, inputs);
    return inputs;
  }

  /** Encodes one value of field a, then learns it. */
  private static float step(Encoder encoder, double[] stats, double value) {
    Event event = event(0, value, 0, "");
    float[] inputs = new float[encoder.width()];
    encoder.encode(event, stats, 0, inputs);
    encoder.learn(event, stats, 0);
    return inputs[0];
  }
}
