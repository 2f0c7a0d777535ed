package dev.sluice.stream;

import dev.sluice.state.Memories;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far the rows that were restored go, by slot, and what the changelog says is to be recomputed.
 * Needed from the restoring to the beginning of the work, and no longer.
 */
final class RowOffsets {

  // By slot, the first offset that is not included: in the changelog's row; or, as its complement,
  // in memory alone. 0 where nothing is known, which is right for a row without an offset.
  private long[] next = new long[0];
  private @Nullable Span span;
  private boolean dated;

  /** A row was restored. */
  void restored(int slot, long nextOffset) {
    if (nextOffset == 0 && slot >= next.length) {
      return;
    }
    if (slot >= next.length) {
      next = Arrays.copyOf(next, Math.max(2 * next.length, slot + 1024));
    }
    next[slot] = nextOffset;
    dated |= nextOffset != 0;
  }

  /** The key in this slot is no more. */
  void forgotten(int slot) {
    if (slot < next.length) {
      next[slot] = 0;
    }
  }

  /** The changelog says what is to be recomputed; null that nothing is. */
  void restored(@Nullable Span latest) {
    span = latest;
    dated |= latest != null;
  }

  /** Returns what is to be recomputed, null if the changelog says nothing of it. */
  @Nullable Span span() {
    return span;
  }

  /** Returns whether any restored row may lack events. */
  boolean areDated() {
    return dated;
  }

  /** Returns whether the memory in this slot includes the event at {@code offset}. */
  boolean isIncluded(int slot, long offset) {
    long known = slot < next.length ? next[slot] : 0;
    return offset < (known < 0 ? ~known : known);
  }

  /** Returns whether only memory, not the changelog, is known to include it. */
  boolean isOnlyInMemory(int slot) {
    return slot < next.length && next[slot] < 0;
  }

  /**
   * A task stops working, and its memories stay: as a standby they go on with what another instance
   * writes. They are further than the rows of the changelog, which lack {@code last}.
   */
  void leave(Memories memories, Span last) {
    if (next.length < memories.slotLimit()) {
      next = Arrays.copyOf(next, memories.slotLimit());
    }
    for (int slot = 0; slot < memories.slotLimit(); slot++) {
      next[slot] = memories.isUsed(slot) ? ~last.next() : 0;
    }
    restored(last);
  }

  /** The work has begun: from now on the memories themselves are what counts. */
  void clear() {
    next = new long[0];
    span = null;
    dated = false;
  }
}
