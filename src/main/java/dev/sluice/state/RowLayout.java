package dev.sluice.state;

import dev.sluice.kernel.Floats;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the memory of one key holds, for models of one shape.
 *
 * <p>Floats: for each layer, bottom first, hidden state then cell state, each padded with zeros to
 * a multiple of 16: [h0|c0|h1|c1|...]; then those of the strips, each padded in the same way.
 * Doubles: the statistics of features, then those of scores; then those of the strips.
 *
 * @param hidden of each layer, bottom first, its units; a {@link LayerWord} if it is no plain LSTM
 * @param stats doubles of statistics
 * @param strips what else there is, each of another kind
 */
public record RowLayout(List<Integer> hidden, int stats, List<Strip> strips) {

  /** Most layers. */
  public static final int MAX_LAYERS = 16;

  /** Most units of a layer. */
  public static final int MAX_UNITS = 4096;

  /** Most doubles of statistics. */
  public static final int MAX_STATS = 65_535;

  /** Most strips. */
  public static final int MAX_STRIPS = 8;

  /** Where something is that a row has not. */
  public static final int NOWHERE = -1;

  /** Checks the ranges. */
  public RowLayout {
    hidden = List.copyOf(hidden);
    strips = List.copyOf(strips);
    if (hidden.isEmpty() || hidden.size() > MAX_LAYERS) {
      throw new IllegalArgumentException(hidden.size() + " layers, from 1 to " + MAX_LAYERS);
    }
    for (int units : hidden) {
      LayerWord.require(units);
    }
    if (stats < 0 || stats > MAX_STATS) {
      throw new IllegalArgumentException(stats + " statistics, from 0 to " + MAX_STATS);
    }
    if (strips.size() > MAX_STRIPS) {
      throw new IllegalArgumentException(strips.size() + " strips, from 0 to " + MAX_STRIPS);
    }
    requireKinds(strips);
  }

  /** Creates a layout without strips. */
  public RowLayout(List<Integer> hidden, int stats) {
    this(hidden, stats, List.of());
  }

  private static void requireKinds(List<Strip> strips) {
    Set<Integer> kinds = new HashSet<>();
    for (Strip strip : strips) {
      if (!kinds.add(strip.kind())) {
        throw new IllegalArgumentException("two strips of kind " + strip.kind());
      }
    }
  }

  /** Returns whether this is the very same object: asked for every event, so it must be quick. */
  @SuppressWarnings("ReferenceEquality")
  boolean isSame(RowLayout other) {
    return this == other;
  }

  /** Returns whether rows of both have the same layers and as many statistics. */
  public boolean isAlike(RowLayout other) {
    return hidden.equals(other.hidden) && stats == other.stats;
  }

  /** Returns the floats of a row, padding and strips included. */
  public int floats() {
    int floats = layerFloats();
    for (Strip strip : strips) {
      floats += Floats.pad(strip.floats());
    }
    return floats;
  }

  /** Returns the floats of the layers, padding included: what the model steps. */
  public int layerFloats() {
    int floats = 0;
    for (int i = 0; i < hidden.size(); i++) { // An iterator would be garbage.
      int word = hidden.get(i);
      floats += Floats.pad(LayerWord.hidden(word)) + Floats.pad(LayerWord.cell(word));
    }
    return floats;
  }

  /** Returns the doubles of a row: statistics and strips. */
  public int doubles() {
    int doubles = stats;
    for (Strip strip : strips) {
      doubles += strip.doubles();
    }
    return doubles;
  }

  /**
   * Returns where in a row's floats those of the strip of {@code kind} begin, a multiple of 16;
   * {@link #NOWHERE} if there is none.
   */
  public int floatsAt(int kind) {
    int at = layerFloats();
    for (int i = 0; i < strips.size(); i++) {
      Strip strip = strips.get(i);
      if (strip.kind() == kind) {
        return at;
      }
      at += Floats.pad(strip.floats());
    }
    return NOWHERE;
  }

  /**
   * Returns where in a row's doubles those of the strip of {@code kind} begin; {@link #NOWHERE} if
   * there is none.
   */
  public int doublesAt(int kind) {
    int at = stats;
    for (int i = 0; i < strips.size(); i++) {
      Strip strip = strips.get(i);
      if (strip.kind() == kind) {
        return at;
      }
      at += strip.doubles();
    }
    return NOWHERE;
  }

  /** Returns, about, the bytes that a resident key of {@code keyBytes} bytes takes. */
  public long residentBytes(int keyBytes) {
    return (long) floats() * Float.BYTES
        + (long) doubles() * Double.BYTES
        + KeyTable.bytes(new byte[keyBytes]);
  }

  /** Returns a number that differs, as good as certainly, between layouts; stored in every row. */
  public long hash() {
    long hash = 0xcbf29ce484222325L; // FNV-1a, over whole numbers.
    for (int units : hidden) {
      hash = mixed(hash, units);
    }
    hash = mixed(hash, stats);
    for (Strip strip : strips) {
      hash = mixed(mixed(hash, strip.kind()), strip.shape());
      hash = mixed(mixed(hash, strip.floats()), strip.doubles());
    }
    return hash;
  }

  private static long mixed(long hash, long number) {
    return (hash ^ number) * 0x100000001b3L;
  }
}
