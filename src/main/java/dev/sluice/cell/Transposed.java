package dev.sluice.cell;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.LinearPanels;
import dev.sluice.kernel.Product;
import dev.sluice.kernel.RowBlock;
import dev.sluice.kernel.TrainingKernel;

/**
 * Some rows of a layer's weights, transposed, for going back: {@code dx = dz · Wᵀ}. Repacked once
 * per pass, because the weights change once per pass.
 */
final class Transposed {

  private static final TrainingKernel KERNEL = TrainingKernel.best();
  private static final int WIDTH = 64;

  private final int panels; // of the layer's outputs
  private final int rowsPerPanel;
  private final int firstRow;
  private final int rows;
  private final int columns;
  private final Floats data; // [⌈rows / 64⌉][panels · 64][64]
  private final Floats zeros = Floats.allocate(WIDTH);
  private final Product product = new Product();

  /**
   * Makes room for the transposition of rows {@code firstRow} to {@code firstRow + rows} of panels
   * of {@code rowsPerPanel} rows each.
   *
   * @param columns of all panels together; what the last panel holds beyond them is 0
   */
  Transposed(int columns, int rowsPerPanel, int firstRow, int rows) {
    this.columns = columns;
    this.panels = LinearPanels.paddedOutputs(columns) / WIDTH;
    this.rowsPerPanel = rowsPerPanel;
    this.firstRow = firstRow;
    this.rows = rows;
    this.data = Floats.allocate((long) LinearPanels.paddedOutputs(rows) * panels * WIDTH);
  }

  /** Copies the present weights. */
  void repack(Floats weights) {
    for (int first = 0; first < rows; first += WIDTH) {
      for (int p = 0; p < panels; p++) {
        long from = ((long) p * rowsPerPanel + firstRow + first) * WIDTH;
        KERNEL.transpose(weights, from, Math.min(WIDTH, rows - first), data, block(first, p));
      }
    }
  }

  /**
   * Multiplies some rows of gradients by the transposed weights.
   *
   * @param gradients of the layer's outputs, panel p's rows of 64 floats at {@code at + p ·
   *     panelStep}
   * @param rowStep floats from one row of gradients to the next
   * @param into gradients of the layer's inputs; all its rows are overwritten, its stride a
   *     multiple of 64
   */
  void multiply(Floats gradients, long at, long panelStep, int rowStep, RowBlock into) {
    for (int first = 0; first < rows; first += WIDTH) {
      long target = into.start() + first;
      for (int p = 0; p < panels; p++) {
        product.size(into.rows(), Math.min(WIDTH, columns - p * WIDTH));
        product.left(gradients, at + p * panelStep, rowStep, 1);
        product.panel(data, block(first, p), WIDTH);
        if (p == 0) {
          product.from(zeros, 0, 0);
        } else {
          product.from(into.block(), target, into.stride());
        }
        KERNEL.multiply(product.into(into.block(), target, into.stride()));
      }
    }
  }

  private long block(int firstOutput, int panel) {
    return ((long) firstOutput / WIDTH * panels + panel) * WIDTH * WIDTH;
  }
}
