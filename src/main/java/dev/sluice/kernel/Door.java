package dev.sluice.kernel;

/** The checks at the door of {@link Kernel}: a few comparisons per call, none per row. */
final class Door {

  private Door() {}

  static void dense(Floats block, int stride, int width, int rows) {
    if (stride < width || stride % Floats.LINE != 0) {
      throw new IllegalArgumentException(
          "Rows of "
              + width
              + " floats at a stride of "
              + stride
              + ". Give a stride of "
              + Floats.pad(width)
              + " or a larger multiple of "
              + Floats.LINE);
    }
    block.checkRange(0, (long) rows * stride);
  }

  static void rows(RowSet rows, int at, int width) {
    line(at);
    if (at + width > rows.rowLength()) {
      throw new IllegalArgumentException(
          width
              + " floats at "
              + at
              + " do not fit rows of "
              + rows.rowLength()
              + ". Give rows made for this layer");
    }
  }

  static void line(long at) {
    if (at < 0 || at % Floats.LINE != 0) {
      throw new IllegalArgumentException(
          "Offset " + at + " is not aligned. Give a multiple of " + Floats.LINE);
    }
  }

  static void scratch(Scratch scratch, GatePanels weights) {
    scratch(scratch, weights.inputs() + Floats.pad(weights.hidden()), weights.panels());
  }

  static void scratch(Scratch scratch, CellPanels cell) {
    scratch(scratch, cell.gates());
    if (Floats.pad(cell.hidden()) > scratch.wideUnits()) {
      throw new IllegalArgumentException(
          "Scratch for cells of "
              + scratch.wideUnits()
              + " units, this layer has "
              + cell.hidden()
              + ". Make scratch for the largest layer");
    }
  }

  static void scratch(Scratch scratch, int sourceFloats, int sumRows) {
    if (sourceFloats > scratch.sourceFloats() || sumRows > scratch.sumRows()) {
      throw new IllegalArgumentException(
          "Scratch for sources of "
              + scratch.sourceFloats()
              + " floats and "
              + scratch.sumRows()
              + " rows of sums, this layer needs "
              + sourceFloats
              + " and "
              + sumRows
              + ". Make scratch for the largest layer");
    }
  }
}
