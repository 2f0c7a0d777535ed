package dev.sluice.kernel;

/**
 * {@link ScalarKernel} with lanes, and with the order of the loops that the caches want: blocks of
 * rows outermost, so that their sources stay in the L1; then panels of weights; then register tiles
 * of a few rows. Every single chain runs as in the specification, so the bits are the same.
 */
final class VectorKernel extends Kernel {

  private static final long GROUP = Lanes.GROUP_BYTES;

  private VectorKernel() {}

  /** Returns as {@link Kernel}, so that loading the caller does not load this class. */
  static Kernel create() {
    return new VectorKernel();
  }

  @Override
  public String name() {
    return "vector, " + Lanes.COUNT * Float.SIZE + " bits";
  }

  @Override
  void stepDense(
      GatePanels weights, Floats inputs, int stride, RowSet rows, int hiddenAt, Scratch scratch) {
    int block = blockRows(rows.count(), scratch);
    for (int first = 0; first < rows.count(); first += block) {
      int count = Math.min(block, rows.count() - first);
      copyInputs(inputs, stride, first, count, weights.inputs(), scratch);
      stepBlock(weights, rows, first, count, hiddenAt, scratch);
    }
  }

  @Override
  void stepStacked(GatePanels weights, int inputsAt, RowSet rows, int hiddenAt, Scratch scratch) {
    int block = blockRows(rows.count(), scratch);
    for (int first = 0; first < rows.count(); first += block) {
      int count = Math.min(block, rows.count() - first);
      copyFromRows(rows, first, count, inputsAt, weights.inputs(), scratch);
      stepBlock(weights, rows, first, count, hiddenAt, scratch);
    }
  }

  @Override
  void stepCellDense(
      CellPanels cell, Floats inputs, int stride, RowSet rows, int hiddenAt, Scratch scratch) {
    GatePanels weights = cell.gates();
    int block = blockRows(rows.count(), scratch);
    for (int first = 0; first < rows.count(); first += block) {
      int count = Math.min(block, rows.count() - first);
      copyInputs(inputs, stride, first, count, weights.inputs(), scratch);
      copyHidden(weights, rows, first, count, hiddenAt, scratch);
      VectorCells.step(cell, rows, first, count, hiddenAt, scratch);
    }
  }

  @Override
  void stepCellStacked(CellPanels cell, int inputsAt, RowSet rows, int hiddenAt, Scratch scratch) {
    GatePanels weights = cell.gates();
    int block = blockRows(rows.count(), scratch);
    for (int first = 0; first < rows.count(); first += block) {
      int count = Math.min(block, rows.count() - first);
      copyFromRows(rows, first, count, inputsAt, weights.inputs(), scratch);
      copyHidden(weights, rows, first, count, hiddenAt, scratch);
      VectorCells.step(cell, rows, first, count, hiddenAt, scratch);
    }
  }

  private static void copyInputs(
      Floats inputs, int stride, int first, int count, int floats, Scratch scratch) {
    long to = scratch.sources.address();
    for (int r = first; r < first + count; r++) {
      Activations.copy(inputs.address() + 4L * r * stride, to, floats);
      to += scratch.sourceBytes();
    }
  }

  /** Puts h beside x, so that rows can be overwritten. */
  private static void copyHidden(
      GatePanels weights, RowSet rows, int first, int count, int hiddenAt, Scratch scratch) {
    long to = scratch.sources.address() + 4L * weights.inputs();
    for (int r = first; r < first + count; r++) {
      Activations.copy(rows.address(r) + 4L * hiddenAt, to, weights.recurrent());
      to += scratch.sourceBytes();
    }
  }

  /** Cuts a wave into blocks of nearly equal size, whole tiles each. */
  private static int blockRows(int rows, Scratch scratch) {
    int blocks = (rows + scratch.blockRows() - 1) / scratch.blockRows();
    int even = (rows + blocks - 1) / blocks;
    int whole = (even + Lanes.TILE_ROWS - 1) / Lanes.TILE_ROWS * Lanes.TILE_ROWS;
    return Math.min(whole, scratch.blockRows());
  }

  private static void copyFromRows(
      RowSet rows, int first, int count, int at, int floats, Scratch scratch) {
    long to = scratch.sources.address();
    for (int r = first; r < first + count; r++) {
      Activations.copy(rows.address(r) + 4L * at, to, floats);
      to += scratch.sourceBytes();
    }
  }

  /** Steps a block whose inputs are in place. */
  private static void stepBlock(
      GatePanels weights, RowSet rows, int first, int count, int hiddenAt, Scratch scratch) {
    copyHidden(weights, rows, first, count, hiddenAt, scratch);
    if (count == 1) {
      stepRow(weights, rows.address(first) + 4L * hiddenAt, scratch);
    } else {
      stepRows(weights, rows, first, count, hiddenAt, scratch);
    }
  }

  private static void stepRow(GatePanels weights, long hidden, Scratch scratch) {
    long sums = scratch.sums.address();
    long exponents = scratch.exponents.address();
    rowTimesPanels(weights, sums, scratch);
    int panels = weights.panels();
    Activations.exp2InPlace(sums, panels * GatePanels.ROW_BYTES, Exponential.GATE_LIMIT);
    long cell = hidden + 4L * Floats.pad(weights.hidden());
    for (int p = 0; p < panels; p++) {
      Activations.updateCell(
          sums + p * GatePanels.ROW_BYTES, cell + p * GROUP, exponents + p * GROUP);
    }
    Activations.exp2InPlace(exponents, panels * GROUP, Exponential.GATE_LIMIT);
    for (int p = 0; p < panels; p++) {
      Activations.updateHidden(
          sums + p * GatePanels.ROW_BYTES, exponents + p * GROUP, hidden + p * GROUP);
    }
  }

  /** Walks the panels there and, the next time, back: what was read last is still in the L1. */
  static void rowTimesPanels(GatePanels weights, long sums, Scratch scratch) {
    int partsPerPanel = Lanes.GROUP_BYTES / Lanes.BYTES;
    int parts = weights.panels() * partsPerPanel;
    boolean backwards = scratch.backwards;
    scratch.backwards = !backwards;
    long x = scratch.sources.address();
    for (int i = 0; i < parts; i += 2) {
      int a = backwards ? Math.max(parts - 2 - i, 0) : i;
      int b = Math.min(a + 1, parts - 1); // A last odd one is computed twice, for simplicity.
      long offsetA = a % partsPerPanel * (long) Lanes.BYTES;
      long offsetB = b % partsPerPanel * (long) Lanes.BYTES;
      long panelA = weights.address() + a / partsPerPanel * weights.panelBytes();
      long panelB = weights.address() + b / partsPerPanel * weights.panelBytes();
      long outA = sums + a / partsPerPanel * GatePanels.ROW_BYTES + offsetA;
      long outB = sums + b / partsPerPanel * GatePanels.ROW_BYTES + offsetB;
      if (weights.isInt16()) {
        panelA += GatePanels.SHORTS_AT + offsetA / 2;
        panelB += GatePanels.SHORTS_AT + offsetB / 2;
        ShortTiles.oneRowTwoPanels(x, weights.depth(), panelA, panelB, outA, outB);
      } else {
        Tiles.oneRowTwoPanels(x, weights.depth(), panelA + offsetA, panelB + offsetB, outA, outB);
      }
    }
    if (weights.isInt16()) {
      rescale(weights, sums);
    }
  }

  private static void rescale(GatePanels weights, long sums) {
    for (int p = 0; p < weights.panels(); p++) {
      long panel = weights.address() + p * weights.panelBytes();
      ShortTiles.rescale(sums + p * GatePanels.ROW_BYTES, panel);
    }
  }

  private static void stepRows(
      GatePanels weights, RowSet rows, int first, int count, int hiddenAt, Scratch scratch) {
    Tile tile = tile(scratch.sources.address(), scratch.sourceBytes(), weights.depth(), scratch);
    tile.out = scratch.sums.address();
    tile.outRow = GatePanels.ROW_BYTES;
    for (int p = 0; p < weights.panels(); p++) {
      rowsTimesPanel(weights, p, count, scratch);
      Activations.exp2InPlace(tile.out, count * GatePanels.ROW_BYTES, Exponential.GATE_LIMIT);
      long hidden = 4L * hiddenAt + p * GROUP;
      updateCells(rows, first, count, hidden + 4L * Floats.pad(weights.hidden()), scratch);
      Activations.exp2InPlace(scratch.exponents.address(), count * GROUP, Exponential.GATE_LIMIT);
      updateHiddens(rows, first, count, hidden, scratch);
    }
  }

  static void rowsTimesPanel(GatePanels weights, int p, int count, Scratch scratch) {
    Tile tile = scratch.tile;
    long panel = weights.address() + p * weights.panelBytes();
    if (weights.isInt16()) {
      ShortTiles.multiply(tile, count, panel, scratch.widened.address());
    } else {
      tile.start = panel;
      tile.w = panel + GatePanels.ROW_BYTES;
      Tiles.multiply(tile, count);
    }
  }

  private static void updateCells(RowSet rows, int first, int count, long cell, Scratch scratch) {
    long sums = scratch.sums.address();
    long exponents = scratch.exponents.address();
    for (int r = 0; r < count; r++) {
      long at = rows.address(first + r) + cell;
      Activations.updateCell(sums + r * GatePanels.ROW_BYTES, at, exponents + r * GROUP);
    }
  }

  private static void updateHiddens(
      RowSet rows, int first, int count, long hidden, Scratch scratch) {
    long sums = scratch.sums.address();
    long exponentials = scratch.exponents.address();
    for (int r = 0; r < count; r++) {
      long at = rows.address(first + r) + hidden;
      Activations.updateHidden(sums + r * GatePanels.ROW_BYTES, exponentials + r * GROUP, at);
    }
  }

  static Tile tile(long x, long xRow, int depth, Scratch scratch) {
    Tile tile = scratch.tile;
    tile.x = x;
    tile.xRow = xRow;
    tile.xDepth = Float.BYTES;
    tile.wDepth = GatePanels.ROW_BYTES;
    tile.startRow = 0; // Every row starts at the same bias.
    tile.depth = depth;
    return tile;
  }

  @Override
  void linearDense(
      LinearPanels weights, Floats inputs, int stride, int rows, Floats outputs, Scratch scratch) {
    for (int first = 0; first < rows; first += Scratch.BLOCK_ROWS) {
      int count = Math.min(Scratch.BLOCK_ROWS, rows - first);
      long x = inputs.address() + 4L * first * stride;
      Tile tile = tile(x, 4L * stride, weights.inputs(), scratch);
      linearBlock(weights, tile, first, count, outputs);
    }
  }

  @Override
  void linearStacked(
      LinearPanels weights, int inputsAt, RowSet rows, Floats outputs, Scratch scratch) {
    int block = blockRows(rows.count(), scratch);
    for (int first = 0; first < rows.count(); first += block) {
      int count = Math.min(block, rows.count() - first);
      copyFromRows(rows, first, count, inputsAt, weights.inputs(), scratch);
      long x = scratch.sources.address();
      Tile tile = tile(x, scratch.sourceBytes(), weights.inputs(), scratch);
      linearBlock(weights, tile, first, count, outputs);
    }
  }

  private static void linearBlock(
      LinearPanels weights, Tile tile, int first, int count, Floats outputs) {
    tile.outRow = 4L * weights.paddedOutputs();
    for (int p = 0; p < weights.panels(); p++) {
      tile.start = weights.address() + p * weights.panelBytes();
      tile.w = tile.start + GatePanels.ROW_BYTES;
      tile.out = outputs.address() + first * tile.outRow + p * GatePanels.ROW_BYTES;
      Tiles.multiply(tile, count);
    }
  }

  @Override
  double softmaxAt(long address, int count, Scratch scratch) {
    float max = Activations.max(address, count);
    Activations.exponents(address, count, max);
    Activations.exp2InPlace(address, 4L * count, Exponential.FULL_LIMIT);
    Activations.clearPadding(address, count);
    float sum = Activations.sum(address, count, scratch.lanes.address());
    Activations.divide(address, count, sum);
    return max + StrictMath.log(sum);
  }

  @Override
  boolean allFiniteAt(long address, int count) {
    return Activations.allFinite(address, count);
  }

  @Override
  void roundToHalvesAt(long address, int count) {
    HalfLanes.round(address, count);
  }
}
