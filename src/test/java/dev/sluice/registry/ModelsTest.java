package dev.sluice.registry;

import static dev.sluice.registry.Timeline.What.PUBLISH;
import static dev.sluice.registry.Timeline.What.ROLLBACK;
import static java.nio.charset.StandardCharsets.UTF_8;
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

  private static final byte[] KEY = "a".getBytes(UTF_8);

  @Test
  void eventsBeforeEveryValidFromUseTheFirstEntry() {
    Models<String> models = models(Timeline.empty("temps").plus(7, 1_000, 0, PUBLISH));
    assertThat(models.inForce(999, 0, KEY).version()).isEqualTo(7);
    assertThat(models.inForce(Long.MIN_VALUE, 0, KEY).model()).isEqualTo("model 7");
  }

  @Test
  void anEntryIsInForceFromItsValidFromOn() {
    Models<String> models =
        models(
            Timeline.empty("temps")
                .plus(1, Timeline.IMMEDIATE, 0, PUBLISH)
                .plus(2, 1_000, 0, PUBLISH));
    assertThat(models.inForce(999, 0, KEY).version()).isEqualTo(1);
    assertThat(models.inForce(1_000, 0, KEY).version()).isEqualTo(2);
  }

  @Test
  void theLastInOrderOfPublicationWinsNotTheLatestValidFrom() {
    Timeline timeline = Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plus(2, 1_000, 0, PUBLISH);
    Models<String> rolledBack = models(timeline.plus(1, Timeline.IMMEDIATE, 0, ROLLBACK));
    assertThat(rolledBack.inForce(5_000, 0, KEY).version()).isEqualTo(1);
    assertThat(rolledBack.inForce(5_000, 0, KEY).sequence()).isEqualTo(3);
  }

  @Test
  void whatWasKnownBeforeIsKnownAgain() {
    Timeline first = Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plus(2, 1_000, 0, PUBLISH);
    Timeline later = first.plus(3, Timeline.IMMEDIATE, 0, PUBLISH);

    Models<String> then = models(later).upTo(2);

    assertThat(then.entries()).isEqualTo(models(first).entries());
    assertThat(then.fingerprint()).isEqualTo(models(first).fingerprint());
    assertThat(models(later).upTo(3).entries()).hasSize(3);
    assertThat(models(later).upTo(0).isEmpty()).isTrue();
  }

  /** The number is stored: it was written down when it was first made. */
  @Test
  void aFingerprintTellsHistoriesApart() {
    Timeline timeline = Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plus(2, 1_000, 0, PUBLISH);
    long fingerprint = models(timeline).fingerprint();

    assertThat(fingerprint).isEqualTo(0x43a524bd8cee97d5L);
    assertThat(models(timeline).fingerprint()).isEqualTo(fingerprint);
    for (Timeline other :
        List.of(
            Timeline.empty("temps").plus(1, 0, 0, PUBLISH),
            Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plus(2, 1_001, 0, PUBLISH),
            Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plus(3, 1_000, 0, PUBLISH),
            new Timeline("temps", timeline.entries().subList(1, 2)))) {
      assertThat(models(other).fingerprint()).isNotEqualTo(fingerprint);
    }
  }

  @Test
  void aKeyNeverGoesBackToAnEarlierEntry() {
    Models<String> models =
        models(
            Timeline.empty("temps")
                .plus(1, 0, 0, PUBLISH)
                .plus(2, 1_000, 0, PUBLISH)
                .plus(3, 2_000, 0, PUBLISH));
    assertThat(models.inForce(500, 0, KEY).version()).isEqualTo(1);
    assertThat(models.inForce(500, 2, KEY).version()).isEqualTo(2);
    assertThat(models.inForce(500, 3, KEY).version()).isEqualTo(3);
    assertThat(models.inForce(2_500, 2, KEY).version()).isEqualTo(3);
  }

  @Test
  void aKeyThatHasSeenMoreThanTheHistoryHoldsUsesTheNewest() {
    Models<String> models =
        models(Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plus(2, 1_000, 0, PUBLISH));
    assertThat(models.inForce(500, 99, KEY).version()).isEqualTo(2);
  }

  @Test
  void aVersionWithoutAModelIsAsIfItHadNeverBeenPublished() {
    Timeline timeline = Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plus(2, 1_000, 0, PUBLISH);
    Models<String> models = Models.of(timeline, Map.of(1, "model 1"));
    assertThat(models.inForce(5_000, 0, KEY).version()).isEqualTo(1);
    assertThat(Models.of(timeline, Map.<Integer, String>of()).isEmpty()).isTrue();
  }

  @Test
  void aCanaryIsInForceForItsShareOfTheKeys() {
    Timeline timeline =
        Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plusCanary(2, 0.25, 1_000, 0);
    Models<String> models = models(timeline);
    int canaries = 0;
    for (int i = 0; i < 4_000; i++) {
      byte[] key = ("sensor-" + i).getBytes(UTF_8);
      int version = models.inForce(1_000, 0, key).version();
      assertThat(version).isEqualTo(KeyShare.place(key) < 0.25 ? 2 : 1);
      assertThat(models.inForce(999, 0, key).version()).isEqualTo(1);
      canaries += version - 1;
    }
    // Binomial: 1,000 expected, four times the deviation of 27 to each side.
    assertThat(canaries).isBetween(890, 1_110);
  }

  /** A promise to every release: another place would move keys between versions. */
  @Test
  void thePlaceOfAKeyNeverChanges() {
    // Computed elsewhere, with whole numbers of any size.
    assertThat(KeyShare.place(new byte[0])).isEqualTo(0.93676944839044);
    assertThat(KeyShare.place(KEY)).isEqualTo(0.5102945176565711);
    assertThat(KeyShare.place("größe-3".getBytes(UTF_8))).isEqualTo(0.35160582223487924);
  }

  @Test
  void aCanaryEndsWithThePromotionOrTheRollbackThatFollowsIt() {
    byte[] in = keyBelow(0.1);
    Timeline canary = Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plusCanary(2, 0.1, 100, 0);
    Models<String> promoted = models(canary.plus(2, 200, 0, PUBLISH));
    assertThat(promoted.inForce(150, 0, in).version()).isEqualTo(2);
    assertThat(promoted.inForce(150, 0, keyAbove(0.1)).version()).isEqualTo(1);
    assertThat(promoted.inForce(200, 0, keyAbove(0.1)).version()).isEqualTo(2);
    assertThat(promoted.inForce(200, 0, in).sequence()).isEqualTo(3);

    Models<String> rolledBack = models(canary.plus(1, 200, 0, ROLLBACK));
    assertThat(rolledBack.inForce(200, 2, in).version()).isEqualTo(1);
    assertThat(rolledBack.inForce(200, 2, in).sequence()).isEqualTo(3);
    // A late event of a key that was a canary does not go back behind it.
    assertThat(rolledBack.inForce(50, 2, in).version()).isEqualTo(2);
    assertThat(rolledBack.inForce(150, 3, in).version()).isEqualTo(1);
  }

  @Test
  void aWiderCanaryTakesMoreKeysAndAnotherOneTakesOver() {
    Timeline timeline =
        Timeline.empty("temps")
            .plus(1, 0, 0, PUBLISH)
            .plusCanary(2, 0.2, 100, 0)
            .plusCanary(2, 0.5, 200, 0)
            .plusCanary(3, 0.5, 300, 0);
    byte[] between = keyAbove(0.2, 0.5);
    assertThat(models(timeline).inForce(150, 0, between).version()).isEqualTo(1);
    assertThat(models(timeline).inForce(250, 0, between).version()).isEqualTo(2);
    assertThat(models(timeline).inForce(350, 0, between).version()).isEqualTo(3);
    assertThat(models(timeline).inForce(350, 2, keyBelow(0.2)).version()).isEqualTo(3);
    assertThat(models(timeline).inForce(350, 0, keyAbove(0.5)).version()).isEqualTo(1);
  }

  @Test
  void keysWhoseVersionCouldNotBeLoadedUseTheCanary() {
    Timeline timeline = Timeline.empty("temps").plus(1, 0, 0, PUBLISH).plusCanary(2, 0.1, 100, 0);
    Models<String> models = Models.of(timeline, Map.of(2, "model 2"));
    assertThat(models.inForce(500, 0, keyAbove(0.1)).version()).isEqualTo(2);
    // The topic was made anew: no entry is as far as the key.
    assertThat(models(timeline).inForce(500, 99, keyAbove(0.1)).version()).isEqualTo(1);
    assertThat(models(timeline).inForce(500, 99, keyBelow(0.1)).version()).isEqualTo(2);
  }

  private static byte[] keyBelow(double share) {
    return keyAbove(0, share);
  }

  private static byte[] keyAbove(double share) {
    return keyAbove(share, 1);
  }

  private static byte[] keyAbove(double from, double to) {
    for (int i = 0; ; i++) {
      byte[] key = ("key-" + i).getBytes(UTF_8);
      if (KeyShare.place(key) >= from && KeyShare.place(key) < to) {
        return key;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void agreesWithTheRulesAppliedWordByWord(long seed) {
    var random = new Random(seed);
    Timeline timeline = Timeline.empty("temps");
    int size = 1 + random.nextInt(12);
    for (int i = 0; i < size; i++) {
      timeline = timeline.plus(1 + random.nextInt(5), random.nextInt(20), 0, PUBLISH);
      double share = 0.2;
      while (random.nextInt(3) == 0) {
        timeline = timeline.plusCanary(1 + random.nextInt(5), share, random.nextInt(20), 0);
        share += 0.2 * random.nextInt(2);
      }
    }
    Models<String> models = models(timeline);
    byte[][] keys = {keyBelow(0.2), keyAbove(0.2, 0.4), keyAbove(0.8)};
    for (long time = -1; time <= 20; time++) {
      for (long atLeast = 0; atLeast <= timeline.lastSequence(); atLeast++) {
        for (byte[] key : keys) {
          assertThat(models.inForce(time, atLeast, key).sequence())
              .as("time %d, at least %d, %s", time, atLeast, timeline)
              .isEqualTo(byTheRules(timeline, time, atLeast, KeyShare.place(key)));
        }
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
    assertThat(FixedModels.of(4, "model 4").models().inForce(-5, 0, KEY).version()).isEqualTo(4);
  }

  private static long ask(Models<String> models, int times) {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      sum += models.inForce(i % 3_000, i % 3, KEY).version();
    }
    return sum;
  }

  /** Filters lists, in the words of the contract. */
  private static long byTheRules(Timeline timeline, long time, long atLeast, double place) {
    List<Timeline.Entry> begun = new ArrayList<>(timeline.entries());
    begun.removeIf(entry -> entry.validFromMillis() > time);
    List<Timeline.Entry> forAll = begun.stream().filter(Timeline.Entry::isForAll).toList();
    Timeline.Entry byTime = forAll.isEmpty() ? timeline.entries().getFirst() : forAll.getLast();
    if (!begun.isEmpty() && place < begun.getLast().share()) {
      byTime = begun.getLast();
    }
    if (byTime.sequence() >= atLeast) {
      return byTime.sequence();
    }
    List<Timeline.Entry> own = new ArrayList<>(timeline.entries());
    own.removeIf(entry -> entry.share() <= place);
    long newest = own.getLast().sequence();
    return own.stream()
        .mapToLong(Timeline.Entry::sequence)
        .filter(sequence -> sequence >= atLeast)
        .findFirst()
        .orElse(newest);
  }

  private static Models<String> models(Timeline timeline) {
    Map<Integer, String> loaded = new HashMap<>();
    timeline.versions().forEach(version -> loaded.put(version, "model " + version));
    return Models.of(timeline, loaded);
  }
}
