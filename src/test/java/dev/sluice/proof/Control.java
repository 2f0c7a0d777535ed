package dev.sluice.proof;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The negative control of a run: an audit of its own that sees the same records, of which one is
 * kept from it, one shown twice, one with a bit changed, and one after the next of its key. It must
 * find exactly that, or the audit beside it proves nothing.
 */
final class Control {

  private final Audit audit;
  private final Wanted wanted;
  private final int share;
  private int taken;
  private Outputs.@Nullable Found held;

  /**
   * Creates a control.
   *
   * @param expected how many records will come at least
   */
  Control(String topic, Wanted wanted, int expected) {
    this.audit = new Audit(topic + " (control)", wanted);
    this.wanted = wanted;
    this.share = Math.max(1, expected / 5);
  }

  /** Takes the next record. */
  synchronized void take(Outputs.Found one) {
    taken++;
    if (taken == share) {
      return;
    }
    if (taken == 2 * share) {
      audit.take(one);
    }
    if (taken == 4 * share) {
      held = one;
      return;
    }
    audit.take(taken == 3 * share ? altered(one) : one);
    Outputs.Found late = held;
    if (late != null && key(late) == key(one)) {
      held = null;
      audit.take(late);
    }
  }

  private int key(Outputs.Found one) {
    int index = wanted.index(one.partition(), one.offset());
    return index < 0 ? -1 : wanted.keyOf(index);
  }

  private static Outputs.Found altered(Outputs.Found one) {
    ConsumerRecord<byte[], byte[]> record = one.record();
    byte[] value = record.value().clone();
    value[value.length / 2] ^= 1;
    var other =
        new ConsumerRecord<>(
            record.topic(), record.partition(), record.offset(), record.key(), value);
    return new Outputs.Found(one.partition(), one.offset(), other, one.arrivedNanos());
  }

  /** Returns whether it found what was done to it, over what is wrong with the records anyway. */
  boolean convicts(Verdict real) {
    Verdict found = audit.verdict();
    return found.missing() == real.missing() + 1
        && found.duplicated() == real.duplicated() + 1
        && found.wrong() == real.wrong() + 1
        && found.outOfOrder() == real.outOfOrder() + 1;
  }

  /** Returns what it found. */
  Verdict verdict() {
    return audit.verdict();
  }
}
