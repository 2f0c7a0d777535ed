package dev.sluice.state;

import java.util.Arrays;

/** The slots that changed, in the order of their first change; the oldest are forgotten first. */
final class Changes {

  // A ring, of a power of two: how many were forgotten so far is where it begins.
  private int[] slots = new int[256];
  private long forgotten;
  private int count;

  // By slot: the round in which it changed, if that is the one under way.
  private int[] changedIn = new int[1024];
  private int round = 1;

  /** Notes a change; returns at once where the slot is among the changed. */
  void add(int slot) {
    if (changedIn[slot] != round) {
      changedIn[slot] = round;
      if (count == slots.length) {
        growRing();
      }
      slots[at(count++)] = slot;
    }
  }

  private int at(int index) {
    return (int) (forgotten + index) & slots.length - 1;
  }

  private void growRing() {
    int[] grown = new int[2 * slots.length];
    for (int i = 0; i < count; i++) {
      grown[(int) (forgotten + i) & grown.length - 1] = slots[at(i)];
    }
    slots = grown;
  }

  /** Makes room for slots below {@code length}. */
  void grow(int length) {
    changedIn = Arrays.copyOf(changedIn, length);
  }

  /** A slot has a new key, which has not changed whatever the old one did. */
  void forget(int slot) {
    changedIn[slot] = 0;
  }

  boolean contains(int slot) {
    return changedIn[slot] == round;
  }

  int count() {
    return count;
  }

  /** Returns the slot of change {@code index}, the oldest being 0. */
  int slot(int index) {
    return slots[at(index)];
  }

  /** Returns how many were forgotten so far: of all there ever were, the oldest. */
  long forgotten() {
    return forgotten;
  }

  /** Forgets all. */
  void clear() {
    forgotten += count;
    count = 0;
    round++;
  }

  /** Forgets the oldest. */
  void forgetOldest(int oldest) {
    for (int i = 0; i < oldest; i++) {
      changedIn[slot(i)] = 0;
    }
    forgotten += oldest;
    count -= oldest;
  }
}
