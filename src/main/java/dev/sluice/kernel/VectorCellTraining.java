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

/** {@link ScalarCellTraining} with lanes: short passes over the rows of a strip. */
final class VectorCellTraining {

  private static final long GROUP = Lanes.GROUP_BYTES;
  private static final float SIGMOID = GatePanels.gateScale(false);
  private static final float TANH = GatePanels.gateScale(true);
  private static final float LIMIT = Exponential.GATE_LIMIT;

  private VectorCellTraining() {}

  static void activatePeephole(UnitStrip strip) {
    long weights = strip.peepholes();
    for (int r = 0; r < strip.rows; r++) {
      long gates = strip.address(Part.GATES, r);
      long before = strip.address(Part.CELL_BEFORE, r);
      long cell = strip.address(Part.CELL, r);
      long tanh = strip.address(Part.TANH, r);
      CellActivations.multiplyAdd(gates, before, weights);
      CellActivations.multiplyAdd(gates + GROUP, before, weights + GROUP);
      sigmoids(gates, 2 * GROUP);
      tanhs(gates + 2 * GROUP, gates + 2 * GROUP);
      keep(gates, before, cell);
      CellActivations.multiplyAdd(gates + 3 * GROUP, cell, weights + 2 * GROUP);
      sigmoids(gates + 3 * GROUP, GROUP);
      tanhs(cell, tanh);
      show(gates + 3 * GROUP, tanh, strip.address(Part.HIDDEN, r), strip.address(Part.ABOVE, r));
    }
  }

  private static void sigmoids(long sums, long bytes) {
    scale(sums, sums, bytes, SIGMOID);
    Activations.exp2InPlace(sums, bytes, LIMIT);
    FloatVector one = broadcast(SPECIES, 1f);
    sums &= ADDRESS;
    for (long part = 0; part < bytes; part += Lanes.BYTES) {
      FloatVector e = fromMemorySegment(SPECIES, ALL, sums + part, ORDER);
      one.div(e.add(1f)).intoMemorySegment(ALL, sums + part, ORDER);
    }
  }

  private static void tanhs(long sums, long into) {
    scale(sums, into, GROUP, TANH);
    Activations.exp2InPlace(into, GROUP, LIMIT);
    into &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector e = fromMemorySegment(SPECIES, ALL, into + part, ORDER);
      e.sub(1f).div(e.add(1f)).intoMemorySegment(ALL, into + part, ORDER);
    }
  }

  private static void scale(long from, long into, long bytes, float factor) {
    from &= ADDRESS;
    into &= ADDRESS;
    for (long part = 0; part < bytes; part += Lanes.BYTES) {
      FloatVector x = fromMemorySegment(SPECIES, ALL, from + part, ORDER);
      x.mul(factor).intoMemorySegment(ALL, into + part, ORDER);
    }
  }

  private static void keep(long gates, long before, long cell) {
    gates &= ADDRESS;
    before &= ADDRESS;
    cell &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector i = fromMemorySegment(SPECIES, ALL, gates + part, ORDER);
      FloatVector f = fromMemorySegment(SPECIES, ALL, gates + GROUP + part, ORDER);
      FloatVector g = fromMemorySegment(SPECIES, ALL, gates + 2 * GROUP + part, ORDER);
      FloatVector c = f.fma(fromMemorySegment(SPECIES, ALL, before + part, ORDER), i.mul(g));
      flush(c).intoMemorySegment(ALL, cell + part, ORDER);
    }
  }

  private static FloatVector flush(FloatVector memory) {
    return memory.blend(0f, memory.abs().compare(VectorOperators.LT, ScalarKernel.SMALLEST_CELL));
  }

  private static void show(long output, long tanh, long hidden, long above) {
    output &= ADDRESS;
    tanh &= ADDRESS;
    hidden &= ADDRESS;
    above &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector h = fromMemorySegment(SPECIES, ALL, output + part, ORDER);
      h = h.mul(fromMemorySegment(SPECIES, ALL, tanh + part, ORDER));
      h.intoMemorySegment(ALL, hidden + part, ORDER);
      h.intoMemorySegment(ALL, above + part, ORDER);
    }
  }

  static void differentiatePeephole(UnitStrip strip) {
    strip.require(Part.CELL);
    long weights = strip.peepholes();
    long gradients = strip.peepholeGradients();
    for (int r = 0; r < strip.rows; r++) {
      long gates = strip.address(Part.GATES, r);
      long before = strip.address(Part.CELL_BEFORE, r);
      long dc = strip.address(Part.CELL_GRADIENT, r);
      VectorTrainingKernel.differentiateOutput(
          gates,
          strip.address(Part.TANH, r),
          strip.address(Part.HIDDEN_GRADIENT, r),
          strip.address(Part.ABOVE_GRADIENT, r),
          dc);
      CellActivations.multiplyAdd(dc, gates + 3 * GROUP, weights + 2 * GROUP);
      VectorTrainingKernel.differentiateInputs(gates, before, dc);
      CellActivations.multiplyAdd(dc, gates, weights);
      CellActivations.multiplyAdd(dc, gates + GROUP, weights + GROUP);
      CellActivations.multiplyAdd(gradients, gates, before);
      CellActivations.multiplyAdd(gradients + GROUP, gates + GROUP, before);
      CellActivations.multiplyAdd(
          gradients + 2 * GROUP, gates + 3 * GROUP, strip.address(Part.CELL, r));
    }
  }

  static void activateGru(UnitStrip strip) {
    for (int r = 0; r < strip.rows; r++) {
      long gates = strip.address(Part.GATES, r);
      sigmoids(gates, 2 * GROUP);
      CellActivations.multiplyAdd(gates + 2 * GROUP, gates, gates + 3 * GROUP);
      tanhs(gates + 2 * GROUP, gates + 2 * GROUP);
      mix(gates, strip.address(Part.CELL_BEFORE, r), strip.address(Part.CELL, r));
      long cell = strip.address(Part.CELL, r);
      Activations.copy(cell, strip.address(Part.HIDDEN, r), GatePanels.UNITS);
      Activations.copy(cell, strip.address(Part.ABOVE, r), GatePanels.UNITS);
    }
  }

  private static void mix(long gates, long before, long after) {
    gates &= ADDRESS;
    before &= ADDRESS;
    after &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector z = fromMemorySegment(SPECIES, ALL, gates + GROUP + part, ORDER);
      FloatVector n = fromMemorySegment(SPECIES, ALL, gates + 2 * GROUP + part, ORDER);
      FloatVector h = fromMemorySegment(SPECIES, ALL, before + part, ORDER);
      flush(z.fma(h.sub(n), n)).intoMemorySegment(ALL, after + part, ORDER);
    }
  }

  static void differentiateGru(UnitStrip strip) {
    for (int r = 0; r < strip.rows; r++) {
      long carried = strip.address(Part.CELL_GRADIENT, r);
      addGradients(
          strip.address(Part.HIDDEN_GRADIENT, r), strip.address(Part.ABOVE_GRADIENT, r), carried);
      differentiateGru(strip.address(Part.GATES, r), strip.address(Part.CELL_BEFORE, r), carried);
    }
  }

  private static void addGradients(long fromNext, long fromAbove, long carried) {
    fromNext &= ADDRESS;
    fromAbove &= ADDRESS;
    carried &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector dh = fromMemorySegment(SPECIES, ALL, fromNext + part, ORDER);
      dh = dh.add(fromMemorySegment(SPECIES, ALL, fromAbove + part, ORDER));
      dh = dh.add(fromMemorySegment(SPECIES, ALL, carried + part, ORDER));
      dh.intoMemorySegment(ALL, carried + part, ORDER);
    }
  }

  private static void differentiateGru(long gates, long before, long carried) {
    gates &= ADDRESS;
    before &= ADDRESS;
    carried &= ADDRESS;
    FloatVector one = broadcast(SPECIES, 1f);
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector r = fromMemorySegment(SPECIES, ALL, gates + part, ORDER);
      FloatVector z = fromMemorySegment(SPECIES, ALL, gates + GROUP + part, ORDER);
      FloatVector n = fromMemorySegment(SPECIES, ALL, gates + 2 * GROUP + part, ORDER);
      FloatVector ofHidden = fromMemorySegment(SPECIES, ALL, gates + 3 * GROUP + part, ORDER);
      FloatVector h = fromMemorySegment(SPECIES, ALL, before + part, ORDER);
      FloatVector dh = fromMemorySegment(SPECIES, ALL, carried + part, ORDER);
      FloatVector candidate = dh.mul(one.sub(z)).mul(one.sub(n.mul(n)));
      FloatVector dr = candidate.mul(ofHidden).mul(r.mul(one.sub(r)));
      dr.intoMemorySegment(ALL, gates + part, ORDER);
      FloatVector dz = dh.mul(h.sub(n)).mul(z.mul(one.sub(z)));
      dz.intoMemorySegment(ALL, gates + GROUP + part, ORDER);
      candidate.intoMemorySegment(ALL, gates + 2 * GROUP + part, ORDER);
      candidate.mul(r).intoMemorySegment(ALL, gates + 3 * GROUP + part, ORDER);
      dh.mul(z).intoMemorySegment(ALL, carried + part, ORDER);
    }
  }

  static void tieAll(UnitStrip strip) {
    for (int r = 0; r < strip.rows; r++) {
      long gates = strip.address(Part.GATES, r) & ADDRESS;
      for (long part = 0; part < GROUP; part += Lanes.BYTES) {
        FloatVector i = fromMemorySegment(SPECIES, ALL, gates + part, ORDER);
        FloatVector f = fromMemorySegment(SPECIES, ALL, gates + GROUP + part, ORDER);
        FloatVector half = i.sub(f).mul(0.5f);
        half.intoMemorySegment(ALL, gates + part, ORDER);
        half.neg().intoMemorySegment(ALL, gates + GROUP + part, ORDER);
      }
    }
  }
}
