package dev.sluice.proof;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares a topic with what it must hold, record by record, and keeps only what is wrong. */
final class Audit {

  private static final int MOST_DIFFERENCES = 5;

  private final String topic;
  private final Wanted wanted;
  private final int expected;
  private final BitSet seen;
  private final Map<Integer, Integer> lastOfKey = new HashMap<>();
  private final List<Difference> differences = new ArrayList<>();
  private int found;
  private int right;
  private int duplicated;
  private int wrong;
  private int outOfOrder;

  /**
   * A record that is not as it must be, or an event without one.
   *
   * @param event its index, -1 if the record is of no event of ours
   * @param found the record; null where there is none
   */
  record Difference(String topic, String what, int event, Outputs.Found found) {}

  Audit(String topic, Wanted wanted) {
    this.topic = topic;
    this.wanted = wanted;
    this.seen = new BitSet(wanted.count());
    int all = 0;
    for (int i = 0; i < wanted.count(); i++) {
      all += wanted.mustCome(i) ? 1 : 0;
    }
    this.expected = all;
  }

  /** Takes the next record of an output partition. */
  synchronized void take(Outputs.Found one) {
    found++;
    int index = wanted.index(one.partition(), one.offset());
    if (index < 0 || !wanted.mustCome(index)) {
      wrong++;
      note("came for no event", index, one);
      return;
    }
    if (seen.get(index)) {
      duplicated++;
      note("came again", index, one);
      return;
    }
    seen.set(index);
    right++;
    if (!wanted.isRight(index, one.record())) {
      wrong++;
      note("is wrong", index, one);
    }
    if (overtook(wanted.keyOf(index), index)) {
      outOfOrder++;
      note("came after a later one of its key", index, one);
    }
  }

  private boolean overtook(int key, int index) {
    Integer last = key < 0 ? null : lastOfKey.put(key, index);
    return last != null && last > index;
  }

  private void note(String what, int index, Outputs.Found one) {
    if (differences.size() < MOST_DIFFERENCES) {
      differences.add(new Difference(topic, what, index, one));
    }
  }

  /** Returns how many events still have no record. */
  synchronized int missing() {
    return expected - right;
  }

  /** Returns the first events that still have no record. */
  synchronized List<Integer> firstMissing() {
    List<Integer> first = new ArrayList<>();
    for (int i = 0; i < wanted.count() && first.size() < MOST_DIFFERENCES; i++) {
      if (wanted.mustCome(i) && !seen.get(i)) {
        first.add(i);
      }
    }
    return first;
  }

  /** Returns the first records that were not as they must be. */
  synchronized List<Difference> differences() {
    return List.copyOf(differences);
  }

  synchronized Verdict verdict() {
    return new Verdict(topic, expected, found, missing(), duplicated, wrong, outOfOrder);
  }
}
