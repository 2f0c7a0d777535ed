package dev.sluice.stream;

import dev.sluice.state.KeyCount;
import dev.sluice.state.Memories;
import dev.sluice.state.MemoryBudgetException;
import dev.sluice.state.RowCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes rows of the changelog into memory. Where they exceed the budget they are dropped, and from
 * then on counted only: so that the message can say how much all of them need.
 */
final class Restore {

  private static final Logger LOG = LoggerFactory.getLogger(Restore.class);

  /**
   * Rows are counted for so many times as many records as could be kept, in case they never end.
   */
  private static final long PATIENCE = 64;

  private final Memories memories;
  private final @Nullable LocalSnapshot snapshot;
  private final RowOffsets offsets;
  private final String where;
  private final KeyCount keys = new KeyCount();
  private boolean counting;
  private long records;
  private long mostRecords;
  private double bytesPerKey;

  Restore(Memories memories, @Nullable LocalSnapshot snapshot, RowOffsets offsets, String where) {
    this.memories = memories;
    this.snapshot = snapshot;
    this.offsets = offsets;
    this.where = where;
  }

  /** Takes one record of the changelog. */
  void row(byte[] key, byte @Nullable [] value) {
    records++;
    if (Span.isKey(key)) {
      offsets.restored(value == null ? null : Span.parse(value, where));
      hold();
      return;
    }
    if (counting) {
      count(key, value);
      return;
    }
    if (snapshot != null) {
      snapshot.restoring();
    }
    if (value == null) {
      forget(key);
      return;
    }
    try {
      RowCodec.read(key, DatedRow.row(value), where, memories);
      offsets.restored(memories.find(key), DatedRow.nextOffset(value));
      hold();
      if (snapshot != null) {
        snapshot.changed(memories.find(key));
      }
    } catch (MemoryBudgetException e) {
      begin(e);
      count(key, value);
    }
  }

  /**
   * A snapshot keeps neither how far a row goes nor what is to be recomputed. So none is written
   * once there are such rows, unless it turns out that nothing is to be recomputed.
   */
  private void hold() {
    if (snapshot != null && offsets.areDated()) {
      snapshot.hold();
    }
  }

  private void forget(byte[] key) {
    int slot = memories.find(key);
    if (slot < 0) {
      return;
    }
    if (snapshot != null) {
      snapshot.forgotten(key, slot);
    }
    offsets.forgotten(slot);
    memories.remove(slot);
  }

  private void begin(MemoryBudgetException why) {
    LOG.atError().addKeyValue("reason", why.getMessage()).log("Counting the keys");
    counting = true;
    mostRecords = PATIENCE * records;
    bytesPerKey = (double) memories.residentBytes() / Math.max(1, memories.size());
    for (int slot = 0; slot < memories.slotLimit(); slot++) {
      if (memories.isUsed(slot)) {
        keys.add(memories.key(slot));
      }
    }
    memories.clear();
    if (snapshot != null) {
      snapshot.end(); // It must not say that there is nothing.
    }
  }

  private void count(byte[] key, byte @Nullable [] value) {
    if (value == null) {
      keys.remove(key);
    } else {
      keys.add(key);
    }
    if (records > mostRecords) {
      admit();
    }
  }

  /**
   * Ends the restoring.
   *
   * @throws MemoryBudgetException if there was more to restore than is allowed
   */
  void admit() {
    if (counting) {
      // Other tasks of this process have theirs, too.
      long all = keys.keys() + memories.budget().keys();
      long needed = (long) (keys.keys() * bytesPerKey) + memories.budget().taken();
      throw new MemoryBudgetException(
          all, Math.max(needed, memories.budget().limit() + 1), memories.budget().limit());
    }
  }
}
