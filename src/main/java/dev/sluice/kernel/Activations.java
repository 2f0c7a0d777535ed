package dev.sluice.kernel;

import static dev.sluice.kernel.Lanes.SPECIES;
import static dev.sluice.kernel.Memory.ADDRESS;
import static dev.sluice.kernel.Memory.ALL;
import static dev.sluice.kernel.Memory.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What happens to the sums once the multiplications are done: exponentials, the update of the
 * memory, softmax. Short passes over what is still in the L1, without helpers, for the reason given
 * in {@link Tiles}.
 */
final class Activations {

  private static final long GROUP = Lanes.GROUP_BYTES;
  private static final float TWICE_LOG2_E = 2 * Exponential.LOG2_E;

  private Activations() {}

  /** Replaces {@code bytes} bytes of floats x by 2^x; {@link Exponential#exp2} with lanes. */
  static void exp2InPlace(long address, long bytes, float limit) {
    int highest = Float.floatToRawIntBits(limit);
    int lowest = Float.floatToRawIntBits(-limit);
    for (long at = address; at < address + bytes; at += Lanes.BYTES) {
      long masked = at & ADDRESS;
      FloatVector x = fromMemorySegment(SPECIES, ALL, masked, ORDER);
      IntVector bits = x.reinterpretAsInts().min(highest);
      x = bits.lanewise(VectorOperators.UMIN, lowest).reinterpretAsFloats();

      FloatVector rounded = x.add(Exponential.ROUNDER);
      FloatVector f = x.sub(rounded.sub(Exponential.ROUNDER));
      FloatVector p = broadcast(SPECIES, Exponential.C5);
      p = p.fma(f, broadcast(SPECIES, Exponential.C4));
      p = p.fma(f, broadcast(SPECIES, Exponential.C3));
      p = p.fma(f, broadcast(SPECIES, Exponential.C2));
      p = p.fma(f, broadcast(SPECIES, Exponential.C1));
      p = p.fma(f, broadcast(SPECIES, 1f));
      IntVector n = rounded.reinterpretAsInts();
      n = n.lanewise(VectorOperators.LSHL, Exponential.EXPONENT_SHIFT);
      p.reinterpretAsInts().add(n).reinterpretAsFloats().intoMemorySegment(ALL, masked, ORDER);
    }
  }

  /**
   * Updates the memory c of 16 units from the exponentials of their gates; {@link ScalarKernel} has
   * the formula.
   *
   * @param exponents where the exponent of tanh(c) goes
   */
  static void updateCell(long gates, long cell, long exponents) {
    gates &= ADDRESS;
    cell &= ADDRESS;
    exponents &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector ei = fromMemorySegment(SPECIES, ALL, gates + part, ORDER);
      FloatVector df = fromMemorySegment(SPECIES, ALL, gates + GROUP + part, ORDER).add(1f);
      FloatVector eg = fromMemorySegment(SPECIES, ALL, gates + 2 * GROUP + part, ORDER);
      FloatVector inputs = ei.add(1f).mul(eg.add(1f));
      FloatVector kept = fromMemorySegment(SPECIES, ALL, cell + part, ORDER);
      FloatVector sum = kept.fma(inputs, eg.sub(1f).mul(df));
      FloatVector c = sum.div(inputs.mul(df));
      c = c.blend(0f, c.abs().compare(VectorOperators.LT, ScalarKernel.SMALLEST_CELL));
      c.intoMemorySegment(ALL, cell + part, ORDER);
      c.mul(TWICE_LOG2_E).intoMemorySegment(ALL, exponents + part, ORDER);
    }
  }

  /** Computes the h of 16 units from the exponentials of their memory and of their output gates. */
  static void updateHidden(long gates, long exponentials, long hidden) {
    gates &= ADDRESS;
    exponentials &= ADDRESS;
    hidden &= ADDRESS;
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector ec = fromMemorySegment(SPECIES, ALL, exponentials + part, ORDER);
      FloatVector eo = fromMemorySegment(SPECIES, ALL, gates + 3 * GROUP + part, ORDER);
      FloatVector h = ec.sub(1f).div(ec.add(1f).mul(eo.add(1f)));
      h.intoMemorySegment(ALL, hidden + part, ORDER);
    }
  }

  static float max(long address, int count) {
    FloatVector max = broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i <= count - Lanes.COUNT; i += Lanes.COUNT) {
      max = max.max(fromMemorySegment(SPECIES, ALL, address + 4L * i, ORDER));
    }
    float result = max.reduceLanes(VectorOperators.MAX);
    for (; i < count; i++) {
      result = Math.max(result, Memory.get(address + 4L * i));
    }
    return result;
  }

  /** Replaces x by the exponent of e^(x - max). */
  static void exponents(long address, int count, float max) {
    for (int i = 0; i < count; i += Lanes.COUNT) {
      FloatVector x = fromMemorySegment(SPECIES, ALL, address + 4L * i, ORDER);
      x = x.sub(max).mul(Exponential.LOG2_E);
      x.intoMemorySegment(ALL, address + 4L * i, ORDER);
    }
  }

  /** Sets what is behind {@code count} floats, to the end of the cache line, to 0. */
  static void clearPadding(long address, int count) {
    for (int i = count; i < Floats.pad(count); i++) {
      Memory.set(address + 4L * i, 0f);
    }
  }

  /** Sums in the order of {@code ScalarKernel.sumByLanes}; the padding must be 0. */
  static float sum(long address, int count, long lanes) {
    for (int part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int i = 0; i < count; i += Floats.LINE) {
        sum = sum.add(fromMemorySegment(SPECIES, ALL, address + 4L * i + part, ORDER));
      }
      sum.intoMemorySegment(ALL, lanes + part, ORDER);
    }
    float total = 0;
    for (int lane = 0; lane < Floats.LINE; lane++) {
      total += Memory.get(lanes + 4L * lane);
    }
    return total;
  }

  static void divide(long address, int count, float divisor) {
    for (int i = 0; i < count; i += Lanes.COUNT) {
      FloatVector x = fromMemorySegment(SPECIES, ALL, address + 4L * i, ORDER);
      x.div(divisor).intoMemorySegment(ALL, address + 4L * i, ORDER);
    }
  }

  /** Whether 0·x is 0 for every x: it is NaN for NaN and the infinities. */
  static boolean allFinite(long address, int count) {
    FloatVector sum = FloatVector.zero(SPECIES);
    int i = 0;
    for (; i <= count - Lanes.COUNT; i += Lanes.COUNT) {
      FloatVector x = fromMemorySegment(SPECIES, ALL, address + 4L * i, ORDER);
      sum = x.fma(FloatVector.zero(SPECIES), sum);
    }
    float rest = 0;
    for (; i < count; i++) {
      rest = Math.fma(Memory.get(address + 4L * i), 0f, rest);
    }
    return rest == 0 && !sum.test(VectorOperators.IS_NAN).anyTrue();
  }

  /** Copies {@code floats} floats, rounded up to whole vectors. */
  static void copy(long from, long to, int floats) {
    for (long at = 0; at < 4L * floats; at += Lanes.BYTES) {
      FloatVector x = fromMemorySegment(SPECIES, ALL, from + at & ADDRESS, ORDER);
      x.intoMemorySegment(ALL, to + at & ADDRESS, ORDER);
    }
  }
}
