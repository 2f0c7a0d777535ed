package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** A verdict that cannot be guilty proves nothing: each fault is put in by hand, and counted. */
final class VerdictTest {

  private static final Events EVENTS = Events.of(1000, 7, 3, 5);

  @Test
  void everyRecordOnceAndInOrderIsExactlyOnce() {
    assertThat(verdict(all()).isExactlyOnce()).isTrue();
  }

  @Test
  void orderCountsWithinAKeyOnly() {
    List<Outputs.Found> byPartition = all();
    byPartition.sort((a, b) -> Integer.compare(a.partition(), b.partition()));
    assertThat(verdict(byPartition).isExactlyOnce()).isTrue();
  }

  @Test
  void aMissingRecordIsMissed() {
    List<Outputs.Found> found = all();
    found.remove(500);
    assertThat(verdict(found)).isEqualTo(new Verdict("t", 1000, 999, 1, 0, 0, 0));
  }

  @Test
  void aRecordThatCameTwiceIsCounted() {
    List<Outputs.Found> found = all();
    found.add(501, found.get(500));
    assertThat(verdict(found)).isEqualTo(new Verdict("t", 1000, 1001, 0, 1, 0, 0));
  }

  @Test
  void oneOtherBitOrKeyIsWrong() {
    List<Outputs.Found> found = all();
    byte[] value = EVENTS.list().get(500).value().clone();
    value[3] ^= 1;
    found.set(500, found(500, EVENTS.list().get(500).key(), value));
    found.set(501, found(501, new byte[] {1}, EVENTS.list().get(501).value()));
    assertThat(verdict(found)).isEqualTo(new Verdict("t", 1000, 1000, 0, 0, 2, 0));
  }

  @Test
  void aRecordOfAnEventThatMustHaveNoneIsWrong() {
    List<Outputs.Found> found = all();
    int[] wanted = IntStream.range(0, 1000).filter(i -> i != 500).toArray();
    assertThat(verdict(wanted, found)).isEqualTo(new Verdict("t", 999, 1000, 0, 0, 1, 0));
  }

  @Test
  void twoRecordsOfAKeyThatChangedPlacesAreOutOfOrder() {
    List<Outputs.Found> found = all();
    byte[] key = EVENTS.list().get(500).key();
    int next =
        IntStream.range(501, 1000)
            .filter(i -> java.util.Arrays.equals(EVENTS.list().get(i).key(), key))
            .findFirst()
            .orElseThrow();
    Collections.swap(found, 500, next);
    assertThat(verdict(found)).isEqualTo(new Verdict("t", 1000, 1000, 0, 0, 0, 1));
  }

  @Test
  void theControlFindsWhatWasPutInAndNothingElse() {
    int[] wanted = IntStream.range(0, 1000).toArray();
    var listed =
        new Verdict.Listed(
            EVENTS, wanted, i -> EVENTS.list().get(i).key(), i -> EVENTS.list().get(i).value());
    var control = new Control("t", listed, 1000);
    all().forEach(control::take);
    assertThat(control.verdict()).isEqualTo(new Verdict("t (control)", 1000, 1000, 1, 1, 1, 1));
    assertThat(control.convicts(verdict(all()))).isTrue();
    List<Outputs.Found> worse = all();
    worse.remove(700);
    assertThat(control.convicts(verdict(worse))).isFalse();
  }

  private static Verdict verdict(List<Outputs.Found> found) {
    return verdict(IntStream.range(0, 1000).toArray(), found);
  }

  private static Verdict verdict(int[] wanted, List<Outputs.Found> found) {
    return Verdict.of(
        "t",
        EVENTS,
        wanted,
        i -> EVENTS.list().get(i).key(),
        i -> EVENTS.list().get(i).value(),
        found);
  }

  /** The events as their own results. */
  private static List<Outputs.Found> all() {
    List<Outputs.Found> all = new ArrayList<>();
    for (int i = 0; i < EVENTS.count(); i++) {
      all.add(found(i, EVENTS.list().get(i).key(), EVENTS.list().get(i).value()));
    }
    return all;
  }

  private static Outputs.Found found(int event, byte[] key, byte[] value) {
    Events.Sent sent = EVENTS.list().get(event);
    return new Outputs.Found(
        sent.partition(), sent.offset(), new ConsumerRecord<>("t", 0, event, key, value), 0);
  }
}
