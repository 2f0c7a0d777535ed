package dev.sluice.river;

import dev.sluice.state.Memories;
import dev.sluice.state.RowLayout;
import dev.sluice.state.Strip;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole row of the version that is to take over, in a strip of the key's row.
 *
 * <p>Its floats are those of that row. Its doubles are the sequence of the timeline entry that put
 * the version in force, the version, the events of the key it has stepped, and then those of that
 * row. All zero where no version is under way.
 */
final class Shadow {

  /** The kind of its strip. */
  static final int KIND = 2;

  /** Doubles before those of the row. */
  static final int HEADER = 3;

  private static final int SEQUENCE = 0;
  private static final int VERSION = 1;
  private static final int STEPS = 2;

  private Shadow() {}

  /** Returns {@code layout} with a strip for a row of {@code candidate}. */
  static RowLayout layout(RowLayout layout, RowLayout candidate) {
    List<Strip> strips = new ArrayList<>(layout.strips());
    strips.add(new Strip(KIND, candidate.hash(), candidate.floats(), HEADER + candidate.doubles()));
    return new RowLayout(layout.hidden(), layout.stats(), strips);
  }

  /** Returns the sequence of the entry whose version is under way, 0 if there is none. */
  static long sequence(Memories memories, int slot) {
    return read(memories, slot, SEQUENCE);
  }

  /** Returns the version that is under way, 0 if there is none. */
  static int version(Memories memories, int slot) {
    return (int) read(memories, slot, VERSION);
  }

  /** Returns the events that the version under way has stepped. */
  static long steps(Memories memories, int slot) {
    return read(memories, slot, STEPS);
  }

  private static long read(Memories memories, int slot, int what) {
    int at = memories.hasRow(slot) ? memories.layout(slot).doublesAt(KIND) : RowLayout.NOWHERE;
    return at < 0 ? 0 : (long) memories.stats(slot)[memories.statsAt(slot) + at + what];
  }

  /** Returns whether the row under way is one of {@code layout}. */
  static boolean fits(Memories memories, int slot, RowLayout layout) {
    long hash = layout.hash();
    for (Strip strip : memories.layout(slot).strips()) {
      if (strip.kind() == KIND) {
        return strip.shape() == hash && strip.floats() == layout.floats();
      }
    }
    return false;
  }

  /**
   * Begins with a memory of zeros; statistics are the key's own where the new version has as many,
   * so that scales and records go on.
   *
   * @param stats of a row of the new version
   */
  static void begin(Memories memories, int slot, int version, int stats) {
    RowLayout layout = memories.layout(slot);
    clear(memories, slot);
    double[] doubles = memories.stats(slot);
    int own = memories.statsAt(slot);
    int at = own + layout.doublesAt(KIND);
    doubles[at + VERSION] = version;
    if (layout.stats() == stats) {
      System.arraycopy(doubles, own, doubles, at + HEADER, stats);
    }
  }

  /** Notes which entry puts the version under way in force. */
  static void putInForceBy(Memories memories, int slot, long sequence) {
    int at = memories.statsAt(slot) + memories.layout(slot).doublesAt(KIND);
    memories.stats(slot)[at + SEQUENCE] = sequence;
  }

  /** Notes one more step. */
  static void stepped(Memories memories, int slot) {
    int at = memories.statsAt(slot) + memories.layout(slot).doublesAt(KIND);
    memories.stats(slot)[at + STEPS]++;
  }

  /** Ends what is under way. */
  static void clear(Memories memories, int slot) {
    RowLayout layout = memories.layout(slot);
    for (Strip strip : layout.strips()) {
      if (strip.kind() == KIND) {
        long floatsAt = memories.offset(slot) + layout.floatsAt(KIND);
        memories.page(slot).fill(floatsAt, strip.floats(), 0);
        int at = memories.statsAt(slot) + layout.doublesAt(KIND);
        java.util.Arrays.fill(memories.stats(slot), at, at + strip.doubles(), 0);
      }
    }
  }
}
