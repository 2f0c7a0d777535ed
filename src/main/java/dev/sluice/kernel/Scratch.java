package dev.sluice.kernel;

/**
 * Working memory of one caller's calls, sized for the largest layer it will meet. Its contents mean
 * nothing between calls. Confined to one thread.
 */
public final class Scratch {

  /** Rows of a wave are taken in blocks of at most this many, which with a panel fit the L1. */
  static final int BLOCK_ROWS = 36;

  /** Rows of int16 weights that are floats at a time. */
  static final int WIDENED_ROWS = 64;

  final Floats sources; // [block rows][x | h], what the chains multiply
  final Floats sums; // [rows or panels][64], what they yield
  final Floats exponents; // [rows or panels][16], those of tanh(c)
  final Floats lanes; // [16]
  final Floats widened; // [1 + 64][64], a row of zeros, then rows of weights
  final Floats wide; // [block rows][panels][64], sums of all panels, for cells that need them
  final Floats wideToo; // the same
  final Floats seconds; // [block rows][H], what a second product multiplies
  final Tile tile = new Tile();

  /** Whether the next single row walks the panels backwards: the last ones are still in cache. */
  boolean backwards;

  private final int sourceFloats;
  private final int sumRows;
  private final int wideUnits;

  /**
   * Creates scratch for waves of up to {@code rows} rows.
   *
   * @param rows most rows of one call, at least 1
   * @param inputs most inputs of a layer
   * @param hidden most units (of an LSTM layer) or outputs / 4 (of a linear one)
   */
  public Scratch(int rows, int inputs, int hidden) {
    this(rows, inputs, hidden, 0);
  }

  /**
   * Does so for layers some of which need the sums of all their units at a time.
   *
   * @param wide most units of such a layer: one that is not {@link Recurrence#LSTM}
   */
  public Scratch(int rows, int inputs, int hidden, int wide) {
    if (rows < 1 || inputs < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          "Scratch for "
              + rows
              + " rows, "
              + inputs
              + " inputs and "
              + hidden
              + " units is not possible. Give at least 1 of each");
    }
    int block = Math.min(rows, BLOCK_ROWS);
    // An odd number of cache lines per row, so that rows spread over all sets of the cache.
    int padded = Floats.pad(inputs + Floats.pad(hidden));
    this.sourceFloats = (padded / Floats.LINE | 1) * Floats.LINE;
    this.sumRows = Math.max(BLOCK_ROWS, Floats.pad(hidden) / GatePanels.UNITS);
    this.sources = Floats.allocate((long) block * sourceFloats);
    this.sums = Floats.allocate((long) sumRows * GatePanels.ROW);
    this.exponents = Floats.allocate((long) sumRows * GatePanels.UNITS);
    this.lanes = Floats.allocate(Floats.LINE);
    this.widened = Floats.allocate((1L + WIDENED_ROWS) * GatePanels.ROW);
    this.wideUnits = Floats.pad(wide);
    long units = Math.max(1, (long) block * wideUnits);
    this.wide = Floats.allocate(units * GatePanels.GATES);
    this.wideToo = Floats.allocate(units * GatePanels.GATES);
    this.seconds = Floats.allocate(units);
  }

  long sourceBytes() {
    return sourceFloats * (long) Float.BYTES;
  }

  int sourceFloats() {
    return sourceFloats;
  }

  int blockRows() {
    return (int) (sources.size() / sourceFloats);
  }

  /** Returns the most units, padded, of a layer whose sums are kept together. */
  int wideUnits() {
    return wideUnits;
  }

  int sumRows() {
    return sumRows;
  }
}
