package dev.sluice.registry;

import static dev.sluice.registry.Timeline.What.PUBLISH;
import static dev.sluice.registry.Timeline.What.ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one question of the data path, against the rules applied word by word. */
final class ModelsTest {

  @Test
  void eventsBeforeEveryValidFromUseTheFirstEntry() {
    Models<String> models = models(Timeline.empty("temps").plus(7, 1_000, 0, PUBLISH));
    assertThat(models.inForce(999, 0).version()).isEqualTo(7);
    assertThat(models.inForce(Long.MIN_VALUE, 0).model()).isEqualTo("model 7");
  }

  @Test
  void anEntryIsInForceFromItsValidFromOn() {
    Models<String> models =
        models(
            Timeline.empty("temps")
                .plus(1, Timeline.IMMEDIATE, 0, PUBLISH)
                .plus(2, 1_000, 0, PUBLISH));
    assertThat(models.inForce(999, 0).version()).isEqualTo(1);
    assertThat(models.inForce(1_000, 0).version()).isEqualTo(2);
  }

  @Test
  void theLastInOrderOfPublicationWinsNotTheLatestValidFrom() {
    Timeline timeline = Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plus(2, 1_000, 0, PUBLISH);
    Models<String> rolledBack = models(timeline.plus(1, Timeline.IMMEDIATE, 0, ROLLBACK));
    assertThat(rolledBack.inForce(5_000, 0).version()).isEqualTo(1);
    assertThat(rolledBack.inForce(5_000, 0).sequence()).isEqualTo(3);
  }

  @Test
  void aKeyNeverGoesBackToAnEarlierEntry() {
    Models<String> models =
        models(
            Timeline.empty("temps")
                .plus(1, 0, 0, PUBLISH)
                .plus(2, 1_000, 0, PUBLISH)
                .plus(3, 2_000, 0, PUBLISH));
    assertThat(models.inForce(500, 0).version()).isEqualTo(1);
    assertThat(models.inForce(500, 2).version()).isEqualTo(2);
    assertThat(models.inForce(500, 3).version()).isEqualTo(3);
    assertThat(models.inForce(2_500, 2).version()).isEqualTo(3);
  }

  @Test
  void aKeyThatHasSeenMoreThanTheHistoryHoldsUsesTheNewest() {
    Models<String> models =
        models(Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plus(2, 1_000, 0, PUBLISH));
    assertThat(models.inForce(500, 99).version()).isEqualTo(2);
  }

  @Test
  void aVersionWithoutAModelIsAsIfItHadNeverBeenPublished() {
    Timeline timeline = Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plus(2, 1_000, 0, PUBLISH);
    Models<String> models = Models.of(timeline, Map.of(1, "model 1"));
    assertThat(models.inForce(5_000, 0).version()).isEqualTo(1);
    assertThat(Models.of(timeline, Map.<Integer, String>of()).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void agreesWithTheRulesAppliedWordByWord(long seed) {
    var random = new Random(seed);
    Timeline timeline = Timeline.empty("temps");
    int size = 1 + random.nextInt(12);
    for (int i = 0; i < size; i++) {
      timeline = timeline.plus(1 + random.nextInt(5), random.nextInt(20), 0, PUBLISH);
    }
    Models<String> models = models(timeline);
    for (long time = -1; time <= 20; time++) {
      for (long atLeast = 0; atLeast <= size; atLeast++) {
        assertThat(models.inForce(time, atLeast).sequence())
            .as("time %d, at least %d, %s", time, atLeast, timeline)
            .isEqualTo(byTheRules(timeline, time, atLeast));
      }
    }
  }

  @Test
  void askingAllocatesNothing() {
    Models<String> models =
        models(
            Timeline.empty("temps")
                .plus(1, 0, 0, PUBLISH)
                .plus(2, 1_000, 0, PUBLISH)
                .plus(3, 2_000, 0, PUBLISH));
    ask(models, 200_000);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    long sum = ask(models, 200_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(sum).isPositive();
    // The measurement itself takes some bytes, once.
    assertThat(allocated).isLessThan(1_000);
  }

  @Test
  void fixedModelsRefuseAHistoryTheyDoNotCover() {
    Timeline timeline = Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plus(2, 9, 0, PUBLISH);
    assertThatThrownBy(() -> FixedModels.of(timeline, Map.of(1, "model 1")))
        .hasMessage("timeline of temps: version 2 is not among the models given, [1]");
    assertThat(FixedModels.of(4, "model 4").models().inForce(-5, 0).version()).isEqualTo(4);
  }

  private static long ask(Models<String> models, int times) {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      sum += models.inForce(i % 3_000, i % 3).version();
    }
    return sum;
  }

  /** Filters lists, in the words of the contract. */
  private static long byTheRules(Timeline timeline, long time, long atLeast) {
    List<Timeline.Entry> valid = new ArrayList<>(timeline.entries());
    valid.removeIf(entry -> entry.validFromMillis() > time);
    Timeline.Entry byTime = valid.isEmpty() ? timeline.entries().getFirst() : valid.getLast();
    return Math.max(byTime.sequence(), atLeast);
  }

  private static Models<String> models(Timeline timeline) {
    Map<Integer, String> loaded = new HashMap<>();
    timeline.versions().forEach(version -> loaded.put(version, "model " + version));
    return Models.of(timeline, loaded);
  }
}
