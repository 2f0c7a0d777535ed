package dev.sluice.kernel;

/** {@link ScalarKernel} for the other kinds of cells: one row, one unit at a time. */
final class ScalarCells {

  private static final int UNITS = GatePanels.UNITS;
  private static final long GROUP = 4L * UNITS;
  private static final float TWICE_LOG2_E = 2 * Exponential.LOG2_E;

  private ScalarCells() {}

  /** Advances the memory at {@code hidden} by one step. */
  static void step(CellPanels cell, long input, long hidden, Scratch scratch) {
    ScalarKernel.gather(cell.gates(), input, hidden, scratch);
    switch (cell.recurrence()) {
      case LSTM -> throw new IllegalStateException("A plain LSTM has a path of its own. Use it");
      case PEEPHOLE -> peephole(cell, hidden, scratch);
      case GRU -> gru(cell, hidden, scratch);
      case GRU_BEFORE -> gruBefore(cell, hidden, scratch);
      case PROJECTED -> projected(cell, hidden, scratch);
      case NORMALISED -> normalised(cell, hidden, scratch);
    }
  }

  private static void peephole(CellPanels cell, long hidden, Scratch scratch) {
    long sums = scratch.sums.address();
    for (int p = 0; p < cell.gates().panels(); p++) {
      ScalarKernel.sums(cell.gates(), p, scratch, sums);
      for (int u = 0; u < UNITS; u++) {
        long h = hidden + p * GROUP + 4L * u;
        long c = h + 4L * Floats.pad(cell.outputs());
        long weights = cell.extras(p) + 4L * u;
        long sum = sums + 4L * u;
        multiplyAdd(sum, c, weights);
        multiplyAdd(sum + GROUP, c, weights + GROUP);
        float kept = ScalarKernel.keep(sum, Memory.get(c));
        Memory.set(c, kept);
        multiplyAdd(sum + 3 * GROUP, c, weights + 2 * GROUP);
        Memory.set(h, ScalarKernel.show(sum, kept * TWICE_LOG2_E));
      }
    }
  }

  private static void multiplyAdd(long sum, long x, long weight) {
    Memory.set(sum, Math.fma(Memory.get(x), Memory.get(weight), Memory.get(sum)));
  }

  private static void gru(CellPanels cell, long hidden, Scratch scratch) {
    long sums = scratch.sums.address();
    for (int p = 0; p < cell.gates().panels(); p++) {
      ScalarKernel.sums(cell.gates(), p, scratch, sums);
      for (int u = 0; u < UNITS; u++) {
        long sum = sums + 4L * u;
        float dr = ScalarKernel.gate(sum) + 1f;
        float exponent = Memory.get(sum + 2 * GROUP) + Memory.get(sum + 3 * GROUP) / dr;
        long h = hidden + p * GROUP + 4L * u;
        Memory.set(h, mix(ScalarKernel.gate(sum + GROUP), exponent, Memory.get(h)));
      }
    }
  }

  /**
   * Returns h after the step. With E = e^-z of the update gate, E = e^2n of the candidate and D = E
   * + 1, one division does: {@code (1-z)·n + z·h = ((En-1)·Ez + h·Dn) / (Dn·Dz)}.
   */
  private static float mix(float ez, float exponent, float h) {
    float en = Exponential.exp2(exponent, Exponential.GATE_LIMIT);
    float dn = en + 1f;
    return ScalarKernel.flush(Math.fma(h, dn, (en - 1f) * ez) / (dn * (ez + 1f)));
  }

  private static void gruBefore(CellPanels cell, long hidden, Scratch scratch) {
    int panels = cell.gates().panels();
    for (int p = 0; p < panels; p++) {
      long sums = scratch.wide.address() + p * GatePanels.ROW_BYTES;
      ScalarKernel.sums(cell.gates(), p, scratch, sums);
      for (int u = 0; u < UNITS; u++) {
        long unit = p * GROUP + 4L * u;
        float dr = ScalarKernel.gate(sums + 4L * u) + 1f;
        Memory.set(scratch.seconds.address() + unit, Memory.get(hidden + unit) / dr);
      }
    }
    linear(cell.second(), scratch);
    for (int u = 0; u < panels * UNITS; u++) {
      long sum = scratch.wide.address() + u / UNITS * GatePanels.ROW_BYTES + 4L * (u % UNITS);
      float exponent = Memory.get(sum + 2 * GROUP) + Memory.get(scratch.wideToo.address() + 4L * u);
      long h = hidden + 4L * u;
      Memory.set(h, mix(ScalarKernel.gate(sum + GROUP), exponent, Memory.get(h)));
    }
  }

  private static void projected(CellPanels cell, long hidden, Scratch scratch) {
    long sums = scratch.sums.address();
    for (int p = 0; p < cell.gates().panels(); p++) {
      ScalarKernel.sums(cell.gates(), p, scratch, sums);
      for (int u = 0; u < UNITS; u++) {
        long unit = p * GROUP + 4L * u;
        long c = hidden + 4L * Floats.pad(cell.outputs()) + unit;
        ScalarKernel.update(sums + 4L * u, c, scratch.seconds.address() + unit);
      }
    }
    linear(cell.second(), scratch);
    Memory.copy(scratch.wideToo.address(), hidden, Floats.pad(cell.outputs()));
  }

  /** Multiplies what is in {@code seconds} into {@code wideToo}. */
  private static void linear(LinearPanels weights, Scratch scratch) {
    for (int p = 0; p < weights.panels(); p++) {
      long panel = weights.address() + p * weights.panelBytes();
      long out = scratch.wideToo.address() + p * GatePanels.ROW_BYTES;
      long source = scratch.seconds.address();
      ScalarKernel.chains(panel, panel + GatePanels.ROW_BYTES, source, weights.inputs(), out);
    }
  }

  private static void normalised(CellPanels cell, long hidden, Scratch scratch) {
    GatePanels gates = cell.gates();
    int panels = gates.panels();
    long zeros = scratch.widened.address();
    long source = scratch.sources.address();
    long hiddenRows = (1L + gates.inputs()) * GatePanels.ROW_BYTES;
    for (int p = 0; p < panels; p++) {
      long panel = gates.address() + p * gates.panelBytes();
      long at = p * GatePanels.ROW_BYTES;
      long ofInputs = scratch.wide.address() + at;
      long ofHidden = scratch.wideToo.address() + at;
      long rows = panel + GatePanels.ROW_BYTES;
      ScalarKernel.chains(zeros, rows, source, gates.inputs(), ofInputs);
      long from = source + 4L * gates.inputs();
      ScalarKernel.chains(zeros, panel + hiddenRows, from, gates.recurrent(), ofHidden);
    }
    combine(cell, scratch);
    long cells = hidden + 4L * Floats.pad(cell.outputs());
    for (int u = 0; u < panels * UNITS; u++) {
      long sum = scratch.wide.address() + u / UNITS * GatePanels.ROW_BYTES + 4L * (u % UNITS);
      long c = cells + 4L * u;
      Memory.set(c, ScalarKernel.keep(sum, Memory.get(c)));
    }
    showNormalised(cell, cells, hidden, scratch);
  }

  /** Normalises both kinds of sums and adds them up, in {@code wide}. */
  private static void combine(CellPanels cell, Scratch scratch) {
    int panels = cell.gates().panels();
    int width = cell.normalisedSums();
    long inputs = scratch.wide.address();
    long hiddens = scratch.wideToo.address();
    float inputMean = mean(inputs, panels * GatePanels.ROW, width);
    float hiddenMean = mean(hiddens, panels * GatePanels.ROW, width);
    float inputScale = scale(cell, inputs, GatePanels.GATES, inputMean);
    float hiddenScale = scale(cell, hiddens, GatePanels.GATES, hiddenMean);
    for (int j = 0; j < panels * GatePanels.ROW; j++) {
      long norms = cell.extras(j / GatePanels.ROW) + 4L * (j % GatePanels.ROW);
      float x = (Memory.get(inputs + 4L * j) - inputMean) * inputScale;
      float h = (Memory.get(hiddens + 4L * j) - hiddenMean) * hiddenScale;
      float bias = Memory.get(norms + 2 * GatePanels.ROW_BYTES);
      float sum = Math.fma(h, Memory.get(norms + GatePanels.ROW_BYTES), bias);
      Memory.set(inputs + 4L * j, Math.fma(x, Memory.get(norms), sum));
    }
  }

  private static void showNormalised(CellPanels cell, long cells, long hidden, Scratch scratch) {
    int panels = cell.gates().panels();
    float mean = mean(cells, panels * UNITS, cell.hidden());
    float scale = scale(cell, cells, 1, mean);
    for (int u = 0; u < panels * UNITS; u++) {
      long norms = cell.extras(u / UNITS) + 4L * (CellPanels.CELL_NORMS + u % UNITS);
      float c = (Memory.get(cells + 4L * u) - mean) * scale;
      float exponent = Math.fma(c, Memory.get(norms), Memory.get(norms + GROUP));
      long sum = scratch.wide.address() + u / UNITS * GatePanels.ROW_BYTES + 4L * (u % UNITS);
      Memory.set(hidden + 4L * u, ScalarKernel.show(sum, exponent));
    }
  }

  private static float mean(long values, int padded, int count) {
    return ScalarKernel.sumByLanes(values, padded) / count;
  }

  /** Returns 1 / standard deviation; the mask keeps units out that do not exist. */
  private static float scale(CellPanels cell, long values, int groups, float mean) {
    float total = 0;
    for (int lane = 0; lane < UNITS; lane++) {
      float sum = 0;
      for (int g = 0; g < cell.gates().panels() * groups; g++) {
        long mask = cell.extras(g / groups) + 4L * (CellPanels.CELL_NORMS + 2 * UNITS + lane);
        float off = (Memory.get(values + g * GROUP + 4L * lane) - mean) * Memory.get(mask);
        sum = Math.fma(off, off, sum);
      }
      total += sum;
    }
    float variance = total / (groups * cell.hidden());
    return 1f / (float) Math.sqrt(variance + CellPanels.EPSILON);
  }
}
