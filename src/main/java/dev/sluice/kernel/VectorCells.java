package dev.sluice.kernel;

/**
 * {@link ScalarCells} with lanes, a block of rows at a time. Whatever the kind, panels of sums come
 * from the register tiles of {@link Tiles}; what differs are the short passes over them.
 */
final class VectorCells {

  private static final long ROW = GatePanels.ROW_BYTES;
  private static final long GROUP = Lanes.GROUP_BYTES;
  private static final float LIMIT = Exponential.GATE_LIMIT;

  private VectorCells() {}

  /** Steps {@code count} rows from {@code first} on, whose x and h are in the scratch. */
  static void step(
      CellPanels cell, RowSet rows, int first, int count, int hiddenAt, Scratch scratch) {
    GatePanels gates = cell.gates();
    Tile tile =
        VectorKernel.tile(scratch.sources.address(), scratch.sourceBytes(), gates.depth(), scratch);
    tile.out = scratch.sums.address();
    tile.outRow = ROW;
    switch (cell.recurrence()) {
      case LSTM -> throw new IllegalStateException("A plain LSTM has a path of its own. Use it");
      case PEEPHOLE -> peephole(cell, rows, first, count, hiddenAt, scratch);
      case GRU -> gru(cell, rows, first, count, hiddenAt, scratch);
      case GRU_BEFORE -> gruBefore(cell, rows, first, count, hiddenAt, scratch);
      case PROJECTED -> projected(cell, rows, first, count, hiddenAt, scratch);
      case NORMALISED -> normalised(cell, rows, first, count, hiddenAt, scratch);
    }
  }

  /** Returns where the sums of a panel are, row after row; those of a single row come at once. */
  private static long sums(GatePanels gates, int p, int count, Scratch scratch) {
    long sums = scratch.sums.address();
    if (count == 1) {
      if (p == 0) {
        VectorKernel.rowTimesPanels(gates, sums, scratch);
      }
      return sums + p * ROW;
    }
    VectorKernel.rowsTimesPanel(gates, p, count, scratch);
    return sums;
  }

  private static void peephole(
      CellPanels cell, RowSet rows, int first, int count, int hiddenAt, Scratch scratch) {
    long exponents = scratch.exponents.address();
    long toCell = 4L * Floats.pad(cell.outputs());
    for (int p = 0; p < cell.gates().panels(); p++) {
      long sums = sums(cell.gates(), p, count, scratch);
      long weights = cell.extras(p);
      for (int r = 0; r < count; r++) {
        long h = rows.address(first + r) + 4L * hiddenAt + p * GROUP;
        long row = sums + r * ROW;
        CellActivations.multiplyAdd(row, h + toCell, weights);
        CellActivations.multiplyAdd(row + GROUP, h + toCell, weights + GROUP);
        Activations.exp2InPlace(row, 3 * GROUP, LIMIT);
        Activations.updateCell(row, h + toCell, exponents + r * GROUP);
        CellActivations.multiplyAdd(row + 3 * GROUP, h + toCell, weights + 2 * GROUP);
        Activations.exp2InPlace(row + 3 * GROUP, GROUP, LIMIT);
      }
      Activations.exp2InPlace(exponents, count * GROUP, LIMIT);
      for (int r = 0; r < count; r++) {
        long h = rows.address(first + r) + 4L * hiddenAt + p * GROUP;
        Activations.updateHidden(sums + r * ROW, exponents + r * GROUP, h);
      }
    }
  }

  private static void gru(
      CellPanels cell, RowSet rows, int first, int count, int hiddenAt, Scratch scratch) {
    long exponents = scratch.exponents.address();
    for (int p = 0; p < cell.gates().panels(); p++) {
      long sums = sums(cell.gates(), p, count, scratch);
      for (int r = 0; r < count; r++) {
        Activations.exp2InPlace(sums + r * ROW, 2 * GROUP, LIMIT);
        CellActivations.candidate(sums + r * ROW, exponents + r * GROUP);
      }
      Activations.exp2InPlace(exponents, count * GROUP, LIMIT);
      for (int r = 0; r < count; r++) {
        long h = rows.address(first + r) + 4L * hiddenAt + p * GROUP;
        CellActivations.mix(sums + r * ROW, exponents + r * GROUP, h);
      }
    }
  }

  private static void gruBefore(
      CellPanels cell, RowSet rows, int first, int count, int hiddenAt, Scratch scratch) {
    int panels = cell.gates().panels();
    long wideRow = panels * ROW;
    long wide = scratch.wide.address();
    long secondRow = panels * GROUP;
    wideSums(cell.gates(), count, scratch);
    for (int r = 0; r < count; r++) {
      long h = rows.address(first + r) + 4L * hiddenAt;
      long to = scratch.seconds.address() + r * secondRow;
      for (int p = 0; p < panels; p++) {
        long sums = wide + r * wideRow + p * ROW;
        Activations.exp2InPlace(sums, 2 * GROUP, LIMIT);
        CellActivations.reset(sums, h + p * GROUP, to + p * GROUP);
      }
    }
    linear(cell.second(), count, secondRow, wideRow, scratch);
    long exponents = scratch.exponents.address();
    for (int r = 0; r < count; r++) {
      long h = rows.address(first + r) + 4L * hiddenAt;
      long second = scratch.wideToo.address() + r * wideRow;
      for (int p = 0; p < panels; p++) {
        long sums = wide + r * wideRow + p * ROW;
        CellActivations.add(sums + 2 * GROUP, second + p * GROUP, exponents);
        Activations.exp2InPlace(exponents, GROUP, LIMIT);
        CellActivations.mix(sums, exponents, h + p * GROUP);
      }
    }
  }

  private static void projected(
      CellPanels cell, RowSet rows, int first, int count, int hiddenAt, Scratch scratch) {
    int panels = cell.gates().panels();
    long exponents = scratch.exponents.address();
    long secondRow = panels * GROUP;
    long cells = 4L * (hiddenAt + Floats.pad(cell.outputs()));
    for (int p = 0; p < panels; p++) {
      long sums = sums(cell.gates(), p, count, scratch);
      Activations.exp2InPlace(sums, count * ROW, LIMIT);
      for (int r = 0; r < count; r++) {
        long c = rows.address(first + r) + cells + p * GROUP;
        Activations.updateCell(sums + r * ROW, c, exponents + r * GROUP);
      }
      Activations.exp2InPlace(exponents, count * GROUP, LIMIT);
      for (int r = 0; r < count; r++) {
        long to = scratch.seconds.address() + r * secondRow + p * GROUP;
        Activations.updateHidden(sums + r * ROW, exponents + r * GROUP, to);
      }
    }
    linear(cell.second(), count, secondRow, panels * ROW, scratch);
    for (int r = 0; r < count; r++) {
      long from = scratch.wideToo.address() + (long) r * panels * ROW;
      Activations.copy(from, rows.address(first + r) + 4L * hiddenAt, Floats.pad(cell.outputs()));
    }
  }

  /** Multiplies the rows in {@code seconds} into {@code wideToo}. */
  private static void linear(
      LinearPanels weights, int count, long row, long outRow, Scratch scratch) {
    Tile tile = scratch.tile;
    tile.x = scratch.seconds.address();
    tile.xRow = row;
    tile.depth = weights.inputs();
    tile.outRow = outRow;
    for (int p = 0; p < weights.panels(); p++) {
      tile.start = weights.address() + p * weights.panelBytes();
      tile.w = tile.start + ROW;
      tile.out = scratch.wideToo.address() + p * ROW;
      Tiles.multiply(tile, count);
    }
  }

  /** Computes the sums of all panels, in {@code wide}. */
  private static void wideSums(GatePanels gates, int count, Scratch scratch) {
    Tile tile = scratch.tile;
    tile.outRow = gates.panels() * ROW;
    for (int p = 0; p < gates.panels(); p++) {
      tile.out = scratch.wide.address() + p * ROW;
      VectorKernel.rowsTimesPanel(gates, p, count, scratch);
    }
  }

  private static void normalised(
      CellPanels cell, RowSet rows, int first, int count, int hiddenAt, Scratch scratch) {
    separateSums(cell.gates(), count, scratch);
    int panels = cell.gates().panels();
    long toCell = 4L * Floats.pad(cell.outputs());
    for (int r = 0; r < count; r++) {
      combine(cell, r, scratch);
      long sums = scratch.wide.address() + (long) r * panels * ROW;
      Activations.exp2InPlace(sums, panels * ROW, LIMIT);
      long h = rows.address(first + r) + 4L * hiddenAt;
      // What belongs to the exponents that updateCell leaves is not used: c is normalised first.
      for (int p = 0; p < panels; p++) {
        Activations.updateCell(sums + p * ROW, h + toCell + p * GROUP, scratch.lanes.address());
      }
      showNormalised(cell, h + toCell, h, sums, scratch);
    }
  }

  private static void separateSums(GatePanels gates, int count, Scratch scratch) {
    Tile tile = scratch.tile;
    long x = tile.x;
    tile.outRow = gates.panels() * ROW;
    tile.start = scratch.widened.address();
    for (int p = 0; p < gates.panels(); p++) {
      tile.w = gates.address() + p * gates.panelBytes() + ROW;
      tile.x = x;
      tile.depth = gates.inputs();
      tile.out = scratch.wide.address() + p * ROW;
      Tiles.multiply(tile, count);
      tile.w += gates.inputs() * ROW;
      tile.x = x + 4L * gates.inputs();
      tile.depth = gates.recurrent();
      tile.out = scratch.wideToo.address() + p * ROW;
      Tiles.multiply(tile, count);
    }
  }

  private static void combine(CellPanels cell, int row, Scratch scratch) {
    int panels = cell.gates().panels();
    int floats = panels * GatePanels.ROW;
    long inputs = scratch.wide.address() + (long) row * panels * ROW;
    long hiddens = scratch.wideToo.address() + (long) row * panels * ROW;
    float inputMean = mean(inputs, floats, cell.normalisedSums(), scratch);
    float hiddenMean = mean(hiddens, floats, cell.normalisedSums(), scratch);
    float inputScale = scale(cell, inputs, GatePanels.GATES, inputMean, scratch);
    float hiddenScale = scale(cell, hiddens, GatePanels.GATES, hiddenMean, scratch);
    for (int p = 0; p < panels; p++) {
      long norms = cell.extras(p);
      CellActivations.normaliseAdd(
          hiddens + p * ROW, hiddenMean, hiddenScale, norms + ROW, norms + 2 * ROW);
      CellActivations.normaliseAdd(
          inputs + p * ROW, inputMean, inputScale, norms, hiddens + p * ROW);
    }
  }

  private static void showNormalised(
      CellPanels cell, long cells, long hidden, long sums, Scratch scratch) {
    int panels = cell.gates().panels();
    float mean = mean(cells, panels * GatePanels.UNITS, cell.hidden(), scratch);
    float scale = scale(cell, cells, 1, mean, scratch);
    long exponents = scratch.exponents.address();
    for (int p = 0; p < panels; p++) {
      long norms = cell.extras(p) + 4L * CellPanels.CELL_NORMS;
      CellActivations.normalise(cells + p * GROUP, mean, scale, norms, exponents);
      Activations.exp2InPlace(exponents, GROUP, LIMIT);
      Activations.updateHidden(sums + p * ROW, exponents, hidden + p * GROUP);
    }
  }

  private static float mean(long values, int padded, int count, Scratch scratch) {
    return Activations.sum(values, padded, scratch.lanes.address()) / count;
  }

  private static float scale(
      CellPanels cell, long values, int groups, float mean, Scratch scratch) {
    int panels = cell.gates().panels();
    long lanes = scratch.lanes.address();
    float total = 0;
    CellActivations.clear(lanes);
    for (int p = 0; p < panels; p++) {
      long mask = cell.extras(p) + 4L * (CellPanels.CELL_NORMS + 2 * GatePanels.UNITS);
      for (int g = 0; g < groups; g++) {
        CellActivations.addSquares(values + (p * groups + g) * GROUP, mean, mask, lanes);
      }
    }
    for (int lane = 0; lane < GatePanels.UNITS; lane++) {
      total += Memory.get(lanes + 4L * lane);
    }
    float variance = total / (groups * cell.hidden());
    return 1f / (float) Math.sqrt(variance + CellPanels.EPSILON);
  }
}
