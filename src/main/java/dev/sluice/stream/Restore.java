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
  private final String where;
  private final KeyCount keys = new KeyCount();
  private boolean counting;
  private long records;
  private long mostRecords;
  private double bytesPerKey;

  Restore(Memories memories, String where) {
    this.memories = memories;
    this.where = where;
  }

  /** Takes one record of the changelog. */
  void row(byte[] key, byte @Nullable [] value) {
    records++;
    if (counting) {
      count(key, value);
      return;
    }
    int slot = value == null ? memories.find(key) : -1;
    if (slot >= 0) {
      memories.remove(slot);
    }
    if (value != null) {
      try {
        RowCodec.read(key, value, where, memories);
      } catch (MemoryBudgetException e) {
        begin(e);
        count(key, value);
      }
    }
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
