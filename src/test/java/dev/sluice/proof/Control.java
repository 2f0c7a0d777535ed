package dev.sluice.proof;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The negative control of a run: an audit of its own that sees the same records, of which one is
 * kept from it, one shown twice, one with a bit changed, and one after the next of its key. It must
 * find exactly that, or the audit beside it proves nothing.
 */
final class Control {

  private final Audit audit;
  private final Wanted wanted;
  private final int share;
  private final Map<Integer, Outputs.Found> held = new LinkedHashMap<>();
  private int taken;
  private boolean swapped;

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
    if (taken >= 4 * share && !swapped) {
      swap(one);
      return;
    }
    audit.take(taken == 3 * share ? altered(one) : one);
  }

  /** Holds records back until two are of one key, which any key may be; then shows those askew. */
  private void swap(Outputs.Found one) {
    int key = key(one);
    if (key < 0) { // It has no order.
      audit.take(one);
      return;
    }
    Outputs.Found earlier = held.remove(key);
    if (earlier == null) {
      held.put(key, one);
      return;
    }
    swapped = true;
    held.values().forEach(audit::take);
    audit.take(one);
    audit.take(earlier);
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
