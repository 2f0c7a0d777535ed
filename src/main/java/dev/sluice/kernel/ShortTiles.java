package dev.sluice.kernel;

import static dev.sluice.kernel.Lanes.SPECIES;
import static dev.sluice.kernel.Memory.ADDRESS;
import static dev.sluice.kernel.Memory.ALL;
import static dev.sluice.kernel.Memory.FLOAT;
import static dev.sluice.kernel.Memory.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.ShortVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.S2F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of int16 weights. A single row widens them in registers, so that it reads half
 * the bytes. A wave widens a few rows of a panel at a time into a chunk that stays in the L1 and
 * leaves the rest to {@link Tiles}, whose chains go on where the chunk before ended.
 *
 * <p>Written without helpers, as {@link Tiles} explains.
 */
final class ShortTiles {

  /** Rows of weights that are widened together: 16 KiB of floats, a third of an L1. */
  static final int CHUNK_ROWS = Scratch.WIDENED_ROWS;

  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

  /** Bytes from one gate's 16 weights to the next gate's. */
  private static final long GROUP = Lanes.GROUP_BYTES / 2;

  private ShortTiles() {}

  /**
   * Multiplies one row by two panels at a time, without scales and biases.
   *
   * @param x address of the row's {@code depth} floats
   * @param a address in the first row of weights of one panel
   * @param b the same of the other panel
   */
  static void oneRowTwoPanels(long x, int depth, long a, long b, long outA, long outB) {
    FloatVector i0 = zero(SPECIES), f0 = zero(SPECIES), g0 = zero(SPECIES), o0 = zero(SPECIES);
    FloatVector i1 = zero(SPECIES), f1 = zero(SPECIES), g1 = zero(SPECIES), o1 = zero(SPECIES);
    long xk = x, ak = a, bk = b;
    outA &= ADDRESS;
    outB &= ADDRESS;
    for (int k = 0; k < depth; k++, xk += Float.BYTES) {
      a = ak & ADDRESS;
      b = bk & ADDRESS;
      FloatVector v = broadcast(SPECIES, ALL.get(FLOAT, xk & ADDRESS));
      i0 = v.fma(fromMemorySegment(SHORTS, ALL, a, ORDER).convertShape(S2F, SPECIES, 0), i0);
      f0 =
          v.fma(fromMemorySegment(SHORTS, ALL, a + GROUP, ORDER).convertShape(S2F, SPECIES, 0), f0);
      g0 =
          v.fma(
              fromMemorySegment(SHORTS, ALL, a + 2 * GROUP, ORDER).convertShape(S2F, SPECIES, 0),
              g0);
      o0 =
          v.fma(
              fromMemorySegment(SHORTS, ALL, a + 3 * GROUP, ORDER).convertShape(S2F, SPECIES, 0),
              o0);
      i1 = v.fma(fromMemorySegment(SHORTS, ALL, b, ORDER).convertShape(S2F, SPECIES, 0), i1);
      f1 =
          v.fma(fromMemorySegment(SHORTS, ALL, b + GROUP, ORDER).convertShape(S2F, SPECIES, 0), f1);
      g1 =
          v.fma(
              fromMemorySegment(SHORTS, ALL, b + 2 * GROUP, ORDER).convertShape(S2F, SPECIES, 0),
              g1);
      o1 =
          v.fma(
              fromMemorySegment(SHORTS, ALL, b + 3 * GROUP, ORDER).convertShape(S2F, SPECIES, 0),
              o1);
      ak += GatePanels.SHORT_ROW_BYTES;
      bk += GatePanels.SHORT_ROW_BYTES;
    }
    i0.intoMemorySegment(ALL, outA, ORDER);
    f0.intoMemorySegment(ALL, outA + 1L * Lanes.GROUP_BYTES, ORDER);
    g0.intoMemorySegment(ALL, outA + 2L * Lanes.GROUP_BYTES, ORDER);
    o0.intoMemorySegment(ALL, outA + 3L * Lanes.GROUP_BYTES, ORDER);
    i1.intoMemorySegment(ALL, outB, ORDER);
    f1.intoMemorySegment(ALL, outB + 1L * Lanes.GROUP_BYTES, ORDER);
    g1.intoMemorySegment(ALL, outB + 2L * Lanes.GROUP_BYTES, ORDER);
    o1.intoMemorySegment(ALL, outB + 3L * Lanes.GROUP_BYTES, ORDER);
  }

  /**
   * Multiplies {@code rows} rows of the tile by a panel, as {@link Tiles#multiply} does; of the
   * tile, weights and start are overwritten.
   *
   * @param panel address of a panel of int16 weights
   * @param chunk address of a row of zeros and {@value Scratch#WIDENED_ROWS} more rows
   */
  static void multiply(Tile t, int rows, long panel, long chunk) {
    long x = t.x;
    int depth = t.depth;
    t.start = chunk;
    t.startRow = 0;
    t.w = chunk + GatePanels.ROW_BYTES;
    for (int k = 0; k < depth; k += CHUNK_ROWS) {
      t.x = x + 4L * k;
      t.depth = Math.min(CHUNK_ROWS, depth - k);
      widen(panel + GatePanels.SHORTS_AT + k * GatePanels.SHORT_ROW_BYTES, t.w, t.depth);
      Tiles.multiply(t, rows);
      t.start = t.out;
      t.startRow = t.outRow;
    }
    t.x = x;
    t.depth = depth;
    t.startRow = 0;
    for (int r = 0; r < rows; r++) {
      rescale(t.out + r * t.outRow, panel);
    }
  }

  /** Turns {@code rows} rows of shorts into floats. */
  private static void widen(long from, long to, int rows) {
    long end = to + rows * GatePanels.ROW_BYTES;
    for (; to < end; to += Lanes.BYTES, from += Lanes.BYTES / 2) {
      fromMemorySegment(SHORTS, ALL, from & ADDRESS, ORDER)
          .convertShape(S2F, SPECIES, 0)
          .intoMemorySegment(ALL, to & ADDRESS, ORDER);
    }
  }

  /** Ends 64 chains: {@code sums[j] = sums[j] · scale[j] + bias[j]}. */
  static void rescale(long sums, long panel) {
    sums &= ADDRESS;
    panel &= ADDRESS;
    for (long at = 0; at < GatePanels.ROW_BYTES; at += Lanes.BYTES) {
      FloatVector sum = FloatVector.fromMemorySegment(SPECIES, ALL, sums + at, ORDER);
      long scales = panel + GatePanels.ROW_BYTES + at;
      FloatVector scale = FloatVector.fromMemorySegment(SPECIES, ALL, scales, ORDER);
      FloatVector bias = FloatVector.fromMemorySegment(SPECIES, ALL, panel + at, ORDER);
      sum.fma(scale, bias).intoMemorySegment(ALL, sums + at, ORDER);
    }
  }
}
