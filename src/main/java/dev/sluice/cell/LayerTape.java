package dev.sluice.cell;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.LinearPanels;
import dev.sluice.kernel.Product;
import dev.sluice.kernel.Recurrence;
import dev.sluice.kernel.RowBlock;
import dev.sluice.kernel.TrainingKernel;
import dev.sluice.kernel.UnitStrip;
import dev.sluice.kernel.UnitStrip.Part;

/**
 * What one layer computed over a window of T steps and B lanes, kept for the way back, and the way
 * back. Everything per unit is laid out by panels of 16 units, so that all steps of a panel are
 * neighbours: the gradient of its weights is then one product over as many steps as the cache
 * holds.
 */
final class LayerTape {

  private static final TrainingKernel KERNEL = TrainingKernel.best();
  private static final int WIDTH = 64;
  private static final int UNITS = 16;
  private static final int PEEPHOLES = 3 * UNITS;

  /** Rows whose gradients, 64 wide, take 32 KiB: they stay in the L1 from tile to tile. */
  private static final int CHUNK_ROWS = 128;

  private final TrainableStack.Layer layer;
  private final int lanes;
  private final int steps;
  private final int depth; // I + H
  private final int panels;
  private final int stride; // of sources
  private final Floats sources; // [T + 1][B][x | h before]
  private final Floats gates; // [panels][T][B][64]
  private final Floats cells; // [panels][T + 1][B][16], c before each step and after the last
  private final Floats tanh; // [panels][T][B][16]
  private final RowBlock hiddenGradients; // [B][H]
  private final Floats cellGradients; // [panels][B][16]
  private final Floats one = Floats.of(1);
  private final Product product = new Product();
  private final UnitStrip strip;
  private final boolean[] begins; // [T][B], where a lane begins with a memory of 0
  private final Recurrence recurrence;
  private final Transposed toHidden;
  private final Transposed toInputs;

  LayerTape(TrainableStack.Layer layer, int lanes, int steps) {
    this.layer = layer;
    this.recurrence = layer.cell().recurrence();
    this.lanes = lanes;
    this.steps = steps;
    this.depth = layer.inputs() + layer.hidden();
    this.panels = Floats.pad(layer.hidden()) / UNITS;
    // An odd number of cache lines, so that rows spread over all sets of the cache.
    int lines = Floats.pad(layer.inputs() + Floats.pad(layer.hidden())) / Floats.LINE;
    this.stride = (lines | 1) * Floats.LINE;
    this.sources = Floats.allocate((steps + 1L) * lanes * stride);
    this.gates = Floats.allocate((long) panels * steps * lanes * WIDTH);
    this.cells = Floats.allocate(panels * (steps + 1L) * lanes * UNITS);
    this.tanh = Floats.allocate((long) panels * steps * lanes * UNITS);
    this.hiddenGradients =
        RowBlock.allocate(lanes, layer.hidden(), LinearPanels.paddedOutputs(layer.hidden()));
    this.cellGradients = Floats.allocate((long) panels * lanes * UNITS);
    this.strip = new UnitStrip(lanes);
    this.begins = new boolean[steps * lanes];
    this.toHidden = new Transposed(panels * WIDTH, 1 + depth, 1 + layer.inputs(), layer.hidden());
    this.toInputs = new Transposed(panels * WIDTH, 1 + depth, 1, layer.inputs());
  }

  /** Returns where the inputs go, row t·B + b. */
  RowBlock inputs() {
    return new RowBlock(sources, 0, stride, steps * lanes, layer.inputs());
  }

  /** Forgets the memory of a lane, as the last window left it. */
  void reset(int lane) {
    sources.fill((long) (steps * lanes + lane) * stride + layer.inputs(), layer.hidden(), 0);
    for (int p = 0; p < panels; p++) {
      cells.fill(cellsAt(p, steps) + (long) lane * UNITS, UNITS, 0);
    }
  }

  /** Says whether a lane begins with a memory of 0 at a step of the windows to come. */
  void begin(int step, int lane, boolean begins) {
    this.begins[step * lanes + lane] = begins;
  }

  /** Goes through the window, from the memory that the last one left. */
  void forward(RowBlock above) {
    carry();
    for (int t = 0; t < steps; t++) {
      forgetWhereSequencesBegin(t);
      for (int p = 0; p < panels; p++) {
        sums(t, p);
        placeTape(t, p);
        long next = (t + 1L) * lanes * stride + layer.inputs() + (long) p * UNITS;
        strip.place(Part.HIDDEN, sources, next, stride);
        strip.place(
            Part.ABOVE, above.block(), above.at(t * lanes) + (long) p * UNITS, above.stride());
        KERNEL.activate(strip, recurrence);
      }
    }
  }

  private void forgetWhereSequencesBegin(int t) {
    for (int lane = 0; lane < lanes; lane++) {
      if (begins[t * lanes + lane]) {
        sources.fill(((long) t * lanes + lane) * stride + layer.inputs(), layer.hidden(), 0);
        for (int p = 0; p < panels; p++) {
          cells.fill(cellsAt(p, t) + (long) lane * UNITS, UNITS, 0);
        }
      }
    }
  }

  private void carry() {
    for (int lane = 0; lane < lanes; lane++) {
      long to = (long) lane * stride + layer.inputs();
      Floats.copy(sources, to + (long) steps * lanes * stride, sources, to, layer.hidden());
    }
    for (int p = 0; p < panels; p++) {
      Floats.copy(cells, cellsAt(p, steps), cells, cellsAt(p, 0), (long) lanes * UNITS);
    }
  }

  private void sums(int t, int p) {
    Floats weights = layer.parameter().value();
    product.size(lanes, depth).left(sources, (long) t * lanes * stride, stride, 1);
    product.panel(weights, biasAt(p) + WIDTH, WIDTH).from(weights, biasAt(p), 0);
    KERNEL.multiply(product.into(gates, gatesAt(p, t), WIDTH));
  }

  private void placeTape(int t, int p) {
    strip.place(Part.GATES, gates, gatesAt(p, t), WIDTH);
    strip.place(Part.CELL_BEFORE, cells, cellsAt(p, t), UNITS);
    strip.place(Part.CELL, cells, cellsAt(p, t + 1), UNITS);
    if (layer.peepholes() != null) {
      Floats gradients = layer.peepholes().gradient();
      strip.placePeepholes(layer.peepholes().value(), gradients, (long) p * PEEPHOLES);
    }
    strip.place(Part.TANH, tanh, ((long) p * steps + t) * lanes * UNITS, UNITS);
  }

  /**
   * Goes back through the window and adds to the gradients of the weights.
   *
   * @param above gradient by h of each step, row t·B + b
   */
  void backward(RowBlock above) {
    toHidden.repack(layer.parameter().value());
    cellGradients.fill(0, cellGradients.size(), 0);
    hiddenGradients.block().fill(0, hiddenGradients.block().size(), 0);
    int chunk = Math.max(1, CHUNK_ROWS / lanes);
    int end = steps;
    for (int t = steps - 1; t >= 0; t--) {
      for (int p = 0; p < panels; p++) {
        placeTape(t, p);
        strip.place(
            Part.ABOVE_GRADIENT,
            above.block(),
            above.at(t * lanes) + (long) p * UNITS,
            above.stride());
        strip.place(
            Part.HIDDEN_GRADIENT,
            hiddenGradients.block(),
            (long) p * UNITS,
            hiddenGradients.stride());
        strip.place(Part.CELL_GRADIENT, cellGradients, (long) p * lanes * UNITS, UNITS);
        KERNEL.differentiate(strip, recurrence);
        if (layer.cell() == Cell.COUPLED) {
          KERNEL.tie(strip);
        }
      }
      if (t > 0) {
        toHidden.multiply(gates, gatesAt(0, t), gatesAt(1, 0), WIDTH, hiddenGradients);
        stopWhereSequencesBegin(t);
      }
      if (end - t == chunk || t == 0) {
        accumulate(t, end);
        end = t;
      }
    }
    if (layer.cell() == Cell.GRU) {
      keepZeros();
    }
  }

  /** The candidate of a GRU has x in one group and h in the other: the rest are no weights. */
  private void keepZeros() {
    Floats gradient = layer.parameter().gradient();
    for (int p = 0; p < panels; p++) {
      for (int k = 0; k < depth; k++) {
        int group = k < layer.inputs() ? 3 : 2;
        gradient.fill(biasAt(p) + (1L + k) * WIDTH + (long) group * UNITS, UNITS, 0);
      }
    }
  }

  /** What a lane held before it began anew has no part in what came after. */
  private void stopWhereSequencesBegin(int t) {
    for (int lane = 0; lane < lanes; lane++) {
      if (begins[t * lanes + lane]) {
        hiddenGradients.block().fill(hiddenGradients.at(lane), layer.hidden(), 0);
        for (int p = 0; p < panels; p++) {
          cellGradients.fill(((long) p * lanes + lane) * UNITS, UNITS, 0);
        }
      }
    }
  }

  /** Adds to the gradients of the weights those of the steps from {@code first} to {@code end}. */
  private void accumulate(int first, int end) {
    Floats gradient = layer.parameter().gradient();
    int rows = (end - first) * lanes;
    for (int p = 0; p < panels; p++) {
      long bias = biasAt(p);
      product.size(1, rows).left(one, 0, 0, 0).panel(gates, gatesAt(p, first), WIDTH);
      KERNEL.multiply(product.from(gradient, bias, 0).into(gradient, bias, 0));
      long weights = bias + WIDTH;
      product
          .size(/* rows= */ depth, /* depth= */ rows)
          .left(sources, (long) first * lanes * stride, 1, stride);
      product.panel(gates, gatesAt(p, first), WIDTH);
      KERNEL.multiply(product.from(gradient, weights, WIDTH).into(gradient, weights, WIDTH));
    }
  }

  /** Computes the gradients by the inputs, after {@link #backward}, row t·B + b. */
  void inputGradients(RowBlock into) {
    toInputs.repack(layer.parameter().value());
    toInputs.multiply(gates, 0, gatesAt(1, 0), WIDTH, into);
  }

  private long biasAt(int panel) {
    return panel * (1L + depth) * WIDTH;
  }

  private long gatesAt(int panel, int step) {
    return ((long) panel * steps + step) * lanes * WIDTH;
  }

  private long cellsAt(int panel, int step) {
    return (panel * (steps + 1L) + step) * lanes * UNITS;
  }
}
