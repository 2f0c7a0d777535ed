package dev.sluice.kernel;

import static dev.sluice.kernel.Lanes.SPECIES;
import static dev.sluice.kernel.Memory.ADDRESS;
import static dev.sluice.kernel.Memory.ALL;
import static dev.sluice.kernel.Memory.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.sluice.kernel.UnitStrip.Part;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link ScalarTrainingKernel} with lanes; written without helpers, as {@link Tiles} explains. */
final class VectorTrainingKernel extends TrainingKernel {

  private static final long GROUP = Lanes.GROUP_BYTES;

  private VectorTrainingKernel() {}

  /** Returns as {@link TrainingKernel}, so that loading the caller does not load this class. */
  static TrainingKernel create() {
    return new VectorTrainingKernel();
  }

  @Override
  void multiplyAll(Product product) {
    Tiles.multiply(product.tile, product.rows);
  }

  @Override
  void activateAll(UnitStrip strip) {
    long gates = strip.address(Part.GATES, 0);
    scaleGates(gates, strip.rows);
    Activations.exp2InPlace(gates, strip.rows * GatePanels.ROW_BYTES, Exponential.GATE_LIMIT);
    for (int r = 0; r < strip.rows; r++) {
      long row = gates + r * GatePanels.ROW_BYTES;
      activateInputs(row);
      activateOutputs(row);
      updateCell(
          row,
          strip.address(Part.CELL_BEFORE, r),
          strip.address(Part.CELL, r),
          strip.address(Part.TANH, r));
    }
    long tanh = strip.address(Part.TANH, 0);
    Activations.exp2InPlace(tanh, strip.rows * GROUP, Exponential.GATE_LIMIT);
    for (int r = 0; r < strip.rows; r++) {
      updateHidden(
          gates + r * GatePanels.ROW_BYTES,
          tanh + r * GROUP,
          strip.address(Part.HIDDEN, r),
          strip.address(Part.ABOVE, r));
    }
  }

  private static void scaleGates(long gates, int rows) {
    float sigmoid = GatePanels.gateScale(false);
    float candidate = GatePanels.gateScale(true);
    for (int group = 0; group < rows * GatePanels.GATES; group++) {
      float scale = group % GatePanels.GATES == 2 ? candidate : sigmoid;
      for (long part = 0; part < GROUP; part += Lanes.BYTES) {
        long at = gates + group * GROUP + part & ADDRESS;
        fromMemorySegment(SPECIES, ALL, at, ORDER).mul(scale).intoMemorySegment(ALL, at, ORDER);
      }
    }
  }

  private static void activateInputs(long gates) {
    FloatVector one = broadcast(SPECIES, 1f);
    long first = gates & ADDRESS;
    for (long at = first; at < first + GROUP; at += Lanes.BYTES) {
      FloatVector di = fromMemorySegment(SPECIES, ALL, at, ORDER).add(1f);
      FloatVector df = fromMemorySegment(SPECIES, ALL, at + GROUP, ORDER).add(1f);
      FloatVector shared = one.div(di.mul(df));
      df.mul(shared).intoMemorySegment(ALL, at, ORDER);
      di.mul(shared).intoMemorySegment(ALL, at + GROUP, ORDER);
    }
  }

  private static void activateOutputs(long gates) {
    FloatVector one = broadcast(SPECIES, 1f);
    long first = gates + 2 * GROUP & ADDRESS;
    for (long at = first; at < first + GROUP; at += Lanes.BYTES) {
      FloatVector eg = fromMemorySegment(SPECIES, ALL, at, ORDER);
      FloatVector dg = eg.add(1f);
      FloatVector dO = fromMemorySegment(SPECIES, ALL, at + GROUP, ORDER).add(1f);
      FloatVector shared = one.div(dO.mul(dg));
      eg.sub(1f).mul(dO).mul(shared).intoMemorySegment(ALL, at, ORDER);
      dg.mul(shared).intoMemorySegment(ALL, at + GROUP, ORDER);
    }
  }

  private static void updateCell(long gates, long before, long cell, long exponents) {
    gates &= ADDRESS;
    before &= ADDRESS;
    cell &= ADDRESS;
    exponents &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector i = fromMemorySegment(SPECIES, ALL, gates + part, ORDER);
      FloatVector f = fromMemorySegment(SPECIES, ALL, gates + GROUP + part, ORDER);
      FloatVector g = fromMemorySegment(SPECIES, ALL, gates + 2 * GROUP + part, ORDER);
      FloatVector c = f.fma(fromMemorySegment(SPECIES, ALL, before + part, ORDER), i.mul(g));
      c = c.blend(0f, c.abs().compare(VectorOperators.LT, ScalarKernel.SMALLEST_CELL));
      c.intoMemorySegment(ALL, cell + part, ORDER);
      c.mul(2 * Exponential.LOG2_E).intoMemorySegment(ALL, exponents + part, ORDER);
    }
  }

  private static void updateHidden(long gates, long tanh, long hidden, long above) {
    gates &= ADDRESS;
    tanh &= ADDRESS;
    hidden &= ADDRESS;
    above &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector ec = fromMemorySegment(SPECIES, ALL, tanh + part, ORDER);
      FloatVector t = ec.sub(1f).div(ec.add(1f));
      FloatVector h = fromMemorySegment(SPECIES, ALL, gates + 3 * GROUP + part, ORDER).mul(t);
      t.intoMemorySegment(ALL, tanh + part, ORDER);
      h.intoMemorySegment(ALL, hidden + part, ORDER);
      h.intoMemorySegment(ALL, above + part, ORDER);
    }
  }

  @Override
  void differentiateAll(UnitStrip strip) {
    for (int r = 0; r < strip.rows; r++) {
      long gates = strip.address(Part.GATES, r);
      long tanh = strip.address(Part.TANH, r);
      long fromNext = strip.address(Part.HIDDEN_GRADIENT, r);
      long fromAbove = strip.address(Part.ABOVE_GRADIENT, r);
      long cell = strip.address(Part.CELL_GRADIENT, r);
      differentiateOutput(gates, tanh, fromNext, fromAbove, cell);
      differentiateInputs(gates, strip.address(Part.CELL_BEFORE, r), cell);
    }
  }

  /** Turns o into the gradient of its sum, and adds to the gradient by c what came through h. */
  static void differentiateOutput(long gates, long tanh, long fromNext, long fromAbove, long cell) {
    gates &= ADDRESS;
    tanh &= ADDRESS;
    fromNext &= ADDRESS;
    fromAbove &= ADDRESS;
    cell &= ADDRESS;
    FloatVector one = broadcast(SPECIES, 1f);
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector o = fromMemorySegment(SPECIES, ALL, gates + 3 * GROUP + part, ORDER);
      FloatVector t = fromMemorySegment(SPECIES, ALL, tanh + part, ORDER);
      FloatVector dh = fromMemorySegment(SPECIES, ALL, fromNext + part, ORDER);
      dh = dh.add(fromMemorySegment(SPECIES, ALL, fromAbove + part, ORDER));
      FloatVector dc = fromMemorySegment(SPECIES, ALL, cell + part, ORDER);
      dc = dh.mul(o).fma(one.sub(t.mul(t)), dc);
      dc.intoMemorySegment(ALL, cell + part, ORDER);
      FloatVector sum = dh.mul(t).mul(o.mul(one.sub(o)));
      sum.intoMemorySegment(ALL, gates + 3 * GROUP + part, ORDER);
    }
  }

  static void differentiateInputs(long gates, long before, long cell) {
    gates &= ADDRESS;
    before &= ADDRESS;
    cell &= ADDRESS;
    FloatVector one = broadcast(SPECIES, 1f);
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector i = fromMemorySegment(SPECIES, ALL, gates + part, ORDER);
      FloatVector f = fromMemorySegment(SPECIES, ALL, gates + GROUP + part, ORDER);
      FloatVector g = fromMemorySegment(SPECIES, ALL, gates + 2 * GROUP + part, ORDER);
      FloatVector dc = fromMemorySegment(SPECIES, ALL, cell + part, ORDER);
      FloatVector c = fromMemorySegment(SPECIES, ALL, before + part, ORDER);
      FloatVector di = dc.mul(g).mul(i.mul(one.sub(i)));
      di.intoMemorySegment(ALL, gates + part, ORDER);
      FloatVector df = dc.mul(c).mul(f.mul(one.sub(f)));
      df.intoMemorySegment(ALL, gates + GROUP + part, ORDER);
      FloatVector dg = dc.mul(i).mul(one.sub(g.mul(g)));
      dg.intoMemorySegment(ALL, gates + 2 * GROUP + part, ORDER);
      dc.mul(f).intoMemorySegment(ALL, cell + part, ORDER);
    }
  }

  @Override
  void activatePeephole(UnitStrip strip) {
    VectorCellTraining.activatePeephole(strip);
  }

  @Override
  void differentiatePeephole(UnitStrip strip) {
    VectorCellTraining.differentiatePeephole(strip);
  }

  @Override
  void activateGru(UnitStrip strip) {
    VectorCellTraining.activateGru(strip);
  }

  @Override
  void differentiateGru(UnitStrip strip) {
    VectorCellTraining.differentiateGru(strip);
  }

  @Override
  void tieAll(UnitStrip strip) {
    VectorCellTraining.tieAll(strip);
  }

  @Override
  double sumOfSquaresOf(Floats values) {
    double total = 0;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (long at = part; at < values.size() * Float.BYTES; at += GROUP) {
        FloatVector x = fromMemorySegment(SPECIES, ALL, values.address() + at, ORDER);
        sum = x.fma(x, sum);
      }
      for (float lane : sum.toArray()) {
        total += lane;
      }
    }
    return total;
  }

  @Override
  void addAll(Floats addend, Floats sum) {
    long from = addend.address();
    long to = sum.address();
    for (long at = 0; at < sum.size() * Float.BYTES; at += Lanes.BYTES) {
      FloatVector x = fromMemorySegment(SPECIES, ALL, to + at, ORDER);
      x = x.add(fromMemorySegment(SPECIES, ALL, from + at, ORDER));
      x.intoMemorySegment(ALL, to + at, ORDER);
    }
  }

  @Override
  void adamAll(Floats value, Floats gradient, Floats mean, Floats square, AdamRates rates) {
    FloatVector scale = broadcast(SPECIES, rates.varianceScale());
    FloatVector epsilon = broadcast(SPECIES, rates.epsilon());
    FloatVector toMean = broadcast(SPECIES, 1f - rates.beta1());
    FloatVector toSquare = broadcast(SPECIES, 1f - rates.beta2());
    for (long at = 0; at < value.size() * Float.BYTES; at += Lanes.BYTES) {
      FloatVector g = fromMemorySegment(SPECIES, ALL, gradient.address() + at, ORDER);
      g = g.mul(rates.gradientScale());
      FloatVector m = fromMemorySegment(SPECIES, ALL, mean.address() + at, ORDER);
      m = g.sub(m).fma(toMean, m);
      FloatVector v = fromMemorySegment(SPECIES, ALL, square.address() + at, ORDER);
      v = g.mul(g).sub(v).fma(toSquare, v);
      FloatVector root = v.sqrt().fma(scale, epsilon);
      FloatVector w = fromMemorySegment(SPECIES, ALL, value.address() + at, ORDER);
      w = w.sub(w.mul(rates.decay())).sub(m.mul(rates.stepSize()).div(root));
      m.intoMemorySegment(ALL, mean.address() + at, ORDER);
      v.intoMemorySegment(ALL, square.address() + at, ORDER);
      w.intoMemorySegment(ALL, value.address() + at, ORDER);
      FloatVector.zero(SPECIES).intoMemorySegment(ALL, gradient.address() + at, ORDER);
    }
  }
}
