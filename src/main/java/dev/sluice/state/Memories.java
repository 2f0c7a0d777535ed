package dev.sluice.state;

import dev.sluice.kernel.Floats;
import java.util.Arrays;
import java.util.Objects;

/**
 * The memories of the keys of one stream task, resident: a key is found once, then its row is
 * stepped in place, and nothing is serialized until a commit asks for what changed.
 *
 * <p>All of them, or, with a {@link Backing}, those of late: a key that is not resident is read
 * when it is claimed, and may be removed again when it is not among the changed.
 *
 * <p>A key has a slot, a number that stays the same while the key is there. Not thread-safe:
 * confined to the task's thread.
 */
public final class Memories {

  /** The last time of a key of which none is known. */
  public static final long NO_TIME = Long.MIN_VALUE;

  private static final int NO_ROW = -1;

  private final Encoding encoding;
  private final MemoryBudget budget;
  private final MemoryBudget.Share share;
  private final KeyTable table = new KeyTable();
  private final RowAreas areas;
  private final Changes changes = new Changes();
  private Backing backing = Backing.NONE;
  private long streamTime = NO_TIME;

  // By slot.
  private int[] area = new int[1024];
  private int[] row = new int[1024];
  private long[] sequence = new long[1024];
  private int[] version = new int[1024];
  private long[] lastTime = new long[1024];
  private long[] events = new long[1024];
  private boolean[] usedLately = new boolean[1024];

  /** Creates memories of floats, as many as there is room for. */
  public Memories() {
    this(Encoding.FLOAT32, MemoryBudget.unlimited());
  }

  /**
   * Creates memories.
   *
   * @param encoding how precise rows are, and how they are written
   * @param budget which bounds them, together with those of other tasks
   */
  public Memories(Encoding encoding, MemoryBudget budget) {
    this.encoding = encoding;
    this.budget = budget;
    this.share = budget.share();
    this.areas = new RowAreas(share);
  }

  /** Keeps only some of the keys resident from now on; the others are read when claimed. */
  public void backedBy(Backing where) {
    this.backing = where;
  }

  /** Returns how precise rows are, and how they are written. */
  public Encoding encoding() {
    return encoding;
  }

  /** Returns the budget that bounds them. */
  public MemoryBudget budget() {
    return budget;
  }

  /** Returns the number of resident keys. */
  public int size() {
    return table.size();
  }

  /** Returns a number greater than every slot. */
  public int slotLimit() {
    return table.slotLimit();
  }

  /** Returns, about, the bytes that the resident keys take. */
  public long residentBytes() {
    return table.bytes() + areas.bytes();
  }

  /** Returns whether {@code slot} holds a key. */
  public boolean isUsed(int slot) {
    return table.key(slot) != null;
  }

  /** Returns the slot of {@code key}, or -1 where it is not resident. */
  public int find(byte[] key) {
    return table.find(key);
  }

  /**
   * Returns the slot of {@code key}, which has no row yet if it is new; keeps the array.
   *
   * @throws MemoryBudgetException if there is no room for one more key
   * @throws CorruptRowException if what is stored of it is unreadable
   */
  public int claim(byte[] key) {
    int slot = table.find(key);
    if (slot < 0) {
      slot = claimAbsent(key);
    }
    usedLately[slot] = true;
    return slot;
  }

  private int claimAbsent(byte[] key) {
    byte[] stored = backing.read(key);
    int slot = add(key);
    if (stored != null) {
      RowCodec.read(slot, stored, "state store", this);
    }
    return slot;
  }

  /** Returns the slot of {@code key} as one that has no row, whatever is stored of it. */
  int claimEmpty(byte[] key) {
    int slot = table.find(key);
    return slot >= 0 ? slot : add(key);
  }

  private int add(byte[] key) {
    share.takeKey(KeyTable.bytes(key));
    int slot = table.add(key);
    if (slot >= row.length) {
      grow(2 * row.length);
    }
    row[slot] = NO_ROW;
    changes.forget(slot);
    usedLately[slot] = true;
    asNew(slot);
    return slot;
  }

  private void grow(int length) {
    area = Arrays.copyOf(area, length);
    row = Arrays.copyOf(row, length);
    sequence = Arrays.copyOf(sequence, length);
    version = Arrays.copyOf(version, length);
    changes.grow(length);
    lastTime = Arrays.copyOf(lastTime, length);
    events = Arrays.copyOf(events, length);
    usedLately = Arrays.copyOf(usedLately, length);
  }

  private void asNew(int slot) {
    sequence[slot] = 0;
    version[slot] = 0;
    lastTime[slot] = NO_TIME;
    events[slot] = 0;
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

  /** Returns the latest time of the key's events, in epoch millis, or {@link #NO_TIME}. */
  public long lastTime(int slot) {
    return lastTime[slot];
  }

  /** Returns how many events the key has had since its memory began. */
  public long events(int slot) {
    return events[slot];
  }

  /** Notes what is known of the key's past. */
  void past(int slot, long lastMillis, long eventCount) {
    lastTime[slot] = lastMillis;
    events[slot] = eventCount;
    streamTime = Math.max(streamTime, lastMillis);
  }

  /** Notes an event of the key, which changes its memory. */
  public void saw(int slot, long timeMillis) {
    past(slot, Math.max(lastTime[slot], timeMillis), events[slot] + 1);
    changed(slot);
  }

  /** Returns the latest time of any event that was seen or restored, or {@link #NO_TIME}. */
  public long streamTime() {
    return streamTime;
  }

  /** Returns whether the key was idle for longer than {@code millis} at {@code timeMillis}. */
  public boolean isIdle(int slot, long timeMillis, long millis) {
    return Silence.isLonger(lastTime[slot], timeMillis, millis);
  }

  /** Returns whether the key was claimed since this was last asked. */
  boolean takeUsedLately(int slot) {
    boolean was = usedLately[slot];
    usedLately[slot] = false;
    return was;
  }

  /** Returns whether the key has a row of this layout. */
  public boolean fits(int slot, RowLayout layout) {
    if (row[slot] == NO_ROW) {
      return false;
    }
    RowLayout present = areas.get(area[slot]).layout();
    return present.isSame(layout) || present.equals(layout);
  }

  /**
   * Gives the key a row of zeros of this layout in place of the one it has.
   *
   * @throws MemoryBudgetException if there is no room for one more
   */
  public void reset(int slot, RowLayout layout) {
    if (fits(slot, layout)) {
      areas.get(area[slot]).clear(row[slot]);
    } else {
      int newArea = areas.indexOf(layout);
      int newRow = areas.get(newArea).claim();
      place(slot, newArea, newRow);
    }
    events[slot] = 0;
  }

  /**
   * Gives the key a row of this layout that holds what the one it has holds, where both have it:
   * the memory where the layers are the same, the statistics where they are as many, and strips.
   * All else is zero.
   *
   * @throws MemoryBudgetException if there is no room for one more
   */
  public void reshape(int slot, RowLayout layout) {
    if (fits(slot, layout)) {
      return;
    }
    int newArea = areas.indexOf(layout);
    int newRow = areas.get(newArea).claim();
    areas.get(area[slot]).copyTo(row[slot], areas.get(newArea), newRow);
    place(slot, newArea, newRow);
  }

  /**
   * Makes what a strip holds the row of the key, in place of the one it has.
   *
   * @param kind of the strip, which has as many floats as a row of {@code layout}
   * @param skip doubles of the strip before those of the row
   * @throws MemoryBudgetException if there is no room for one more
   */
  public void promote(int slot, int kind, int skip, RowLayout layout) {
    int newArea = areas.indexOf(layout);
    int newRow = areas.get(newArea).claim();
    areas.get(area[slot]).copyStripTo(row[slot], kind, skip, areas.get(newArea), newRow);
    place(slot, newArea, newRow);
    if (encoding == Encoding.FLOAT16) {
      page(slot).roundToHalves(offset(slot), layout.layerFloats());
    }
  }

  /** Makes the key what it would be if it had never been there; it keeps its slot. */
  public void forget(int slot) {
    releaseRow(slot);
    asNew(slot);
  }

  private void place(int slot, int newArea, int newRow) {
    releaseRow(slot);
    area[slot] = newArea;
    row[slot] = newRow;
  }

  private void releaseRow(int slot) {
    if (row[slot] != NO_ROW) {
      areas.get(area[slot]).release(row[slot]);
      row[slot] = NO_ROW;
    }
  }

  /**
   * Returns the one layout that stands here for all that are equal to {@code layout}: whether a row
   * {@link #fits} it is told at a glance.
   */
  public RowLayout shared(RowLayout layout) {
    return areas.get(areas.indexOf(layout)).layout();
  }

  /** Returns the layout of the key's row. */
  public RowLayout layout(int slot) {
    return areas.get(area[slot]).layout();
  }

  /** Returns whether the key has a row. */
  public boolean hasRow(int slot) {
    return row[slot] != NO_ROW;
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
    changes.add(slot);
  }

  /** Returns whether the key changed since {@link #forgetChanges}. */
  public boolean isChanged(int slot) {
    return changes.contains(slot);
  }

  /** Returns how many keys changed since {@link #forgetChanges}. */
  public int changedCount() {
    return changes.count();
  }

  /** Returns the slot of changed key {@code index}, in the order of the first change. */
  public int changedSlot(int index) {
    return changes.slot(index);
  }

  /** Returns how many changes were forgotten so far: of all there ever were, the oldest. */
  public long changesForgotten() {
    return changes.forgotten();
  }

  /** Begins a new commit: nothing is changed. */
  public void forgetChanges() {
    changes.clear();
  }

  /**
   * The {@code count} oldest of the changed keys are not changed any more, because they were
   * written; the others still are.
   */
  public void forgetChanges(int count) {
    changes.forgetOldest(count);
  }

  /** Forgets the key. Its slot may be given to another one; it must not be among the changed. */
  public void remove(int slot) {
    if (isChanged(slot)) {
      throw new IllegalStateException("slot " + slot + " is to be written, it cannot be removed");
    }
    releaseRow(slot);
    share.giveBackKey(KeyTable.bytes(key(slot)));
    table.remove(slot);
  }

  /** Removes every key, changed or not. */
  public void clear() {
    forgetChanges();
    for (int slot = 0; slot < slotLimit(); slot++) {
      if (isUsed(slot)) {
        remove(slot);
      }
    }
  }

  /** Gives back what these memories take of the budget; they are not used any more. */
  public void close() {
    share.close();
  }
}
