package dev.sluice.river;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Event;
import dev.sluice.model.Model;
import dev.sluice.registry.Models;
import dev.sluice.river.Settings.OnSwap;
import dev.sluice.river.TestModels.Kind;
import dev.sluice.score.AlertPolicy;
import dev.sluice.state.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heads that learn from each event of a key, for that key alone. */
final class AdaptationTest {

  private static final int EVENTS = 600;

  private static Settings settings(OnSwap onSwap, Settings.Adapt adapt) {
    return new Settings(
        Runs.WAVE,
        0.9,
        Optional.empty(),
        onSwap,
        Encoding.FLOAT32,
        Settings.NEVER,
        AlertPolicy.NONE,
        Optional.ofNullable(adapt));
  }

  private static Settings settings(boolean wholeHead, double rate) {
    return settings(new OnSwap.Keep(), new Settings.Adapt(wholeHead, rate));
  }

  @ParameterizedTest
  @CsvSource({
    "BINS, false",
    "BINS, true",
    "GAUSSIAN, true",
    "WORDS, false",
    "SEVERAL, false",
    "SEVERAL, true"
  })
  void wavesOfAnySizeGiveTheSameBytes(Kind kind, boolean wholeHead) {
    List<Event> events = TestEvents.random(1, EVENTS, 40);
    Models<Model> models = Runs.of(TestModels.random(1, kind, 20));
    List<String> expected = new Runs(settings(wholeHead, 0.01), models).all(events, 1);
    assertThat(expected).isNotEqualTo(new Runs(new OnSwap.Keep(), models).all(events, 1));
    for (int wave : new int[] {2, 3, 64, 256}) {
      assertThat(new Runs(settings(wholeHead, 0.01), models).all(events, wave))
          .as("waves of %d", wave)
          .isEqualTo(expected);
    }
  }

  /** A key whose word is always the same one is foretold it, and another key is not. */
  @ParameterizedTest
  @CsvSource({"WORDS, false", "WORDS, true", "BINS, false", "GAUSSIAN, true"})
  void whatAKeyAlwaysDoesIsNoSurpriseInTheEnd(Kind kind, boolean wholeHead) {
    Models<Model> models = Runs.of(TestModels.random(3, kind, 8));
    var run = new Runs(settings(wholeHead, 0.05), models);
    var plain = new Runs(new OnSwap.Keep(), models);
    double adapted = 0;
    double frozen = 0;
    for (int i = 0; i < 2_000; i++) {
      String word = "{\"w\":\"ok\",\"v\":" + (i % 2) + ",\"u\":" + (13 + i % 2) + "}";
      Event event = TestEvents.decode("always", TestEvents.START + 1000L * i, word);
      double one = run.one(event).surprise();
      double other = plain.one(event).surprise();
      adapted += i < 1_000 ? 0 : one;
      frozen += i < 1_000 ? 0 : other;
    }
    assertThat(adapted).isLessThan(frozen - 100);
    Event first = TestEvents.decode("new", TestEvents.START, "{\"w\":\"ok\",\"v\":1,\"u\":13}");
    assertThat(run.one(first).surprise()).isEqualTo(plain.one(first).surprise());
  }

  @Test
  void anIdenticalModelUnderAnotherVersionGoesOnWithWhatWasLearned() {
    List<Event> events = TestEvents.random(2, EVENTS, 20);
    Model model = TestModels.random(1, Kind.SEVERAL, 20);
    long half = TestEvents.START + EVENTS / 2 * 1000L;
    long[] from = {Long.MIN_VALUE, half};
    var swapped = new Runs(settings(true, 0.02), Runs.of(from, model, model.withVersion(2)));
    var steady = new Runs(settings(true, 0.02), Runs.of(model));
    assertThat(surprises(swapped, events)).isEqualTo(surprises(steady, events));
  }

  @Test
  void aResetForgetsWhatWasLearnedAndAnotherHeadDoesNotReadIt() {
    Model bins = TestModels.random(1, Kind.BINS, 20);
    Model words = TestModels.random(2, Kind.WORDS, 20);
    long[] from = {Long.MIN_VALUE, TestEvents.START};
    Event before = TestEvents.event("a", TestEvents.START - 1, 3);
    Event after = TestEvents.event("a", TestEvents.START + 1, 4);
    for (Model next : List.of(bins.withVersion(2), words)) {
      var adapt = new Settings.Adapt(true, 0.5);
      var learned = new Runs(settings(new OnSwap.Reset(), adapt), Runs.of(from, bins, next));
      var frozen = new Runs(settings(new OnSwap.Reset(), null), Runs.of(from, bins, next));
      for (int i = 0; i < 5; i++) {
        learned.one(before);
        frozen.one(before);
      }
      assertThat(learned.one(after).surprise()).isEqualTo(frozen.one(after).surprise());
      assertThat(learned.one(after).surprise()).isNotEqualTo(frozen.one(after).surprise());
    }
  }

  /** The version that is to take over learns for itself in its shadow. */
  @Test
  void aShadowLearnsBeside() {
    Model first = TestModels.random(1, Kind.BINS, 20);
    Model second = TestModels.random(2, Kind.BINS, 20);
    List<Event> events = TestEvents.random(4, EVENTS, 5);
    long[] from = {Long.MIN_VALUE, TestEvents.START + 100_000};
    var adapt = new Settings.Adapt(false, 0.02);
    var one = new Runs(settings(new OnSwap.Shadow(10), adapt), Runs.of(from, first, second));
    var other = new Runs(settings(new OnSwap.Shadow(10), adapt), Runs.of(from, first, second));
    List<String> expected = one.all(events, 1);
    assertThat(other.all(events, 64)).isEqualTo(expected);
    assertThat(expected).anyMatch(json -> json.contains("\"modelVersion\":2"));
  }

  private static List<Double> surprises(Runs run, List<Event> events) {
    List<Double> all = new ArrayList<>();
    for (Event event : events) {
      all.add(run.one(event).surprise());
    }
    return all;
  }
}
