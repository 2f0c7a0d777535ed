package dev.sluice.kernel;

import dev.sluice.kernel.UnitStrip.Part;

/** {@link ScalarTrainingKernel} for the other kinds of cells. */
final class ScalarCellTraining {

  private static final int UNITS = GatePanels.UNITS;
  private static final long GROUP = 4L * UNITS;

  private ScalarCellTraining() {}

  static void activatePeephole(UnitStrip strip) {
    for (int i = 0; i < strip.rows * UNITS; i++) {
      activatePeephole(strip, i / UNITS, 4L * (i % UNITS));
    }
  }

  private static void activatePeephole(UnitStrip strip, int row, long unit) {
    long gates = strip.address(Part.GATES, row) + unit;
    long peepholes = strip.peepholes() + unit;
    float before = Memory.get(strip.address(Part.CELL_BEFORE, row) + unit);
    float i = sigmoid(Math.fma(before, Memory.get(peepholes), Memory.get(gates)));
    float f = sigmoid(Math.fma(before, Memory.get(peepholes + GROUP), Memory.get(gates + GROUP)));
    float g = tanh(Memory.get(gates + 2 * GROUP));
    float c = ScalarKernel.flush(Math.fma(f, before, i * g));
    float sum = Memory.get(gates + 3 * GROUP);
    float o = sigmoid(Math.fma(c, Memory.get(peepholes + 2 * GROUP), sum));
    float tanh = tanh(c);
    Memory.set(gates, i);
    Memory.set(gates + GROUP, f);
    Memory.set(gates + 2 * GROUP, g);
    Memory.set(gates + 3 * GROUP, o);
    Memory.set(strip.address(Part.CELL, row) + unit, c);
    Memory.set(strip.address(Part.TANH, row) + unit, tanh);
    show(strip, row, unit, o * tanh);
  }

  private static void show(UnitStrip strip, int row, long unit, float h) {
    Memory.set(strip.address(Part.HIDDEN, row) + unit, h);
    Memory.set(strip.address(Part.ABOVE, row) + unit, h);
  }

  private static float sigmoid(float sum) {
    float exponent = sum * GatePanels.gateScale(false);
    return 1f / (Exponential.exp2(exponent, Exponential.GATE_LIMIT) + 1f);
  }

  private static float tanh(float sum) {
    float e = Exponential.exp2(sum * GatePanels.gateScale(true), Exponential.GATE_LIMIT);
    return (e - 1f) / (e + 1f);
  }

  static void differentiatePeephole(UnitStrip strip) {
    strip.require(Part.CELL);
    for (int i = 0; i < strip.rows * UNITS; i++) {
      differentiatePeephole(strip, i / UNITS, 4L * (i % UNITS));
    }
  }

  private static void differentiatePeephole(UnitStrip strip, int row, long unit) {
    long gates = strip.address(Part.GATES, row) + unit;
    long weights = strip.peepholes() + unit;
    long gradients = strip.peepholeGradients() + unit;
    long cellGradient = strip.address(Part.CELL_GRADIENT, row) + unit;
    float before = Memory.get(strip.address(Part.CELL_BEFORE, row) + unit);
    float c = Memory.get(strip.address(Part.CELL, row) + unit);
    float tanh = Memory.get(strip.address(Part.TANH, row) + unit);
    float i = Memory.get(gates);
    float f = Memory.get(gates + GROUP);
    float g = Memory.get(gates + 2 * GROUP);
    float o = Memory.get(gates + 3 * GROUP);

    float dh = fromAbove(strip, row, unit);
    float ofOutput = dh * tanh * (o * (1f - o));
    float dc = Math.fma(dh * o, 1f - tanh * tanh, Memory.get(cellGradient));
    dc = Math.fma(ofOutput, Memory.get(weights + 2 * GROUP), dc);
    float ofInput = dc * g * (i * (1f - i));
    float ofForget = dc * before * (f * (1f - f));
    Memory.set(gates, ofInput);
    Memory.set(gates + GROUP, ofForget);
    Memory.set(gates + 2 * GROUP, dc * i * (1f - g * g));
    Memory.set(gates + 3 * GROUP, ofOutput);
    float kept = Math.fma(ofInput, Memory.get(weights), dc * f);
    Memory.set(cellGradient, Math.fma(ofForget, Memory.get(weights + GROUP), kept));
    Memory.set(gradients, Math.fma(ofInput, before, Memory.get(gradients)));
    Memory.set(gradients + GROUP, Math.fma(ofForget, before, Memory.get(gradients + GROUP)));
    Memory.set(gradients + 2 * GROUP, Math.fma(ofOutput, c, Memory.get(gradients + 2 * GROUP)));
  }

  private static float fromAbove(UnitStrip strip, int row, long unit) {
    return Memory.get(strip.address(Part.HIDDEN_GRADIENT, row) + unit)
        + Memory.get(strip.address(Part.ABOVE_GRADIENT, row) + unit);
  }

  static void activateGru(UnitStrip strip) {
    for (int i = 0; i < strip.rows * UNITS; i++) {
      int row = i / UNITS;
      long unit = 4L * (i % UNITS);
      long gates = strip.address(Part.GATES, row) + unit;
      float r = sigmoid(Memory.get(gates));
      float z = sigmoid(Memory.get(gates + GROUP));
      float sum = Memory.get(gates + 2 * GROUP);
      float n = tanh(Math.fma(r, Memory.get(gates + 3 * GROUP), sum));
      float before = Memory.get(strip.address(Part.CELL_BEFORE, row) + unit);
      float h = ScalarKernel.flush(Math.fma(z, before - n, n));
      Memory.set(gates, r);
      Memory.set(gates + GROUP, z);
      Memory.set(gates + 2 * GROUP, n);
      Memory.set(strip.address(Part.CELL, row) + unit, h);
      show(strip, row, unit, h);
    }
  }

  static void differentiateGru(UnitStrip strip) {
    for (int i = 0; i < strip.rows * UNITS; i++) {
      int row = i / UNITS;
      long unit = 4L * (i % UNITS);
      long gates = strip.address(Part.GATES, row) + unit;
      long carried = strip.address(Part.CELL_GRADIENT, row) + unit;
      float r = Memory.get(gates);
      float z = Memory.get(gates + GROUP);
      float n = Memory.get(gates + 2 * GROUP);
      float ofHidden = Memory.get(gates + 3 * GROUP);
      float before = Memory.get(strip.address(Part.CELL_BEFORE, row) + unit);
      float dh = fromAbove(strip, row, unit) + Memory.get(carried);
      float candidate = dh * (1f - z) * (1f - n * n);
      Memory.set(gates, candidate * ofHidden * (r * (1f - r)));
      Memory.set(gates + GROUP, dh * (before - n) * (z * (1f - z)));
      Memory.set(gates + 2 * GROUP, candidate);
      Memory.set(gates + 3 * GROUP, candidate * r);
      Memory.set(carried, dh * z);
    }
  }

  static void tieAll(UnitStrip strip) {
    for (int i = 0; i < strip.rows * UNITS; i++) {
      long gates = strip.address(Part.GATES, i / UNITS) + 4L * (i % UNITS);
      float half = (Memory.get(gates) - Memory.get(gates + GROUP)) * 0.5f;
      Memory.set(gates, half);
      Memory.set(gates + GROUP, -half);
    }
  }
}
