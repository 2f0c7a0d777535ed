package dev.sluice.state;

import dev.sluice.kernel.Floats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The memories of all keys of one stream task, resident: a key is found once, then its row is
 * stepped in place, and nothing is serialized until a commit asks for what changed.
 *
 * <p>A key has a slot, a number that stays the same while the key is there. Not thread-safe:
 * confined to the task's thread.
 */
public final class Memories {

  private static final int NO_ROW = -1;

  private final KeyTable table = new KeyTable();
  private final List<RowArea> areas = new ArrayList<>();

  // By slot.
  private int[] area = new int[1024];
  private int[] row = new int[1024];
  private long[] sequence = new long[1024];
  private int[] version = new int[1024];
  private int[] changedIn = new int[1024];

  private int[] changed = new int[256];
  private int changedCount;
  private int commitNumber = 1;

  /** Returns the number of keys. */
  public int size() {
    return table.size();
  }

  /** Returns a number greater than every slot. */
  public int slotLimit() {
    return table.slotLimit();
  }

  /** Returns whether {@code slot} holds a key. */
  public boolean isUsed(int slot) {
    return table.key(slot) != null;
  }

  /** Returns the slot of {@code key}, or -1 where it has no memory. */
  public int find(byte[] key) {
    return table.find(key);
  }

  /** Returns the slot of {@code key}, which has no row yet if it is new; keeps the array. */
  public int claim(byte[] key) {
    int slot = table.find(key);
    return slot >= 0 ? slot : add(key);
  }

  private int add(byte[] key) {
    int slot = table.add(key);
    if (slot >= row.length) {
      int length = 2 * row.length;
      area = Arrays.copyOf(area, length);
      row = Arrays.copyOf(row, length);
      sequence = Arrays.copyOf(sequence, length);
      version = Arrays.copyOf(version, length);
      changedIn = Arrays.copyOf(changedIn, length);
    }
    row[slot] = NO_ROW;
    sequence[slot] = 0;
    version[slot] = 0;
    changedIn[slot] = 0;
    return slot;
  }

  /** Returns the key in {@code slot}; live, not to be changed. */
  public byte[] key(int slot) {
    return Objects.requireNonNull(table.key(slot));
  }

  /** Returns the sequence number of the timeline entry that last stepped the key, 0 if none did. */
  public long sequence(int slot) {
    return sequence[slot];
  }

  /** Returns the model version that last stepped the key, 0 if none did. */
  public int version(int slot) {
    return version[slot];
  }

  /** Notes which entry of the timeline steps the key from now on. */
  public void steppedBy(int slot, long timelineSequence, int modelVersion) {
    sequence[slot] = timelineSequence;
    version[slot] = modelVersion;
  }

  /** Returns whether the key has a row of this layout. */
  public boolean fits(int slot, RowLayout layout) {
    if (row[slot] == NO_ROW) {
      return false;
    }
    RowLayout present = areas.get(area[slot]).layout();
    return present.isSame(layout) || present.equals(layout);
  }

  /** Gives the key a row of zeros of this layout in place of the one it has. */
  public void reset(int slot, RowLayout layout) {
    if (row[slot] != NO_ROW) {
      areas.get(area[slot]).release(row[slot]);
    }
    area[slot] = areaOf(layout);
    row[slot] = areas.get(area[slot]).claim();
  }

  private int areaOf(RowLayout layout) {
    for (int i = 0; i < areas.size(); i++) {
      if (areas.get(i).layout().equals(layout)) {
        return i;
      }
    }
    areas.add(new RowArea(layout));
    return areas.size() - 1;
  }

  /** Returns the layout of the key's row. */
  public RowLayout layout(int slot) {
    return areas.get(area[slot]).layout();
  }

  /** Returns the page in which the key's floats are. */
  public Floats page(int slot) {
    return areas.get(area[slot]).page(row[slot]);
  }

  /** Returns where in {@link #page} the key's floats begin. */
  public long offset(int slot) {
    return areas.get(area[slot]).offset(row[slot]);
  }

  /** Returns the array in which the key's statistics are; live. */
  public double[] stats(int slot) {
    return areas.get(area[slot]).stats(row[slot]);
  }

  /** Returns where in {@link #stats} the key's statistics begin. */
  public int statsAt(int slot) {
    return areas.get(area[slot]).statsAt(row[slot]);
  }

  /** Notes that the key's memory differs from what was last written to the changelog. */
  public void changed(int slot) {
    if (changedIn[slot] != commitNumber) {
      changedIn[slot] = commitNumber;
      if (changedCount == changed.length) {
        changed = Arrays.copyOf(changed, 2 * changedCount);
      }
      changed[changedCount++] = slot;
    }
  }

  /** Returns how many keys changed since {@link #forgetChanges}. */
  public int changedCount() {
    return changedCount;
  }

  /** Returns the slot of changed key {@code index}, in the order of the first change. */
  public int changedSlot(int index) {
    return changed[index];
  }

  /** Begins a new commit: nothing is changed. */
  public void forgetChanges() {
    changedCount = 0;
    commitNumber++;
  }

  /** Forgets the key. Its slot may be given to another one; it must not be among the changed. */
  public void remove(int slot) {
    if (changedIn[slot] == commitNumber) {
      throw new IllegalStateException("slot " + slot + " is to be written, it cannot be removed");
    }
    if (row[slot] != NO_ROW) {
      areas.get(area[slot]).release(row[slot]);
    }
    table.remove(slot);
  }
}
