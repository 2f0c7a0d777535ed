package dev.sluice.river;

import static dev.sluice.river.TestEvents.START;
import static dev.sluice.river.TestEvents.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.feature.Encoder;
import dev.sluice.model.Model;
import dev.sluice.registry.Models;
import dev.sluice.river.Settings.OnSwap;
import dev.sluice.river.TestModels.Kind;
import dev.sluice.state.Memories;
import dev.sluice.state.RowCodec;
import dev.sluice.state.RowLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which model judges an event, and what becomes of the key's memory when another takes over. */
final class SwapTest {

  private static final long SWAP = START + 10_000;
  private static final Model FIRST = TestModels.random(1, Kind.BINS, 20);
  private static final Model ALIKE = TestModels.random(2, Kind.BINS, 20);
  private static final Model OTHER_SHAPE = TestModels.random(3, Kind.BINS, 21);

  private static Models<Model> then(Model second) {
    return Runs.of(new long[] {Long.MIN_VALUE, SWAP}, FIRST, second);
  }

  @Test
  void theModelIsTheOneInForceAtTheTimeOfTheEvent() {
    var run = new Runs(new OnSwap.Keep(), then(ALIKE));
    assertThat(run.one(event("a", SWAP - 1, 1)).modelVersion()).isEqualTo(1);
    assertThat(run.one(event("a", SWAP, 1)).modelVersion()).isEqualTo(2);
    assertThat(run.one(event("a", SWAP + 1, 1)).modelVersion()).isEqualTo(2);
    // Another key is still before the swap, whatever came first.
    assertThat(run.one(event("b", SWAP - 1, 1)).modelVersion()).isEqualTo(1);
  }

  @Test
  void beforeEveryModelTheFirstIsInForce() {
    var run = new Runs(new OnSwap.Keep(), Runs.of(new long[] {SWAP, SWAP + 10}, FIRST, ALIKE));
    assertThat(run.one(event("a", START, 1)).modelVersion()).isEqualTo(1);
  }

  @Test
  void aLateEventIsJudgedByTheModelThatItsKeyHasReached() {
    var run = new Runs(new OnSwap.Keep(), then(ALIKE));
    run.one(event("a", SWAP, 1));
    Result late = run.one(event("a", SWAP - 5_000, 1));
    assertThat(late.modelVersion()).isEqualTo(2);
    assertThat(late.isLate()).isTrue();
    // Later than the one before, and still late.
    assertThat(run.one(event("a", SWAP - 1, 1)).isLate()).isTrue();
    assertThat(run.one(event("a", SWAP, 1)).isLate()).isFalse();
    assertThat(run.river().resets()).isZero();
  }

  @Test
  void oneWaveMayNeedSeveralModels() {
    var run = new Runs(new OnSwap.Keep(), then(OTHER_SHAPE));
    Result[] results =
        run.flow(
            event("a", SWAP - 2, 1),
            event("b", SWAP + 1, 2),
            event("a", SWAP + 2, 3),
            event("b", SWAP - 1, 4),
            event("c", SWAP - 1, 5),
            event("a", SWAP - 1, 6));
    int[] versions = {1, 3, 3, 3, 1, 3};
    double[] values = {1, 2, 3, 4, 5, 6};
    String[] keys = {"a", "b", "a", "b", "c", "a"};
    for (int i = 0; i < 6; i++) {
      assertThat(results[i].modelVersion()).as("event %d", i).isEqualTo(versions[i]);
      assertThat(results[i].value()).isEqualTo(values[i]);
      assertThat(new String(results[i].key(), UTF_8)).isEqualTo(keys[i]);
    }
    assertThat(run.river().resets()).isEqualTo(1);
  }

  @Test
  void aMemoryThatIsKeptGoesOn() {
    var run = new Runs(new OnSwap.Keep(), then(ALIKE));
    for (int i = 0; i < 3; i++) {
      run.one(event("a", START + i, i));
    }
    byte[] before = row(run, "a");
    run.one(event("a", SWAP, 3));
    assertThat(eventsSeen(run, "a")).isEqualTo(4);
    assertThat(run.river().resets()).isZero();

    // The same memory, stepped by the second model alone, is the same memory afterwards.
    var alone =
        new Runs(new OnSwap.Keep(), Runs.of(new long[] {Long.MIN_VALUE, START}, FIRST, ALIKE));
    RowCodec.read("a".getBytes(UTF_8), before, "test", alone.memories());
    alone.one(event("a", SWAP, 3));
    assertThat(row(alone, "a")).isEqualTo(row(run, "a"));
    assertThat(row(alone, "a")).isNotEqualTo(before);
  }

  @Test
  void aMemoryThatIsResetBeginsAsThatOfANewKey() {
    var run = new Runs(new OnSwap.Reset(), then(ALIKE));
    for (int i = 0; i < 3; i++) {
      run.one(event("a", START + i, i));
    }
    Result first = run.one(event("a", SWAP, 3));
    assertThat(first.isLate()).isFalse();
    assertThat(eventsSeen(run, "a")).isEqualTo(1);
    assertThat(run.river().resets()).isEqualTo(1);
    run.one(event("new", SWAP, 3));
    assertThat(row(run, "a")).isEqualTo(row(run, "new"));
    // A new key is no reset, and the policy is applied once.
    run.one(event("a", SWAP + 1, 4));
    assertThat(eventsSeen(run, "a")).isEqualTo(2);
    assertThat(run.river().resets()).isEqualTo(1);
  }

  @Test
  void aMemoryOfAnotherShapeIsResetWhateverThePolicy() {
    var run = new Runs(new OnSwap.Keep(), then(OTHER_SHAPE));
    run.one(event("a", START, 1));
    run.one(event("a", SWAP, 2));
    assertThat(run.river().resets()).isEqualTo(1);
    assertThat(eventsSeen(run, "a")).isEqualTo(1);
    assertThat(run.memories().layout(0).hidden()).containsExactly(21, 21);
  }

  @Test
  void aRollbackIsAnEntryOfItsOwn() {
    long[] validFrom = {Long.MIN_VALUE, SWAP, SWAP + 1_000};
    Models<Model> models = Runs.of(validFrom, FIRST, ALIKE, FIRST);
    var run = new Runs(new OnSwap.Reset(), models);
    run.one(event("a", START, 1));
    run.one(event("a", SWAP, 1));
    assertThat(run.one(event("a", SWAP + 1_000, 1)).modelVersion()).isEqualTo(1);
    assertThat(run.memories().sequence(0)).isEqualTo(3);
    assertThat(run.river().resets()).isEqualTo(2);
    // Back in the time of version 2, but the key has left it.
    assertThat(run.one(event("a", SWAP, 1)).modelVersion()).isEqualTo(1);
  }

  @Test
  void twoEntriesOfOneVersionShareARound() {
    // The same model in force as entry 1 and as entry 3; a wave with both for different keys.
    long[] validFrom = {Long.MIN_VALUE, SWAP, SWAP + 1_000};
    var run = new Runs(new OnSwap.Keep(), Runs.of(validFrom, FIRST, ALIKE, FIRST));
    Result[] results = run.flow(event("a", START, 1), event("b", SWAP + 2_000, 2));
    assertThat(results[0].modelVersion()).isEqualTo(1);
    assertThat(results[1].modelVersion()).isEqualTo(1);
    assertThat(run.memories().sequence(run.memories().find("a".getBytes(UTF_8)))).isEqualTo(1);
    assertThat(run.memories().sequence(run.memories().find("b".getBytes(UTF_8)))).isEqualTo(3);
  }

  /** The weights topic was made anew: the first entry again, but of another shape. */
  @Test
  void aStoredRowOfAnotherShapeIsResetEvenUnderTheSameSequence() {
    var run = new Runs(new OnSwap.Keep(), Runs.of(FIRST));
    Memories memories = run.memories();
    for (RowLayout layout :
        List.of(new RowLayout(List.of(20, 20), 3), new RowLayout(List.of(5), 17))) {
      int slot = memories.claim("a".getBytes(UTF_8));
      memories.reset(slot, layout);
      memories.steppedBy(slot, 1, 1);
      Result result = run.one(event("a", START, 1));
      assertThat(result.isScored()).isTrue();
      assertThat(eventsSeen(run, "a")).isEqualTo(1);
    }
    assertThat(run.river().resets()).isEqualTo(2);
  }

  @Test
  void everyKeyOfAWaveHasChangedAndRemembersItsModel() {
    var run = new Runs(new OnSwap.Keep(), then(ALIKE));
    run.flow(event("a", START, 1), event("b", SWAP, 1), event("a", START + 1, 1));
    Memories memories = run.memories();
    assertThat(memories.changedCount()).isEqualTo(2);
    assertThat(memories.version(memories.changedSlot(0))).isEqualTo(1);
    assertThat(memories.version(memories.changedSlot(1))).isEqualTo(2);
    memories.forgetChanges();
    run.one(event("b", SWAP, 1));
    assertThat(memories.changedCount()).isEqualTo(1);
  }

  private static byte[] row(Runs run, String key) {
    return RowCodec.write(run.memories(), run.memories().find(key.getBytes(UTF_8)));
  }

  private static long eventsSeen(Runs run, String key) {
    int slot = run.memories().find(key.getBytes(UTF_8));
    return Encoder.eventsSeen(run.memories().stats(slot), run.memories().statsAt(slot));
  }
}
