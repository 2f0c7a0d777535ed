package dev.sluice.state;

import dev.sluice.kernel.Floats;
import java.util.List;

/**
 * What the memory of one key holds, for models of one shape.
 *
 * <p>Floats: for each layer, bottom first, hidden state then cell state, each padded with zeros to
 * a multiple of 16: [h0|c0|h1|c1|...]. Doubles: the statistics of features, then those of scores.
 *
 * @param hidden units of each layer, bottom first
 * @param stats doubles of statistics
 */
public record RowLayout(List<Integer> hidden, int stats) {

  /** Most layers. */
  public static final int MAX_LAYERS = 16;

  /** Most units of a layer. */
  public static final int MAX_UNITS = 4096;

  /** Most doubles of statistics. */
  public static final int MAX_STATS = 65_535;

  /** Checks the ranges. */
  public RowLayout {
    hidden = List.copyOf(hidden);
    if (hidden.isEmpty() || hidden.size() > MAX_LAYERS) {
      throw new IllegalArgumentException(hidden.size() + " layers, from 1 to " + MAX_LAYERS);
    }
    for (int units : hidden) {
      if (units < 1 || units > MAX_UNITS) {
        throw new IllegalArgumentException(units + " units in a layer, from 1 to " + MAX_UNITS);
      }
    }
    if (stats < 0 || stats > MAX_STATS) {
      throw new IllegalArgumentException(stats + " statistics, from 0 to " + MAX_STATS);
    }
  }

  /** Returns whether this is the very same object: asked for every event, so it must be quick. */
  @SuppressWarnings("ReferenceEquality")
  boolean isSame(RowLayout other) {
    return this == other;
  }

  /** Returns the floats of a row, padding included. */
  public int floats() {
    int floats = 0;
    for (int units : hidden) {
      floats += 2 * Floats.pad(units);
    }
    return floats;
  }

  /** Returns, about, the bytes that a resident key of {@code keyBytes} bytes takes. */
  public long residentBytes(int keyBytes) {
    return (long) floats() * Float.BYTES
        + (long) stats * Double.BYTES
        + KeyTable.bytes(new byte[keyBytes]);
  }

  /** Returns a number that differs, as good as certainly, between layouts; stored in every row. */
  public long hash() {
    long hash = 0xcbf29ce484222325L; // FNV-1a, over whole numbers.
    for (int units : hidden) {
      hash = (hash ^ units) * 0x100000001b3L;
    }
    return (hash ^ stats) * 0x100000001b3L;
  }
}
