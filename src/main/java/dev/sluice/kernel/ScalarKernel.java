package dev.sluice.kernel;

/** The specification: plain loops, one row at a time, each output one chain in input order. */
final class ScalarKernel extends Kernel {

  /** A smaller memory is as good as none, and subnormal numbers are slow. */
  static final float SMALLEST_CELL = 1e-30f;

  private static final int UNITS = GatePanels.UNITS;

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  void stepDense(
      GatePanels weights, Floats inputs, int stride, RowSet rows, int hiddenAt, Scratch scratch) {
    for (int r = 0; r < rows.count(); r++) {
      long input = inputs.address() + 4L * r * stride;
      step(weights, input, rows.address(r) + 4L * hiddenAt, scratch);
    }
  }

  @Override
  void stepStacked(GatePanels weights, int inputsAt, RowSet rows, int hiddenAt, Scratch scratch) {
    for (int r = 0; r < rows.count(); r++) {
      long row = rows.address(r);
      step(weights, row + 4L * inputsAt, row + 4L * hiddenAt, scratch);
    }
  }

  @Override
  void stepCellDense(
      CellPanels cell, Floats inputs, int stride, RowSet rows, int hiddenAt, Scratch scratch) {
    for (int r = 0; r < rows.count(); r++) {
      long input = inputs.address() + 4L * r * stride;
      ScalarCells.step(cell, input, rows.address(r) + 4L * hiddenAt, scratch);
    }
  }

  @Override
  void stepCellStacked(CellPanels cell, int inputsAt, RowSet rows, int hiddenAt, Scratch scratch) {
    for (int r = 0; r < rows.count(); r++) {
      long row = rows.address(r);
      ScalarCells.step(cell, row + 4L * inputsAt, row + 4L * hiddenAt, scratch);
    }
  }

  /** Puts x and h side by side. */
  static void gather(GatePanels weights, long input, long hidden, Scratch scratch) {
    long source = scratch.sources.address();
    Memory.copy(input, source, weights.inputs());
    Memory.copy(hidden, source + 4L * weights.inputs(), weights.recurrent());
  }

  /** Computes the 64 sums of a panel from what was gathered. */
  static void sums(GatePanels weights, int p, Scratch scratch, long out) {
    long panel = weights.address() + p * weights.panelBytes();
    if (weights.isInt16()) {
      shortChains(panel, scratch.sources.address(), weights.depth(), out);
    } else {
      chains(panel, scratch.sources.address(), weights.depth(), out);
    }
  }

  private static void step(GatePanels weights, long input, long hidden, Scratch scratch) {
    gather(weights, input, hidden, scratch);
    long sums = scratch.sums.address();
    long cell = hidden + 4L * Floats.pad(weights.hidden());
    for (int p = 0; p < weights.panels(); p++) {
      sums(weights, p, scratch, sums);
      for (int u = 0; u < UNITS; u++) {
        update(sums + 4L * u, cell + 4L * (p * UNITS + u), hidden + 4L * (p * UNITS + u));
      }
    }
  }

  /** Computes 64 chains: {@code out[j] = panel[0][j] + Σ_k source[k] · panel[1 + k][j]}. */
  private static void chains(long panel, long source, int depth, long out) {
    chains(panel, panel + GatePanels.ROW_BYTES, source, depth, out);
  }

  /** Computes 64 chains that start at {@code start}. */
  static void chains(long start, long rows, long source, int depth, long out) {
    Memory.copy(start, out, GatePanels.ROW);
    for (int k = 0; k < depth; k++) {
      float x = Memory.get(source + 4L * k);
      long weights = rows + k * GatePanels.ROW_BYTES;
      for (int j = 0; j < GatePanels.ROW; j++) {
        float sum = Memory.get(out + 4L * j);
        Memory.set(out + 4L * j, Math.fma(x, Memory.get(weights + 4L * j), sum));
      }
    }
  }

  /**
   * Computes 64 chains of int16 weights: {@code out[j] = bias[j] + scale[j] · Σ_k source[k] ·
   * weights[k][j]}. A weight becomes a float without rounding, the sum begins at 0, and the last
   * link of the chain scales it and adds the bias. Sources up to 1e30 do not overflow.
   */
  private static void shortChains(long panel, long source, int depth, long out) {
    for (int j = 0; j < GatePanels.ROW; j++) {
      Memory.set(out + 4L * j, 0f);
    }
    for (int k = 0; k < depth; k++) {
      float x = Memory.get(source + 4L * k);
      long weights = panel + GatePanels.SHORTS_AT + k * GatePanels.SHORT_ROW_BYTES;
      for (int j = 0; j < GatePanels.ROW; j++) {
        float sum = Memory.get(out + 4L * j);
        Memory.set(out + 4L * j, Math.fma(x, Memory.getShort(weights + 2L * j), sum));
      }
    }
    for (int j = 0; j < GatePanels.ROW; j++) {
      float scale = Memory.get(panel + GatePanels.ROW_BYTES + 4L * j);
      float sum = Memory.get(out + 4L * j);
      Memory.set(out + 4L * j, Math.fma(sum, scale, Memory.get(panel + 4L * j)));
    }
  }

  /**
   * Updates one unit from its four sums. With E = e^-z of the sigmoid gates, E = e^2z of the
   * candidate, and D = E + 1, the textbook's five divisions become two:
   *
   * <pre>{@code
   * c ← c/Df + (Eg-1)/(Di·Dg) = (c·Di·Dg + (Eg-1)·Df) / (Df·Di·Dg)
   * h ← tanh(c)/Do = (Ec-1) / ((Ec+1)·Do)
   * }</pre>
   */
  static void update(long sums, long cell, long hidden) {
    float c = keep(sums, Memory.get(cell));
    Memory.set(cell, c);
    Memory.set(hidden, show(sums, c * (2 * Exponential.LOG2_E)));
  }

  /** Returns c after the step. */
  static float keep(long sums, float c) {
    float ei = gate(sums);
    float df = gate(sums + 4L * UNITS) + 1f;
    float eg = gate(sums + 8L * UNITS);
    float inputs = (ei + 1f) * (eg + 1f);
    return flush(Math.fma(c, inputs, (eg - 1f) * df) / (inputs * df));
  }

  static float flush(float memory) {
    return Math.abs(memory) < SMALLEST_CELL ? 0f : memory;
  }

  /** Returns h after the step from the exponent of tanh(c). */
  static float show(long sums, float exponent) {
    float ec = Exponential.exp2(exponent, Exponential.GATE_LIMIT);
    return (ec - 1f) / ((ec + 1f) * (gate(sums + 12L * UNITS) + 1f));
  }

  static float gate(long sum) {
    return Exponential.exp2(Memory.get(sum), Exponential.GATE_LIMIT);
  }

  @Override
  void linearDense(
      LinearPanels weights, Floats inputs, int stride, int rows, Floats outputs, Scratch scratch) {
    for (int r = 0; r < rows; r++) {
      linear(weights, inputs.address() + 4L * r * stride, outputs, r);
    }
  }

  @Override
  void linearStacked(
      LinearPanels weights, int inputsAt, RowSet rows, Floats outputs, Scratch scratch) {
    for (int r = 0; r < rows.count(); r++) {
      linear(weights, rows.address(r) + 4L * inputsAt, outputs, r);
    }
  }

  private static void linear(LinearPanels weights, long source, Floats outputs, int row) {
    long out = outputs.address() + 4L * row * weights.paddedOutputs();
    for (int p = 0; p < weights.panels(); p++) {
      long panel = weights.address() + p * weights.panelBytes();
      chains(panel, source, weights.inputs(), out + p * GatePanels.ROW_BYTES);
    }
  }

  @Override
  double softmaxAt(long address, int count, Scratch scratch) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, Memory.get(address + 4L * i));
    }
    for (int i = 0; i < count; i++) {
      float x = (Memory.get(address + 4L * i) - max) * Exponential.LOG2_E;
      Memory.set(address + 4L * i, Exponential.exp2(x, Exponential.FULL_LIMIT));
    }
    float sum = sumByLanes(address, count);
    for (int i = 0; i < Floats.pad(count); i++) {
      Memory.set(address + 4L * i, i < count ? Memory.get(address + 4L * i) / sum : 0f);
    }
    return max + StrictMath.log(sum);
  }

  /** Sums element 0, 16, 32, … then 1, 17, … and so on, then those 16 sums: what lanes can do. */
  static float sumByLanes(long address, int count) {
    float total = 0;
    for (int lane = 0; lane < Floats.LINE; lane++) {
      float sum = 0;
      for (int i = lane; i < count; i += Floats.LINE) {
        sum += Memory.get(address + 4L * i);
      }
      total += sum;
    }
    return total;
  }

  @Override
  boolean allFiniteAt(long address, int count) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(Memory.get(address + 4L * i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  void roundToHalvesAt(long address, int count) {
    for (int i = 0; i < count; i++) {
      Memory.set(address + 4L * i, Halves.round(Memory.get(address + 4L * i)));
    }
  }
}
