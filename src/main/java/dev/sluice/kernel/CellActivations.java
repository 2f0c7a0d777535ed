package dev.sluice.kernel;

import static dev.sluice.kernel.Lanes.SPECIES;
import static dev.sluice.kernel.Memory.ADDRESS;
import static dev.sluice.kernel.Memory.ALL;
import static dev.sluice.kernel.Memory.ORDER;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** What {@link Activations} is for the plain LSTM, for the other kinds: passes over 16 units. */
final class CellActivations {

  private static final long GROUP = Lanes.GROUP_BYTES;

  private CellActivations() {}

  /** Adds x·w to {@code sum}. */
  static void multiplyAdd(long sum, long x, long w) {
    sum &= ADDRESS;
    x &= ADDRESS;
    w &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector a = fromMemorySegment(SPECIES, ALL, x + part, ORDER);
      FloatVector b = fromMemorySegment(SPECIES, ALL, w + part, ORDER);
      a = a.fma(b, fromMemorySegment(SPECIES, ALL, sum + part, ORDER));
      a.intoMemorySegment(ALL, sum + part, ORDER);
    }
  }

  /** Computes a + b. */
  static void add(long a, long b, long into) {
    a &= ADDRESS;
    b &= ADDRESS;
    into &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector x = fromMemorySegment(SPECIES, ALL, a + part, ORDER);
      x = x.add(fromMemorySegment(SPECIES, ALL, b + part, ORDER));
      x.intoMemorySegment(ALL, into + part, ORDER);
    }
  }

  /** Computes the exponent of a GRU's candidate: what it has of x, and r times what it has of h. */
  static void candidate(long gates, long exponents) {
    gates &= ADDRESS;
    exponents &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector dr = fromMemorySegment(SPECIES, ALL, gates + part, ORDER).add(1f);
      FloatVector ofX = fromMemorySegment(SPECIES, ALL, gates + 2 * GROUP + part, ORDER);
      FloatVector ofH = fromMemorySegment(SPECIES, ALL, gates + 3 * GROUP + part, ORDER);
      ofX.add(ofH.div(dr)).intoMemorySegment(ALL, exponents + part, ORDER);
    }
  }

  /** Computes r ⊙ h. */
  static void reset(long gates, long hidden, long into) {
    gates &= ADDRESS;
    hidden &= ADDRESS;
    into &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector dr = fromMemorySegment(SPECIES, ALL, gates + part, ORDER).add(1f);
      FloatVector h = fromMemorySegment(SPECIES, ALL, hidden + part, ORDER);
      h.div(dr).intoMemorySegment(ALL, into + part, ORDER);
    }
  }

  /** Updates the h of a GRU; {@code ScalarCells.mix} has the formula. */
  static void mix(long gates, long exponentials, long hidden) {
    gates &= ADDRESS;
    exponentials &= ADDRESS;
    hidden &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector ez = fromMemorySegment(SPECIES, ALL, gates + GROUP + part, ORDER);
      FloatVector en = fromMemorySegment(SPECIES, ALL, exponentials + part, ORDER);
      FloatVector dn = en.add(1f);
      FloatVector h = fromMemorySegment(SPECIES, ALL, hidden + part, ORDER);
      h = h.fma(dn, en.sub(1f).mul(ez)).div(dn.mul(ez.add(1f)));
      h = h.blend(0f, h.abs().compare(VectorOperators.LT, ScalarKernel.SMALLEST_CELL));
      h.intoMemorySegment(ALL, hidden + part, ORDER);
    }
  }

  /** Replaces the 64 sums a of a panel by {@code gain ⊙ (a - mean)·scale + addend}. */
  static void normaliseAdd(long sums, float mean, float scale, long gain, long addend) {
    sums &= ADDRESS;
    gain &= ADDRESS;
    addend &= ADDRESS;
    for (long part = 0; part < GatePanels.ROW_BYTES; part += Lanes.BYTES) {
      FloatVector a = fromMemorySegment(SPECIES, ALL, sums + part, ORDER);
      FloatVector g = fromMemorySegment(SPECIES, ALL, gain + part, ORDER);
      FloatVector b = fromMemorySegment(SPECIES, ALL, addend + part, ORDER);
      a.sub(mean).mul(scale).fma(g, b).intoMemorySegment(ALL, sums + part, ORDER);
    }
  }

  /** Computes {@code gain ⊙ (c - mean)·scale + bias} of 16 units; the bias follows the gain. */
  static void normalise(long cells, float mean, float scale, long gain, long into) {
    cells &= ADDRESS;
    gain &= ADDRESS;
    into &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector c = fromMemorySegment(SPECIES, ALL, cells + part, ORDER);
      FloatVector g = fromMemorySegment(SPECIES, ALL, gain + part, ORDER);
      FloatVector b = fromMemorySegment(SPECIES, ALL, gain + GROUP + part, ORDER);
      c.sub(mean).mul(scale).fma(g, b).intoMemorySegment(ALL, into + part, ORDER);
    }
  }

  /** Sets 16 floats to 0. */
  static void clear(long lanes) {
    lanes &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector.zero(SPECIES).intoMemorySegment(ALL, lanes + part, ORDER);
    }
  }

  /** Adds to 16 lanes the squares of what differs from the mean, where the mask is 1. */
  static void addSquares(long values, float mean, long mask, long lanes) {
    values &= ADDRESS;
    mask &= ADDRESS;
    lanes &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector x = fromMemorySegment(SPECIES, ALL, values + part, ORDER).sub(mean);
      x = x.mul(fromMemorySegment(SPECIES, ALL, mask + part, ORDER));
      x = x.fma(x, fromMemorySegment(SPECIES, ALL, lanes + part, ORDER));
      x.intoMemorySegment(ALL, lanes + part, ORDER);
    }
  }
}
