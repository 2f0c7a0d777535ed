package dev.sluice.registry;

import static dev.sluice.registry.Timeline.What.PUBLISH;
import static dev.sluice.registry.Timeline.What.ROLLBACK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stored form in bytes, and what retention may forget. */
final class TimelineTest {

  private static final String GOLDEN =
      "{\"format\":1,\"id\":\"temps\",\"entries\":["
          + "{\"sequence\":1,\"version\":1,\"validFromMillis\":null,"
          + "\"publishedAtMillis\":1000,\"what\":\"publish\"},"
          + "{\"sequence\":2,\"version\":2,\"validFromMillis\":5000,"
          + "\"publishedAtMillis\":4000,\"what\":\"publish\"},"
          + "{\"sequence\":3,\"version\":1,\"validFromMillis\":-9,"
          + "\"publishedAtMillis\":6000,\"what\":\"rollback\"}]}";

  @Test
  void layoutIsExactlyAsDocumented() {
    Timeline timeline =
        Timeline.empty("temps")
            .plus(1, Timeline.IMMEDIATE, 1000, PUBLISH)
            .plus(2, 5000, 4000, PUBLISH)
            .plus(1, -9, 6000, ROLLBACK);
    assertThat(new String(timeline.toBytes(), UTF_8)).isEqualTo(GOLDEN);
    assertThat(parse(GOLDEN)).isEqualTo(timeline);
  }

  /** A release that knows no canaries refuses the whole, and keeps the model it has. */
  @Test
  void aCanaryIsWrittenInAFormatOfItsOwn() {
    Timeline timeline =
        Timeline.empty("temps")
            .plus(1, Timeline.IMMEDIATE, 1000, PUBLISH)
            .plusCanary(2, 0.05, 5000, 4000);
    String text = new String(timeline.toBytes(), UTF_8);
    assertThat(text)
        .isEqualTo(
            "{\"format\":2,\"id\":\"temps\",\"entries\":["
                + "{\"sequence\":1,\"version\":1,\"validFromMillis\":null,"
                + "\"publishedAtMillis\":1000,\"what\":\"publish\"},"
                + "{\"sequence\":2,\"version\":2,\"validFromMillis\":5000,"
                + "\"publishedAtMillis\":4000,\"what\":\"canary\",\"share\":0.05}]}");
    assertThat(parse(text)).isEqualTo(timeline);
    String share = "\"share\":0.05";
    for (String bad : List.of("\"share\":1", "\"share\":0", "\"share\":\"x\"", "\"part\":0.5")) {
      assertThatThrownBy(() -> parse(text.replace(share, bad)))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("A canary takes more than 0 and less than 1");
    }
  }

  @Test
  void aCanaryNeedsAnIncumbentAndNeverShrinks() {
    Timeline empty = Timeline.empty("temps");
    assertThatThrownBy(() -> empty.plusCanary(1, 0.5, 0, 0))
        .hasMessage(
            "timeline of temps: a canary of version 1 stands first. The other keys need a version,"
                + " too; publish one before");
    Timeline half = empty.plus(1, 0, 0, PUBLISH).plusCanary(2, 0.5, 0, 0);
    assertThatThrownBy(() -> half.plusCanary(3, 0.4, 0, 0))
        .hasMessage(
            "timeline of temps: a canary of version 3 for 0.4 of the keys follows one for 0.5. Give"
                + " at least as many, or roll back first");
    assertThat(half.plusCanary(2, 0.5, 0, 0).plus(1, 0, 0, ROLLBACK).plusCanary(2, 0.1, 0, 0))
        .extracting(Timeline::lastSequence)
        .isEqualTo(5L);
  }

  @Test
  void retentionKeepsWhatIsInForceBesideACanary() {
    Timeline timeline = Timeline.empty("temps").plus(1, 100, 0, PUBLISH).plus(2, 200, 0, PUBLISH);
    Timeline canary = timeline.plusCanary(3, 0.1, 300, 0);
    assertThat(canary.newest(0, 1_000).versions()).isEqualTo(Set.of(2, 3));
    Timeline over = canary.plus(4, 400, 0, PUBLISH);
    // A canary without what the other keys had would be a canary for all.
    assertThat(over.newest(1, 1_000).versions()).isEqualTo(Set.of(4));
    assertThat(over.newest(2, 1_000).versions()).isEqualTo(Set.of(2, 3, 4));
  }

  @Test
  void aPinIsOneMoreFieldThatOthersNeedNotRead() {
    Timeline pinned = Pin.set(parse(GOLDEN), 3, 9000, 8000);
    Timeline waiting = pinned.with(pinned.pin().map(pin -> pin.holding(4).holding(5)));
    String text =
        GOLDEN.replace(
            "]}",
            ",{\"sequence\":4,\"version\":3,\"validFromMillis\":9000,"
                + "\"publishedAtMillis\":8000,\"what\":\"publish\"}],"
                + "\"pin\":{\"version\":3,\"sinceMillis\":8000,\"held\":[4,5]}}");
    assertThat(new String(waiting.toBytes(), UTF_8)).isEqualTo(text);
    assertThat(parse(text)).isEqualTo(waiting);
    assertThat(waiting.plus(1, 0, 0, ROLLBACK).newest(0, 10_000).pin()).isEqualTo(waiting.pin());
    assertThatThrownBy(() -> parse(text.replace("[4,5]", "[4,0]")))
        .hasMessage("timeline of temps, pin: held is no array of at most 64 whole numbers");
    assertThatThrownBy(() -> parse(text.replace("\"version\":3,\"since", "\"version\":0,\"since")))
        .hasMessageStartingWith("timeline of temps, pin: version is 0.");
  }

  @Test
  void whatIsPinnedAlreadyGetsNoNewEntryAndWhatWaitsWaitsOn() {
    Timeline first = Pin.set(history(1, 2), 2, 9000, 8000);
    assertThat(first.entries()).isEqualTo(history(1, 2).entries());
    Timeline waiting = first.with(first.pin().map(pin -> pin.holding(3).holding(4)));
    Timeline moved = Pin.set(waiting, 3, 9000, 8500);
    assertThat(moved.entries().getLast().version()).isEqualTo(3);
    assertThat(moved.pin()).contains(new Pin(3, 8500, List.of(4)));
    assertThat(moved.needed()).isEqualTo(Set.of(1, 2, 3, 4));
  }

  @Test
  void everyTruncationIsRefusedWithTheModelNamed() {
    byte[] whole = GOLDEN.getBytes(UTF_8);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Timeline.parse("temps", cut))
          .as("%d bytes", length)
          .isInstanceOf(WeightsException.class)
          .hasMessageStartingWith("timeline of temps: ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"format\":1   | \"format\":3   | : format version 3 is too new.",
        "\"temps\"      | \"other\"      | : id is other. temps, as in its key, is expected",
        "\"entries\":[  | \"entries\":7,\"x\":[ | : entries is no array of at most 4096 objects",
        "\"sequence\":2 | \"sequence\":1 | : sequence 1 follows 1. An ascending sequence is",
        "\"sequence\":2 | \"sequence\":0 | , entry 1: sequence is 0. A whole number from 1",
        "\"version\":2  | \"version\":0  | , entry 1: version is 0.",
        "rollback       | rolback        | , entry 2: what is \"rolback\". \"publish\", \"rollb",
        "\"validFromMillis\":5000, | ``  | , entry 1: validFromMillis is missing.",
      })
  void aHostileFieldIsRefusedWithWhatWasFound(String good, String bad, String message) {
    String text = GOLDEN.replace(good.strip(), bad.strip());
    assertThat(text).isNotEqualTo(GOLDEN);
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith("timeline of temps" + message);
  }

  @Test
  void tooManyEntriesAreRefused() {
    var entry = new Timeline.Entry(1, 1, 0, 0, PUBLISH);
    assertThatThrownBy(() -> new Timeline("temps", java.util.Collections.nCopies(4097, entry)))
        .hasMessageStartingWith("timeline of temps: 4097 entries are too many.");
  }

  @Test
  void aFullTimelineFitsItsLimit() {
    // The longest entries there are.
    var entries =
        java.util.stream.LongStream.range(0, Timeline.MAX_ENTRIES)
            .mapToObj(
                i ->
                    new Timeline.Entry(
                        Long.MAX_VALUE - Timeline.MAX_ENTRIES + i,
                        WeightsKey.MAX_VERSION,
                        Long.MIN_VALUE + 1,
                        Long.MIN_VALUE,
                        ROLLBACK))
            .toList();
    List<Integer> held = java.util.Collections.nCopies(Pin.MAX_HELD, WeightsKey.MAX_VERSION);
    var pin = new Pin(WeightsKey.MAX_VERSION, Long.MIN_VALUE, held);
    var timeline = new Timeline("x".repeat(63), entries).with(Optional.of(pin));
    assertThat(timeline.toBytes()).hasSizeLessThan(Timeline.MAX_BYTES);
  }

  @Test
  void retentionKeepsTheOldVersionsThatWereInForceLast() {
    Timeline timeline = history(1, 2, 3, 1, 4);
    assertThat(timeline.newest(0, 1_000).entries()).isEqualTo(timeline.entries().subList(4, 5));
    assertThat(timeline.newest(1, 1_000).entries()).isEqualTo(timeline.entries().subList(3, 5));
    assertThat(timeline.newest(2, 1_000).entries()).isEqualTo(timeline.entries().subList(2, 5));
    assertThat(timeline.newest(3, 1_000)).isEqualTo(timeline);
  }

  @Test
  void retentionKeepsWhatIsInForceNowAndWhatIsToCome() {
    // Valid from 100, 200, 300: at 250 the second is in force and the third is to come.
    Timeline timeline = history(1, 2, 3);
    assertThat(timeline.newest(0, 250).versions()).isEqualTo(Set.of(2, 3));
    assertThat(timeline.newest(0, 50).versions()).isEqualTo(Set.of(1, 2, 3));
    assertThat(Timeline.empty("temps").newest(0, 250).entries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void afterRetentionEveryEventSinceTheFirstKeptEntryFindsTheModelItFoundBefore(long seed) {
    var random = new Random(seed);
    Timeline whole = Timeline.empty("temps");
    for (int i = 0; i < 30; i++) {
      whole = whole.plus(1 + random.nextInt(8), random.nextInt(1_000), i, PUBLISH);
    }
    long now = random.nextInt(1_000);
    Timeline kept = whole.newest(random.nextInt(4), now);
    List<Timeline.Entry> all = whole.entries();
    assertThat(kept.entries())
        .isEqualTo(all.subList(all.size() - kept.entries().size(), all.size()));
    assertThat(inForce(kept, now)).isEqualTo(inForce(whole, now));
  }

  private static Timeline.Entry inForce(Timeline timeline, long time) {
    Timeline.Entry found = timeline.entries().getFirst();
    for (Timeline.Entry entry : timeline.entries()) {
      if (entry.validFromMillis() <= time) {
        found = entry;
      }
    }
    return found;
  }

  private static Timeline history(int... versions) {
    Timeline timeline = Timeline.empty("temps");
    for (int version : versions) {
      timeline = timeline.plus(version, 100 * (timeline.lastSequence() + 1), 0, PUBLISH);
    }
    return timeline;
  }

  private static Timeline parse(String text) {
    return Timeline.parse("temps", text.getBytes(UTF_8));
  }
}
