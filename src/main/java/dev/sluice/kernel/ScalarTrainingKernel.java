package dev.sluice.kernel;

import dev.sluice.kernel.UnitStrip.Part;

/** The specification of {@link TrainingKernel}: plain loops. */
final class ScalarTrainingKernel extends TrainingKernel {

  private static final int UNITS = GatePanels.UNITS;

  @Override
  void multiplyAll(Product product) {
    Tile t = product.tile;
    for (int r = 0; r < product.rows; r++) {
      long out = t.out + r * t.outRow;
      Memory.copy(t.start + r * t.startRow, out, Product.WIDTH);
      for (int k = 0; k < t.depth; k++) {
        float x = Memory.get(t.x + r * t.xRow + k * t.xDepth);
        long w = t.w + k * t.wDepth;
        for (int j = 0; j < Product.WIDTH; j++) {
          float sum = Memory.get(out + 4L * j);
          Memory.set(out + 4L * j, Math.fma(x, Memory.get(w + 4L * j), sum));
        }
      }
    }
  }

  @Override
  void activateAll(UnitStrip strip) {
    for (int r = 0; r < strip.rows; r++) {
      for (int u = 0; u < UNITS; u++) {
        activate(strip, r, 4L * u);
      }
    }
  }

  /** One unit: i and f share a division, and so do o and g. */
  private static void activate(UnitStrip strip, int row, long unit) {
    long gates = strip.address(Part.GATES, row) + unit;
    float di = exponential(gates, false) + 1f;
    float df = exponential(gates + 4L * UNITS, false) + 1f;
    float eg = exponential(gates + 8L * UNITS, true);
    float oPlus = exponential(gates + 12L * UNITS, false) + 1f;

    float one = 1f / (di * df);
    float i = df * one;
    float f = di * one;
    float gPlus = eg + 1f;
    float other = 1f / (oPlus * gPlus);
    float o = gPlus * other;
    float g = (eg - 1f) * oPlus * other;
    Memory.set(gates, i);
    Memory.set(gates + 4L * UNITS, f);
    Memory.set(gates + 8L * UNITS, g);
    Memory.set(gates + 12L * UNITS, o);

    float c = Math.fma(f, Memory.get(strip.address(Part.CELL_BEFORE, row) + unit), i * g);
    c = ScalarKernel.flush(c);
    float ec = Exponential.exp2(c * (2 * Exponential.LOG2_E), Exponential.GATE_LIMIT);
    float tanh = (ec - 1f) / (ec + 1f);
    Memory.set(strip.address(Part.CELL, row) + unit, c);
    Memory.set(strip.address(Part.TANH, row) + unit, tanh);
    Memory.set(strip.address(Part.HIDDEN, row) + unit, o * tanh);
    Memory.set(strip.address(Part.ABOVE, row) + unit, o * tanh);
  }

  private static float exponential(long sum, boolean candidate) {
    float exponent = Memory.get(sum) * GatePanels.gateScale(candidate);
    return Exponential.exp2(exponent, Exponential.GATE_LIMIT);
  }

  @Override
  void differentiateAll(UnitStrip strip) {
    for (int r = 0; r < strip.rows; r++) {
      for (int u = 0; u < UNITS; u++) {
        differentiate(strip, r, 4L * u);
      }
    }
  }

  private static void differentiate(UnitStrip strip, int row, long unit) {
    long gates = strip.address(Part.GATES, row) + unit;
    float i = Memory.get(gates);
    float f = Memory.get(gates + 4L * UNITS);
    float g = Memory.get(gates + 8L * UNITS);
    float o = Memory.get(gates + 12L * UNITS);
    float tanh = Memory.get(strip.address(Part.TANH, row) + unit);
    float before = Memory.get(strip.address(Part.CELL_BEFORE, row) + unit);
    float dh =
        Memory.get(strip.address(Part.HIDDEN_GRADIENT, row) + unit)
            + Memory.get(strip.address(Part.ABOVE_GRADIENT, row) + unit);
    long cellGradient = strip.address(Part.CELL_GRADIENT, row) + unit;
    float dc = Math.fma(dh * o, 1f - tanh * tanh, Memory.get(cellGradient));

    Memory.set(gates, dc * g * (i * (1f - i)));
    Memory.set(gates + 4L * UNITS, dc * before * (f * (1f - f)));
    Memory.set(gates + 8L * UNITS, dc * i * (1f - g * g));
    Memory.set(gates + 12L * UNITS, dh * tanh * (o * (1f - o)));
    Memory.set(cellGradient, dc * f);
  }

  @Override
  void activatePeephole(UnitStrip strip) {
    ScalarCellTraining.activatePeephole(strip);
  }

  @Override
  void differentiatePeephole(UnitStrip strip) {
    ScalarCellTraining.differentiatePeephole(strip);
  }

  @Override
  void activateGru(UnitStrip strip) {
    ScalarCellTraining.activateGru(strip);
  }

  @Override
  void differentiateGru(UnitStrip strip) {
    ScalarCellTraining.differentiateGru(strip);
  }

  @Override
  void tieAll(UnitStrip strip) {
    ScalarCellTraining.tieAll(strip);
  }

  @Override
  double sumOfSquaresOf(Floats values) {
    double total = 0;
    for (int lane = 0; lane < Floats.LINE; lane++) {
      float sum = 0;
      for (long i = lane; i < values.size(); i += Floats.LINE) {
        float x = Memory.get(values.address() + 4L * i);
        sum = Math.fma(x, x, sum);
      }
      total += sum;
    }
    return total;
  }

  @Override
  void addAll(Floats addend, Floats sum) {
    for (long at = 0; at < sum.size() * Float.BYTES; at += Float.BYTES) {
      float result = Memory.get(sum.address() + at) + Memory.get(addend.address() + at);
      Memory.set(sum.address() + at, result);
    }
  }

  @Override
  void adamAll(Floats value, Floats gradient, Floats mean, Floats square, AdamRates rates) {
    for (long at = 0; at < value.size() * Float.BYTES; at += Float.BYTES) {
      float g = Memory.get(gradient.address() + at) * rates.gradientScale();
      float m = Memory.get(mean.address() + at);
      m = Math.fma(g - m, 1f - rates.beta1(), m);
      float v = Memory.get(square.address() + at);
      v = Math.fma(g * g - v, 1f - rates.beta2(), v);
      float root = Math.fma((float) Math.sqrt(v), rates.varianceScale(), rates.epsilon());
      float w = Memory.get(value.address() + at);
      w = w - w * rates.decay() - m * rates.stepSize() / root;
      Memory.set(mean.address() + at, m);
      Memory.set(square.address() + at, v);
      Memory.set(value.address() + at, w);
      Memory.set(gradient.address() + at, 0f);
    }
  }
}
