package dev.sluice.river;

import static dev.sluice.river.TestEvents.START;
import static dev.sluice.river.TestEvents.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.feature.Encoder;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.KeyShare;
import dev.sluice.registry.Models;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.Timeline.What;
import dev.sluice.river.Settings.OnSwap;
import dev.sluice.river.TestModels.Kind;
import dev.sluice.state.Encoding;
import dev.sluice.state.Memories;
import dev.sluice.state.RowCodec;
import dev.sluice.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The four policies, and canaries; {@link RiverTest} has them against the plain loop. */
final class PolicyTest {

  private static final int EVENTS = 600;
  private static final long SWAP = START + 10_000;
  private static final byte[] A = "a".getBytes(UTF_8);
  private static final Model FIRST = TestModels.random(1, Kind.BINS, 20);
  private static final Model ALIKE = TestModels.random(2, Kind.BINS, 20);
  private static final Model LARGER = TestModels.random(3, Kind.BINS, 40);

  private static final Pattern SHADOW =
      Pattern.compile(",\"shadow\":\\{\"version\":3,\"surprise\":[^}]*\"alert\":false\\}");

  private static String withoutShadow(String json) {
    return SHADOW.matcher(json).replaceFirst("");
  }

  private static Models<Model> then(Model second) {
    return Runs.of(new long[] {Long.MIN_VALUE, SWAP}, FIRST, second);
  }

  static List<OnSwap> policies() {
    return List.of(
        new OnSwap.Keep(), new OnSwap.Reset(), new OnSwap.Rewarm(6), new OnSwap.Shadow(5));
  }

  /** A dozen swaps, as many restarts: the row is all there is. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT32, 0",
    "FLOAT16, 0",
    "FLOAT32, 1",
    "FLOAT16, 1",
    "FLOAT32, 2",
    "FLOAT16, 2",
    "FLOAT32, 3",
    "FLOAT16, 3"
  })
  void whatWasWrittenAndReadGoesOnAsIfNothingHadHappened(Encoding encoding, int policy) {
    OnSwap onSwap = policies().get(policy);
    Settings settings =
        new Settings(Runs.WAVE, 0.9, Optional.empty(), onSwap, encoding, Settings.NEVER);
    List<Event> events = TestEvents.random(3, EVENTS, 12);
    long[] validFrom = new long[12];
    Model[] models = new Model[12];
    for (int i = 0; i < models.length; i++) {
      validFrom[i] = i == 0 ? Long.MIN_VALUE : START + i * 50_000L;
      models[i] = TestModels.random(i + 1, Kind.BINS, i % 3 == 2 ? 40 : 20);
    }
    Models<Model> timeline = Runs.of(validFrom, models);
    var plain = new PlainLoop(settings, timeline);
    List<String> expected = events.stream().map(plain::score).toList();
    var random = new Random(policy);
    List<String> said = new ArrayList<>();
    var run = new Runs(settings, timeline);
    for (int from = 0; from < EVENTS; ) {
      int to = Math.min(EVENTS, from + 1 + random.nextInt(100));
      said.addAll(run.all(events.subList(from, to), 1 + random.nextInt(64)));
      run = restarted(run, settings, timeline);
      from = to;
    }
    assertThat(said).isEqualTo(expected);
  }

  private static Runs restarted(Runs before, Settings settings, Models<Model> models) {
    var after = new Runs(settings, models);
    Memories memories = before.memories();
    for (int slot = 0; slot < memories.slotLimit(); slot++) {
      byte[] row = RowCodec.write(memories, slot);
      RowCodec.read(memories.key(slot), row, "test", after.memories());
      int there = after.memories().find(memories.key(slot));
      assertThat(RowCodec.write(after.memories(), there)).isEqualTo(row);
    }
    return after;
  }

  @Test
  void theSameModelPublishedAnewChangesNothingUnderKeep() {
    Models<Model> again = then(FIRST.withVersion(2));
    assertThat(unversioned(again, new OnSwap.Keep())).isEqualTo(unswapped());
  }

  /** Events of each key are fewer than its row holds: nothing is missing in what is replayed. */
  @Test
  void theSameModelPublishedAnewChangesNothingUnderRewarmWhereARowHoldsItsWholeHistory() {
    Models<Model> again =
        Runs.of(new long[] {Long.MIN_VALUE, START + 150_000}, FIRST, FIRST.withVersion(2));
    assertThat(unversioned(again, new OnSwap.Rewarm(250))).isEqualTo(unswapped());
    assertThat(unversioned(again, new OnSwap.Rewarm(3))).isNotEqualTo(unswapped());
    assertThat(unversioned(again, new OnSwap.Reset())).isNotEqualTo(unswapped());
  }

  private static List<String> unswapped() {
    return unversioned(Runs.of(FIRST), new OnSwap.Keep());
  }

  private static List<String> unversioned(Models<Model> models, OnSwap onSwap) {
    return new Runs(onSwap, models)
        .all(TestEvents.random(2, 200, 10), 32).stream()
            .map(json -> json.replaceAll("\"modelVersion\":.", ""))
            .toList();
  }

  /** As if the second model had been in force from the beginning; but for the records of scores. */
  @ParameterizedTest
  @CsvSource({"20, FLOAT32", "40, FLOAT32", "20, FLOAT16"})
  void aKeyWhoseRowHoldsAllItsEventsGetsTheMemoryOfTheNewModel(int hidden, Encoding encoding) {
    Model second = TestModels.random(9, Kind.BINS, hidden);
    Settings settings =
        new Settings(256, 0.9, Optional.empty(), new OnSwap.Rewarm(8), encoding, Settings.NEVER);
    var run = new Runs(settings, then(second));
    var always = new Runs(settings, Runs.of(second));
    List<Event> events = new ArrayList<>(TestEvents.random(4, 8, 1));
    events.add(event("key-0", SWAP, 20));
    for (Event each : events) {
      run.one(each);
      always.one(each);
    }
    int floats = second.cell().memoryFloats();
    int slot = run.memories().find("key-0".getBytes(UTF_8));
    assertThat(run.memories().version(slot)).isEqualTo(9);
    assertThat(run.memories().page(slot).toArray(run.memories().offset(slot), floats))
        .isEqualTo(always.memories().page(0).toArray(always.memories().offset(0), floats));
    assertThat(run.river().resets()).isZero();
  }

  /** What is replayed was counted when it came. */
  @Test
  void aKeyThatIsRewarmedHasNotHadItsEventsTwice() {
    var run = new Runs(new OnSwap.Rewarm(2), then(ALIKE));
    for (int i = 0; i < 5; i++) {
      run.one(event("a", START + i, i));
    }
    run.one(event("a", SWAP, 5));
    double[] stats = run.memories().stats(0);
    int at = run.memories().statsAt(0);
    assertThat(Encoder.eventsSeen(stats, at)).isEqualTo(6);
    assertThat(Encoder.lastTimeMillis(stats, at)).isEqualTo(SWAP);
    assertThat(run.memories().events(0)).isEqualTo(6);
    assertThat(run.one(event("a", SWAP - 1, 6)).isLate()).isTrue();
  }

  /** Other ids for the same words: the row must hold words, not the ids of the old model. */
  @Test
  void anotherVocabularyReadsTheSameWords() {
    var words = new Vocabulary(List.of("<unknown>", "bad", "more", "ok"));
    var category = (Feature.Category) FIRST.features().feature("w");
    float[] table = new float[words.size() * 3];
    for (String word : List.of("<unknown>", "ok", "bad")) {
      int from = category.vocabulary().id(word) * 3;
      System.arraycopy(category.table(), from, table, words.id(word) * 3, 3);
    }
    List<Feature> features = new ArrayList<>(FIRST.features().features());
    features.set(2, new Feature.Category("w", words, 3, table));
    Model reordered = TestModels.model(2, new FeatureSpec(features), FIRST.cell(), FIRST.heads());
    var onSwap = new OnSwap.Rewarm(250);
    assertThat(unversioned(then(reordered), onSwap)).isEqualTo(unswapped());
  }

  /** One more number that each key scales by itself: the old statistics mean something else. */
  @Test
  void aModelThatKeepsOtherStatisticsLearnsThemFromTheRow() {
    List<Feature> features = new ArrayList<>(ALIKE.features().features());
    features.set(1, new Feature.Number("u", new Scaling.PerKey(), true));
    Model second = TestModels.model(2, new FeatureSpec(features), ALIKE.cell(), ALIKE.heads());
    var run = new Runs(new OnSwap.Rewarm(8), then(second));
    var always = new Runs(new OnSwap.Rewarm(8), Runs.of(second));
    List<Event> events = new ArrayList<>(TestEvents.random(4, 6, 1));
    events.add(event("key-0", SWAP, 20));
    for (Event each : events) {
      run.one(each);
      always.one(each);
    }
    int scales = new Encoder(second.features(), TestModels.SCHEMA).statsSize();
    assertThat(Arrays.copyOf(run.memories().stats(0), scales))
        .isEqualTo(Arrays.copyOf(always.memories().stats(0), scales));
    int floats = second.cell().memoryFloats();
    assertThat(run.memories().page(0).toArray(run.memories().offset(0), floats))
        .isEqualTo(always.memories().page(0).toArray(always.memories().offset(0), floats));
    // The records of its surprises are lost, which is said.
    assertThat(run.river().resets()).isEqualTo(1);
    assertThat(run.one(event("key-0", SWAP + 1, 1)).isWarmingUp()).isTrue();
  }

  @Test
  void aRowWithoutEventsIsResetAndCounted() {
    var before = new Runs(new OnSwap.Keep(), Runs.of(FIRST));
    before.one(event("a", START, 1));
    var run = new Runs(new OnSwap.Rewarm(4), then(ALIKE));
    RowCodec.read(A, RowCodec.write(before.memories(), 0), "test", run.memories());
    run.one(event("a", SWAP, 1));
    assertThat(run.river().resets()).isEqualTo(1);
    assertThat(run.memories().events(0)).isEqualTo(1);
  }

  /** The policy of the topology changed between two runs: no memory is lost, no version changes. */
  @Test
  void anotherPolicyGoesOnWithTheMemoryOfThisOne() {
    List<Event> events = TestEvents.random(6, 300, 10);
    List<String> expected = new Runs(new OnSwap.Keep(), Runs.of(FIRST)).all(events, 10);
    for (OnSwap from : policies()) {
      for (OnSwap to : policies()) {
        var first = new Runs(from, Runs.of(FIRST));
        first.all(events.subList(0, 150), 10);
        var second = restarted(first, settings(to), Runs.of(FIRST));
        assertThat(second.all(events.subList(150, 300), 10))
            .as("%s, then %s", from, to)
            .isEqualTo(expected.subList(150, 300));
        assertThat(second.river().resets()).isZero();
      }
    }
  }

  private static Settings settings(OnSwap onSwap) {
    return new Settings(Runs.WAVE, 0.9, Optional.empty(), onSwap);
  }

  @Test
  void theOldVersionJudgesUntilItsShadowIsWarm() {
    var run = new Runs(new OnSwap.Shadow(3), then(LARGER));
    var old = new Runs(new OnSwap.Keep(), Runs.of(FIRST));
    run.one(event("a", START, 1));
    old.one(event("a", START, 1));
    for (int i = 0; i < 3; i++) {
      String said = run.text(run.one(event("a", SWAP + i, i)));
      assertThat(said).containsPattern(SHADOW);
      assertThat(withoutShadow(said)).isEqualTo(old.text(old.one(event("a", SWAP + i, i))));
      assertThat(run.memories().layout(0).strips()).hasSize(1);
    }
    assertThat(run.one(event("a", SWAP + 3, 3)).modelVersion()).isEqualTo(3);
    assertThat(run.memories().layout(0).hidden()).containsExactly(40, 40);
    assertThat(run.memories().layout(0).strips()).isEmpty();
    assertThat(run.memories().sequence(0)).isEqualTo(2);
    assertThat(run.one(event("new", SWAP, 3)).modelVersion()).isEqualTo(3);
    assertThat(run.river().resets()).isZero();
  }

  @Test
  void aRollbackEndsTheShadowAndLeavesTheMemoryAlone() {
    long[] validFrom = {Long.MIN_VALUE, SWAP, SWAP + 1_000};
    var run = new Runs(new OnSwap.Shadow(50), Runs.of(validFrom, FIRST, LARGER, FIRST));
    var never = new Runs(new OnSwap.Keep(), Runs.of(FIRST));
    for (long time : new long[] {START, SWAP, SWAP + 1, SWAP + 1_000, SWAP + 1_001}) {
      assertThat(withoutShadow(run.text(run.one(event("a", time, time % 7)))))
          .isEqualTo(never.text(never.one(event("a", time, time % 7))));
    }
    assertThat(run.memories().sequence(0)).isEqualTo(3);
    assertThat(run.memories().layout(0)).isEqualTo(never.memories().layout(0));
    assertThat(run.river().resets()).isZero();
  }

  @Test
  void withoutTheOldVersionTheNewOneTakesOverAsItIs() {
    var run = new Runs(new OnSwap.Shadow(50), then(LARGER));
    run.one(event("a", START, 1));
    run.one(event("a", SWAP, 1));
    run.one(event("never", START, 1));
    Timeline timeline =
        new Timeline("test", List.of(new Timeline.Entry(2, 3, SWAP, 0, What.PUBLISH)));
    Models<Model> rest = FixedModels.of(timeline, Map.of(3, LARGER)).models();
    var after = restarted(run, settings(new OnSwap.Shadow(50)), rest);
    assertThat(after.one(event("a", SWAP + 1, 1)).modelVersion()).isEqualTo(3);
    assertThat(after.river().resets()).isZero();
    // This one has no memory of the new version at all.
    assertThat(after.one(event("never", SWAP + 1, 1)).modelVersion()).isEqualTo(3);
    assertThat(after.river().resets()).isEqualTo(1);
  }

  /** Those of the share go on as if the canary were published, the others as if it were not. */
  @ParameterizedTest
  @MethodSource("policies")
  void aCanaryIsScoredAsAPublicationAndTheOthersAsIfThereWereNone(OnSwap onSwap) {
    Timeline first = Timeline.empty("test").plus(1, Timeline.IMMEDIATE, 0, What.PUBLISH);
    long later = START + 300_000;
    Timeline canary = first.plusCanary(3, 0.4, SWAP, 0);
    List<Event> events = TestEvents.random(11, EVENTS, 30);
    Predicate<Event> in = event -> KeyShare.place(event.key()) < 0.4;
    List<String> promoted = scored(onSwap, canary.plus(3, later, 0, What.PUBLISH), events);
    List<String> published = scored(onSwap, first.plus(3, SWAP, 0, What.PUBLISH), events);
    List<String> publishedLater = scored(onSwap, first.plus(3, later, 0, What.PUBLISH), events);
    List<String> rolledBack = scored(onSwap, canary.plus(1, later, 0, What.ROLLBACK), events);
    List<String> never = scored(onSwap, first, events);
    for (int i = 0; i < EVENTS; i++) {
      boolean isIn = in.test(events.get(i));
      assertThat(promoted.get(i))
          .as("event %d", i)
          .isEqualTo((isIn ? published : publishedLater).get(i));
      if (!isIn) {
        assertThat(rolledBack.get(i)).as("event %d", i).isEqualTo(never.get(i));
      }
    }
    assertThat(events.stream().filter(in).count()).isBetween(100L, 500L);
    assertThat(rolledBack).anyMatch(json -> json.contains("\"modelVersion\":3"));
    // A rollback is a swap, too: the shadow of version 1 has to be warm first.
    if (!(onSwap instanceof OnSwap.Shadow)) {
      assertThat(rolledBack.subList(500, EVENTS))
          .allMatch(json -> json.contains("\"modelVersion\":1"));
    }
  }

  private static List<String> scored(OnSwap onSwap, Timeline timeline, List<Event> events) {
    Models<Model> models = Models.of(timeline, Map.of(1, FIRST, 3, LARGER));
    return new Runs(onSwap, models).all(events, 50);
  }

  @Test
  void aPolicyHasItsRange() {
    assertThatThrownBy(() -> new OnSwap.Rewarm(251))
        .hasMessage("to replay 251 events; give 1 to 250");
    assertThatThrownBy(() -> new OnSwap.Shadow(0))
        .hasMessage("a shadow of 0 events; give at least 1");
    // The widest events there can be still fit a strip.
    List<EventSchema.Field> fields = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      fields.add(new EventSchema.Field("f" + i, false));
    }
    var schema =
        new EventSchema(fields, List.of(), null, new EventSchema.TimeSource.OfRecord(), 1_000);
    assertThat(new Window(schema, OnSwap.Rewarm.MAX_EVENTS).strip().doubles()).isEqualTo(64_251);
  }
}
