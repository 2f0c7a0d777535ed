package dev.sluice.state;

import java.util.Arrays;

/** Which slots changed since the last commit, in the order of their first change. */
final class Changes {

  private int[] changedIn = new int[1024]; // By slot: the commit it last changed in.
  private int[] changed = new int[256];
  private int count;
  private int commitNumber = 1;

  /** Makes room for slots below {@code limit}. */
  void grow(int limit) {
    changedIn = Arrays.copyOf(changedIn, limit);
  }

  /** Notes that another key has the slot, which has not changed. */
  void forget(int slot) {
    changedIn[slot] = 0;
  }

  void add(int slot) {
    if (changedIn[slot] != commitNumber) {
      changedIn[slot] = commitNumber;
      if (count == changed.length) {
        changed = Arrays.copyOf(changed, 2 * count);
      }
      changed[count++] = slot;
    }
  }

  boolean contains(int slot) {
    return changedIn[slot] == commitNumber;
  }

  int count() {
    return count;
  }

  int slot(int index) {
    return changed[index];
  }

  /** Begins a new commit: nothing is changed. */
  void clear() {
    count = 0;
    commitNumber++;
  }
}
