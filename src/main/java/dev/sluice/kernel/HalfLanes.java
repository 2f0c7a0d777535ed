package dev.sluice.kernel;

import static dev.sluice.kernel.Lanes.SPECIES;
import static dev.sluice.kernel.Memory.ALL;
import static dev.sluice.kernel.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Halves} with lanes. */
final class HalfLanes {

  private HalfLanes() {}

  /** Rounds floats in place; {@code count} is a multiple of 16. */
  static void round(long address, int count) {
    for (long at = address; at < address + 4L * count; at += Lanes.BYTES) {
      FloatVector x = FloatVector.fromMemorySegment(SPECIES, ALL, at, ORDER);
      IntVector bits = x.reinterpretAsInts();
      IntVector magnitude = bits.and(Halves.MAGNITUDE);
      IntVector odd = magnitude.lanewise(VectorOperators.LSHR, Halves.SHIFT).and(1);
      IntVector rounded = magnitude.min(Halves.LARGEST).add(Halves.HALF_LESS_ONE).add(odd);
      FloatVector subnormal =
          magnitude.reinterpretAsFloats().add(Halves.ROUNDER).sub(Halves.ROUNDER);
      rounded =
          rounded
              .and(Halves.KEPT)
              .blend(
                  subnormal.reinterpretAsInts(),
                  magnitude.compare(VectorOperators.LT, Halves.SMALLEST_NORMAL))
              .or(bits.and(~Halves.MAGNITUDE))
              .blend(Halves.NAN, magnitude.compare(VectorOperators.GT, Halves.INFINITY));
      rounded.reinterpretAsFloats().intoMemorySegment(ALL, at, ORDER);
    }
  }
}
