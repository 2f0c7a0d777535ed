package dev.sluice.kernel;

import static dev.sluice.kernel.Lanes.SPECIES;
import static dev.sluice.kernel.Memory.ALL;
import static dev.sluice.kernel.Memory.ORDER;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * What happens to the sums once the multiplications are done: exponentials, the update of the
 * memory, softmax. At most one exponential per method: more, and C2 stops inlining.
 */
final class Activations {

  private static final float TWICE_LOG2_E = 2 * Exponential.LOG2_E;

  private static final long GROUP = Lanes.GROUP_BYTES;

  private Activations() {}

  /** Replaces {@code bytes} bytes of x by 2^x, x clamped to the limit of the gates. */
  static void exp2InPlace(long address, long bytes) {
    for (long at = address; at < address + bytes; at += Lanes.BYTES) {
      put(exp2(load(at), Exponential.GATE_LIMIT), at);
    }
  }

  /**
   * Updates 16 units from the exponentials of their gates; {@link ScalarKernel} has the formula.
   * Reads and writes without helpers: C2 would stop inlining them before the end of this method.
   */
  static void update(long gates, long cell, long hidden) {
    for (long part = 0; part < GROUP; part += Lanes.BYTES) {
      FloatVector ei = fromMemorySegment(SPECIES, ALL, gates + part, ORDER);
      FloatVector df = fromMemorySegment(SPECIES, ALL, gates + GROUP + part, ORDER).add(1f);
      FloatVector eg = fromMemorySegment(SPECIES, ALL, gates + 2 * GROUP + part, ORDER);
      FloatVector inputs = ei.add(1f).mul(eg.add(1f));
      FloatVector kept = fromMemorySegment(SPECIES, ALL, cell + part, ORDER);
      FloatVector sum = kept.fma(inputs, eg.sub(1f).mul(df));
      FloatVector c = flush(sum.div(inputs.mul(df)));
      c.intoMemorySegment(ALL, cell + part, ORDER);

      FloatVector ec = exp2(c.mul(TWICE_LOG2_E), Exponential.GATE_LIMIT);
      FloatVector eo = fromMemorySegment(SPECIES, ALL, gates + 3 * GROUP + part, ORDER);
      FloatVector h = ec.sub(1f).div(ec.add(1f).mul(eo.add(1f)));
      h.intoMemorySegment(ALL, hidden + part, ORDER);
    }
  }

  private static FloatVector flush(FloatVector c) {
    return c.blend(0f, c.abs().compare(VectorOperators.LT, ScalarKernel.SMALLEST_CELL));
  }

  /** {@link Exponential#exp2} with lanes. */
  static FloatVector exp2(FloatVector x, float limit) {
    IntVector bits = x.reinterpretAsInts().min(Float.floatToRawIntBits(limit));
    int lowest = Float.floatToRawIntBits(-limit);
    FloatVector clamped = bits.lanewise(VectorOperators.UMIN, lowest).reinterpretAsFloats();

    FloatVector rounded = clamped.add(Exponential.ROUNDER);
    FloatVector f = clamped.sub(rounded.sub(Exponential.ROUNDER));
    FloatVector p = all(Exponential.C5).fma(f, all(Exponential.C4));
    p = p.fma(f, all(Exponential.C3));
    p = p.fma(f, all(Exponential.C2));
    p = p.fma(f, all(Exponential.C1));
    p = p.fma(f, all(1f));
    IntVector exponent =
        rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, Exponential.EXPONENT_SHIFT);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  static float max(long address, int count) {
    FloatVector max = all(Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i <= count - Lanes.COUNT; i += Lanes.COUNT) {
      max = max.max(load(address + 4L * i));
    }
    float result = max.reduceLanes(VectorOperators.MAX);
    for (; i < count; i++) {
      result = Math.max(result, Memory.get(address + 4L * i));
    }
    return result;
  }

  /** Replaces x by e^(x - max), and by 0 from {@code count} to the end of the cache line. */
  static void expBelow(long address, int count, float max) {
    for (int i = 0; i < Floats.pad(count); i += Lanes.COUNT) {
      FloatVector x = load(address + 4L * i).sub(max).mul(Exponential.LOG2_E);
      VectorMask<Float> valid = SPECIES.indexInRange(i, count);
      put(all(0f).blend(exp2(x, Exponential.FULL_LIMIT), valid), address + 4L * i);
    }
  }

  /** Sums in the order of {@code ScalarKernel.sumByLanes}; the padding must be 0. */
  static float sum(long address, int count, long lanes) {
    for (int part = 0; part < Lanes.GROUP_BYTES; part += Lanes.BYTES) {
      FloatVector sum = all(0f);
      for (int i = 0; i < count; i += Floats.LINE) {
        sum = sum.add(load(address + 4L * i + part));
      }
      put(sum, lanes + part);
    }
    float total = 0;
    for (int lane = 0; lane < Floats.LINE; lane++) {
      total += Memory.get(lanes + 4L * lane);
    }
    return total;
  }

  static void divide(long address, int count, float divisor) {
    for (int i = 0; i < count; i += Lanes.COUNT) {
      put(load(address + 4L * i).div(divisor), address + 4L * i);
    }
  }

  /** Copies {@code floats} floats, rounded up to whole vectors. */
  static void copy(long from, long to, int floats) {
    for (long at = 0; at < 4L * floats; at += Lanes.BYTES) {
      put(load(from + at), to + at);
    }
  }

  /** Whether 0·x is 0 for every x: it is NaN for NaN and the infinities. */
  static boolean allFinite(long address, int count) {
    FloatVector sum = all(0f);
    int i = 0;
    for (; i <= count - Lanes.COUNT; i += Lanes.COUNT) {
      sum = load(address + 4L * i).fma(all(0f), sum);
    }
    float rest = 0;
    for (; i < count; i++) {
      rest = Math.fma(Memory.get(address + 4L * i), 0f, rest);
    }
    return rest == 0 && !sum.test(VectorOperators.IS_NAN).anyTrue();
  }

  static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(SPECIES, ALL, address, ORDER);
  }

  static void put(FloatVector vector, long address) {
    vector.intoMemorySegment(ALL, address, ORDER);
  }

  static FloatVector all(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }
}
