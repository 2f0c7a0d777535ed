package dev.sluice.capacity;

import dev.sluice.config.Topology;
import dev.sluice.river.Declared;
import dev.sluice.state.Memories;
import dev.sluice.state.RowCodec;
import dev.sluice.state.RowLayout;

/**
 * What one key takes.
 *
 * @param rowBytes of its row outside the heap
 * @param heapBytes of its statistics, its place in the key table and its key, on the heap
 * @param storedBytes of its row in the changelog, without the key
 */
public record KeyMemory(int rowBytes, int heapBytes, int storedBytes) {

  /** An array's header on the heap, and the reference to it. */
  private static final int ARRAY_BYTES = 16 + 4;

  /**
   * Of a slot: hash, area, row, sequence, version, mark of change, last time, events, use. The
   * arrays double when they are full, so that a slot has one and a half places on average; the
   * table has three.
   */
  private static final int SLOT_BYTES = 4 + 4 + 4 + 8 + 4 + 4 + 8 + 8 + 1;

  private static final int PLACE_BYTES = 3 * 4;

  /** Returns what a key of a topology takes; the sizes are those of the code that stores it. */
  public static KeyMemory of(Topology file, int keyBytes) {
    return of(Declared.layout(file), keyBytes);
  }

  static KeyMemory of(RowLayout layout, int keyBytes) {
    Memories one = new Memories();
    int slot = one.claim(new byte[keyBytes]);
    one.reset(slot, layout);
    int table = ARRAY_BYTES + (keyBytes + 7) / 8 * 8 + SLOT_BYTES * 3 / 2 + PLACE_BYTES;
    return new KeyMemory(
        layout.floats() * Float.BYTES,
        layout.doubles() * Double.BYTES + table,
        RowCodec.write(one, slot).length);
  }
}
