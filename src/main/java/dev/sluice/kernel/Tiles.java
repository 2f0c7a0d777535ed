package dev.sluice.kernel;

import static dev.sluice.kernel.Lanes.SPECIES;
import static dev.sluice.kernel.Memory.ADDRESS;
import static dev.sluice.kernel.Memory.ALL;
import static dev.sluice.kernel.Memory.FLOAT;
import static dev.sluice.kernel.Memory.ORDER;
import static dev.sluice.kernel.Memory.STRIDE;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernels: a few rows times four vectors of outputs, all sums in registers, one chain of
 * fused multiply-adds each. {@link Tile} says what they compute.
 *
 * <p>Written out by hand because C2 keeps only local variables in registers, one loop per method
 * because it stops inlining vector operations in larger ones and then allocates every vector. For
 * the same reason they call the Vector API without helpers of their own: what the JDK marks as
 * always inlined stays so wherever C2 puts these methods, what we write does not.
 */
final class Tiles {

  private static final long GROUP = Lanes.GROUP_BYTES;

  private Tiles() {}

  /** Multiplies {@code rows} rows of the tile, all 64 outputs wide. */
  static void multiply(Tile t, int rows) {
    long x = t.x;
    long w = t.w;
    long start = t.start;
    long out = t.out;
    for (long part = 0; part < Lanes.GROUP_BYTES; part += Lanes.BYTES) {
      t.w = w + part;
      for (int r = 0; r < rows; ) {
        t.x = x + r * t.xRow;
        t.start = start + part + r * t.startRow;
        t.out = out + part + r * t.outRow;
        r += multiplySome(t, rows - r);
      }
    }
    t.x = x;
    t.w = w;
    t.start = start;
    t.out = out;
  }

  /** Multiplies the next few of {@code left} rows and returns how many; leaves no lone row. */
  private static int multiplySome(Tile t, int left) {
    int some = left <= Lanes.TILE_ROWS ? left : split(left);
    switch (some) {
      case 6 -> sixRows(t);
      case 4 -> fourRows(t);
      case 3, 5 -> threeRows(t);
      case 2 -> twoRows(t);
      default -> oneRow(t);
    }
    return some == 5 ? 3 : some;
  }

  /** Returns the first tile for more rows than one tile holds. */
  private static int split(int left) {
    if (Lanes.TILE_ROWS == 3) {
      return left == 4 ? 2 : 3;
    }
    return left < 9 || left == 11 ? 4 : 6;
  }

  private static void sixRows(Tile t) {
    FloatVector i0 = at(t, 0, 0), f0 = at(t, 0, 1), g0 = at(t, 0, 2), o0 = at(t, 0, 3);
    FloatVector i1 = at(t, 1, 0), f1 = at(t, 1, 1), g1 = at(t, 1, 2), o1 = at(t, 1, 3);
    FloatVector i2 = at(t, 2, 0), f2 = at(t, 2, 1), g2 = at(t, 2, 2), o2 = at(t, 2, 3);
    FloatVector i3 = at(t, 3, 0), f3 = at(t, 3, 1), g3 = at(t, 3, 2), o3 = at(t, 3, 3);
    FloatVector i4 = at(t, 4, 0), f4 = at(t, 4, 1), g4 = at(t, 4, 2), o4 = at(t, 4, 3);
    FloatVector i5 = at(t, 5, 0), f5 = at(t, 5, 1), g5 = at(t, 5, 2), o5 = at(t, 5, 3);
    long xk = t.x, dx = t.xRow & STRIDE, wk = t.w;
    for (int k = 0; k < t.depth; k++, xk += t.xDepth, wk += t.wDepth) {
      long x = xk & ADDRESS, w = wk & ADDRESS;
      FloatVector wi = fromMemorySegment(SPECIES, ALL, w, ORDER);
      FloatVector wf = fromMemorySegment(SPECIES, ALL, w + 1 * GROUP, ORDER);
      FloatVector wg = fromMemorySegment(SPECIES, ALL, w + 2 * GROUP, ORDER);
      FloatVector wo = fromMemorySegment(SPECIES, ALL, w + 3 * GROUP, ORDER);
      FloatVector v = broadcast(SPECIES, ALL.get(FLOAT, x));
      i0 = v.fma(wi, i0);
      f0 = v.fma(wf, f0);
      g0 = v.fma(wg, g0);
      o0 = v.fma(wo, o0);
      v = broadcast(SPECIES, ALL.get(FLOAT, x + dx));
      i1 = v.fma(wi, i1);
      f1 = v.fma(wf, f1);
      g1 = v.fma(wg, g1);
      o1 = v.fma(wo, o1);
      v = broadcast(SPECIES, ALL.get(FLOAT, x + 2 * dx));
      i2 = v.fma(wi, i2);
      f2 = v.fma(wf, f2);
      g2 = v.fma(wg, g2);
      o2 = v.fma(wo, o2);
      v = broadcast(SPECIES, ALL.get(FLOAT, x + 3 * dx));
      i3 = v.fma(wi, i3);
      f3 = v.fma(wf, f3);
      g3 = v.fma(wg, g3);
      o3 = v.fma(wo, o3);
      v = broadcast(SPECIES, ALL.get(FLOAT, x + 4 * dx));
      i4 = v.fma(wi, i4);
      f4 = v.fma(wf, f4);
      g4 = v.fma(wg, g4);
      o4 = v.fma(wo, o4);
      v = broadcast(SPECIES, ALL.get(FLOAT, x + 5 * dx));
      i5 = v.fma(wi, i5);
      f5 = v.fma(wf, f5);
      g5 = v.fma(wg, g5);
      o5 = v.fma(wo, o5);
    }
    long out = t.out & ADDRESS, dout = t.outRow & STRIDE;
    i0.intoMemorySegment(ALL, out, ORDER);
    f0.intoMemorySegment(ALL, out + 1 * GROUP, ORDER);
    g0.intoMemorySegment(ALL, out + 2 * GROUP, ORDER);
    o0.intoMemorySegment(ALL, out + 3 * GROUP, ORDER);
    i1.intoMemorySegment(ALL, out + dout, ORDER);
    f1.intoMemorySegment(ALL, out + dout + 1 * GROUP, ORDER);
    g1.intoMemorySegment(ALL, out + dout + 2 * GROUP, ORDER);
    o1.intoMemorySegment(ALL, out + dout + 3 * GROUP, ORDER);
    i2.intoMemorySegment(ALL, out + 2 * dout, ORDER);
    f2.intoMemorySegment(ALL, out + 2 * dout + 1 * GROUP, ORDER);
    g2.intoMemorySegment(ALL, out + 2 * dout + 2 * GROUP, ORDER);
    o2.intoMemorySegment(ALL, out + 2 * dout + 3 * GROUP, ORDER);
    i3.intoMemorySegment(ALL, out + 3 * dout, ORDER);
    f3.intoMemorySegment(ALL, out + 3 * dout + 1 * GROUP, ORDER);
    g3.intoMemorySegment(ALL, out + 3 * dout + 2 * GROUP, ORDER);
    o3.intoMemorySegment(ALL, out + 3 * dout + 3 * GROUP, ORDER);
    i4.intoMemorySegment(ALL, out + 4 * dout, ORDER);
    f4.intoMemorySegment(ALL, out + 4 * dout + 1 * GROUP, ORDER);
    g4.intoMemorySegment(ALL, out + 4 * dout + 2 * GROUP, ORDER);
    o4.intoMemorySegment(ALL, out + 4 * dout + 3 * GROUP, ORDER);
    i5.intoMemorySegment(ALL, out + 5 * dout, ORDER);
    f5.intoMemorySegment(ALL, out + 5 * dout + 1 * GROUP, ORDER);
    g5.intoMemorySegment(ALL, out + 5 * dout + 2 * GROUP, ORDER);
    o5.intoMemorySegment(ALL, out + 5 * dout + 3 * GROUP, ORDER);
  }

  private static void fourRows(Tile t) {
    FloatVector i0 = at(t, 0, 0), f0 = at(t, 0, 1), g0 = at(t, 0, 2), o0 = at(t, 0, 3);
    FloatVector i1 = at(t, 1, 0), f1 = at(t, 1, 1), g1 = at(t, 1, 2), o1 = at(t, 1, 3);
    FloatVector i2 = at(t, 2, 0), f2 = at(t, 2, 1), g2 = at(t, 2, 2), o2 = at(t, 2, 3);
    FloatVector i3 = at(t, 3, 0), f3 = at(t, 3, 1), g3 = at(t, 3, 2), o3 = at(t, 3, 3);
    long xk = t.x, dx = t.xRow & STRIDE, wk = t.w;
    for (int k = 0; k < t.depth; k++, xk += t.xDepth, wk += t.wDepth) {
      long x = xk & ADDRESS, w = wk & ADDRESS;
      FloatVector wi = fromMemorySegment(SPECIES, ALL, w, ORDER);
      FloatVector wf = fromMemorySegment(SPECIES, ALL, w + 1 * GROUP, ORDER);
      FloatVector wg = fromMemorySegment(SPECIES, ALL, w + 2 * GROUP, ORDER);
      FloatVector wo = fromMemorySegment(SPECIES, ALL, w + 3 * GROUP, ORDER);
      FloatVector v = broadcast(SPECIES, ALL.get(FLOAT, x));
      i0 = v.fma(wi, i0);
      f0 = v.fma(wf, f0);
      g0 = v.fma(wg, g0);
      o0 = v.fma(wo, o0);
      v = broadcast(SPECIES, ALL.get(FLOAT, x + dx));
      i1 = v.fma(wi, i1);
      f1 = v.fma(wf, f1);
      g1 = v.fma(wg, g1);
      o1 = v.fma(wo, o1);
      v = broadcast(SPECIES, ALL.get(FLOAT, x + 2 * dx));
      i2 = v.fma(wi, i2);
      f2 = v.fma(wf, f2);
      g2 = v.fma(wg, g2);
      o2 = v.fma(wo, o2);
      v = broadcast(SPECIES, ALL.get(FLOAT, x + 3 * dx));
      i3 = v.fma(wi, i3);
      f3 = v.fma(wf, f3);
      g3 = v.fma(wg, g3);
      o3 = v.fma(wo, o3);
    }
    long out = t.out & ADDRESS, dout = t.outRow & STRIDE;
    i0.intoMemorySegment(ALL, out, ORDER);
    f0.intoMemorySegment(ALL, out + 1 * GROUP, ORDER);
    g0.intoMemorySegment(ALL, out + 2 * GROUP, ORDER);
    o0.intoMemorySegment(ALL, out + 3 * GROUP, ORDER);
    i1.intoMemorySegment(ALL, out + dout, ORDER);
    f1.intoMemorySegment(ALL, out + dout + 1 * GROUP, ORDER);
    g1.intoMemorySegment(ALL, out + dout + 2 * GROUP, ORDER);
    o1.intoMemorySegment(ALL, out + dout + 3 * GROUP, ORDER);
    i2.intoMemorySegment(ALL, out + 2 * dout, ORDER);
    f2.intoMemorySegment(ALL, out + 2 * dout + 1 * GROUP, ORDER);
    g2.intoMemorySegment(ALL, out + 2 * dout + 2 * GROUP, ORDER);
    o2.intoMemorySegment(ALL, out + 2 * dout + 3 * GROUP, ORDER);
    i3.intoMemorySegment(ALL, out + 3 * dout, ORDER);
    f3.intoMemorySegment(ALL, out + 3 * dout + 1 * GROUP, ORDER);
    g3.intoMemorySegment(ALL, out + 3 * dout + 2 * GROUP, ORDER);
    o3.intoMemorySegment(ALL, out + 3 * dout + 3 * GROUP, ORDER);
  }

  private static void threeRows(Tile t) {
    long start = t.start & ADDRESS, dstart = t.startRow & STRIDE;
    FloatVector i0 = fromMemorySegment(SPECIES, ALL, start, ORDER);
    FloatVector f0 = fromMemorySegment(SPECIES, ALL, start + 1 * GROUP, ORDER);
    FloatVector g0 = fromMemorySegment(SPECIES, ALL, start + 2 * GROUP, ORDER);
    FloatVector o0 = fromMemorySegment(SPECIES, ALL, start + 3 * GROUP, ORDER);
    FloatVector i1 = fromMemorySegment(SPECIES, ALL, start + dstart, ORDER);
    FloatVector f1 = fromMemorySegment(SPECIES, ALL, start + dstart + 1 * GROUP, ORDER);
    FloatVector g1 = fromMemorySegment(SPECIES, ALL, start + dstart + 2 * GROUP, ORDER);
    FloatVector o1 = fromMemorySegment(SPECIES, ALL, start + dstart + 3 * GROUP, ORDER);
    FloatVector i2 = fromMemorySegment(SPECIES, ALL, start + 2 * dstart, ORDER);
    FloatVector f2 = fromMemorySegment(SPECIES, ALL, start + 2 * dstart + 1 * GROUP, ORDER);
    FloatVector g2 = fromMemorySegment(SPECIES, ALL, start + 2 * dstart + 2 * GROUP, ORDER);
    FloatVector o2 = fromMemorySegment(SPECIES, ALL, start + 2 * dstart + 3 * GROUP, ORDER);
    long xk = t.x, dx = t.xRow & STRIDE, wk = t.w;
    for (int k = 0; k < t.depth; k++, xk += t.xDepth, wk += t.wDepth) {
      long x = xk & ADDRESS, w = wk & ADDRESS;
      FloatVector wi = fromMemorySegment(SPECIES, ALL, w, ORDER);
      FloatVector wf = fromMemorySegment(SPECIES, ALL, w + 1 * GROUP, ORDER);
      FloatVector wg = fromMemorySegment(SPECIES, ALL, w + 2 * GROUP, ORDER);
      FloatVector wo = fromMemorySegment(SPECIES, ALL, w + 3 * GROUP, ORDER);
      FloatVector v = broadcast(SPECIES, ALL.get(FLOAT, x));
      i0 = v.fma(wi, i0);
      f0 = v.fma(wf, f0);
      g0 = v.fma(wg, g0);
      o0 = v.fma(wo, o0);
      v = broadcast(SPECIES, ALL.get(FLOAT, x + dx));
      i1 = v.fma(wi, i1);
      f1 = v.fma(wf, f1);
      g1 = v.fma(wg, g1);
      o1 = v.fma(wo, o1);
      v = broadcast(SPECIES, ALL.get(FLOAT, x + 2 * dx));
      i2 = v.fma(wi, i2);
      f2 = v.fma(wf, f2);
      g2 = v.fma(wg, g2);
      o2 = v.fma(wo, o2);
    }
    long out = t.out & ADDRESS, dout = t.outRow & STRIDE;
    i0.intoMemorySegment(ALL, out, ORDER);
    f0.intoMemorySegment(ALL, out + 1 * GROUP, ORDER);
    g0.intoMemorySegment(ALL, out + 2 * GROUP, ORDER);
    o0.intoMemorySegment(ALL, out + 3 * GROUP, ORDER);
    i1.intoMemorySegment(ALL, out + dout, ORDER);
    f1.intoMemorySegment(ALL, out + dout + 1 * GROUP, ORDER);
    g1.intoMemorySegment(ALL, out + dout + 2 * GROUP, ORDER);
    o1.intoMemorySegment(ALL, out + dout + 3 * GROUP, ORDER);
    i2.intoMemorySegment(ALL, out + 2 * dout, ORDER);
    f2.intoMemorySegment(ALL, out + 2 * dout + 1 * GROUP, ORDER);
    g2.intoMemorySegment(ALL, out + 2 * dout + 2 * GROUP, ORDER);
    o2.intoMemorySegment(ALL, out + 2 * dout + 3 * GROUP, ORDER);
  }

  private static void twoRows(Tile t) {
    long start = t.start & ADDRESS, dstart = t.startRow & STRIDE;
    FloatVector i0 = fromMemorySegment(SPECIES, ALL, start, ORDER);
    FloatVector f0 = fromMemorySegment(SPECIES, ALL, start + 1 * GROUP, ORDER);
    FloatVector g0 = fromMemorySegment(SPECIES, ALL, start + 2 * GROUP, ORDER);
    FloatVector o0 = fromMemorySegment(SPECIES, ALL, start + 3 * GROUP, ORDER);
    FloatVector i1 = fromMemorySegment(SPECIES, ALL, start + dstart, ORDER);
    FloatVector f1 = fromMemorySegment(SPECIES, ALL, start + dstart + 1 * GROUP, ORDER);
    FloatVector g1 = fromMemorySegment(SPECIES, ALL, start + dstart + 2 * GROUP, ORDER);
    FloatVector o1 = fromMemorySegment(SPECIES, ALL, start + dstart + 3 * GROUP, ORDER);
    long xk = t.x, dx = t.xRow & STRIDE, wk = t.w;
    for (int k = 0; k < t.depth; k++, xk += t.xDepth, wk += t.wDepth) {
      long x = xk & ADDRESS, w = wk & ADDRESS;
      FloatVector wi = fromMemorySegment(SPECIES, ALL, w, ORDER);
      FloatVector wf = fromMemorySegment(SPECIES, ALL, w + 1 * GROUP, ORDER);
      FloatVector wg = fromMemorySegment(SPECIES, ALL, w + 2 * GROUP, ORDER);
      FloatVector wo = fromMemorySegment(SPECIES, ALL, w + 3 * GROUP, ORDER);
      FloatVector v = broadcast(SPECIES, ALL.get(FLOAT, x));
      i0 = v.fma(wi, i0);
      f0 = v.fma(wf, f0);
      g0 = v.fma(wg, g0);
      o0 = v.fma(wo, o0);
      v = broadcast(SPECIES, ALL.get(FLOAT, x + dx));
      i1 = v.fma(wi, i1);
      f1 = v.fma(wf, f1);
      g1 = v.fma(wg, g1);
      o1 = v.fma(wo, o1);
    }
    long out = t.out & ADDRESS, dout = t.outRow & STRIDE;
    i0.intoMemorySegment(ALL, out, ORDER);
    f0.intoMemorySegment(ALL, out + 1 * GROUP, ORDER);
    g0.intoMemorySegment(ALL, out + 2 * GROUP, ORDER);
    o0.intoMemorySegment(ALL, out + 3 * GROUP, ORDER);
    i1.intoMemorySegment(ALL, out + dout, ORDER);
    f1.intoMemorySegment(ALL, out + dout + 1 * GROUP, ORDER);
    g1.intoMemorySegment(ALL, out + dout + 2 * GROUP, ORDER);
    o1.intoMemorySegment(ALL, out + dout + 3 * GROUP, ORDER);
  }

  private static void oneRow(Tile t) {
    long start = t.start & ADDRESS;
    FloatVector i0 = fromMemorySegment(SPECIES, ALL, start, ORDER);
    FloatVector f0 = fromMemorySegment(SPECIES, ALL, start + 1 * GROUP, ORDER);
    FloatVector g0 = fromMemorySegment(SPECIES, ALL, start + 2 * GROUP, ORDER);
    FloatVector o0 = fromMemorySegment(SPECIES, ALL, start + 3 * GROUP, ORDER);
    long xk = t.x, wk = t.w;
    for (int k = 0; k < t.depth; k++, xk += t.xDepth, wk += t.wDepth) {
      long x = xk & ADDRESS, w = wk & ADDRESS;
      FloatVector wi = fromMemorySegment(SPECIES, ALL, w, ORDER);
      FloatVector wf = fromMemorySegment(SPECIES, ALL, w + 1 * GROUP, ORDER);
      FloatVector wg = fromMemorySegment(SPECIES, ALL, w + 2 * GROUP, ORDER);
      FloatVector wo = fromMemorySegment(SPECIES, ALL, w + 3 * GROUP, ORDER);
      FloatVector v = broadcast(SPECIES, ALL.get(FLOAT, x));
      i0 = v.fma(wi, i0);
      f0 = v.fma(wf, f0);
      g0 = v.fma(wg, g0);
      o0 = v.fma(wo, o0);
    }
    long out = t.out & ADDRESS;
    i0.intoMemorySegment(ALL, out, ORDER);
    f0.intoMemorySegment(ALL, out + 1 * GROUP, ORDER);
    g0.intoMemorySegment(ALL, out + 2 * GROUP, ORDER);
    o0.intoMemorySegment(ALL, out + 3 * GROUP, ORDER);
  }

  /**
   * Multiplies one row by two panels at a time: eight chains are what it takes to keep two
   * multiply-add units of four cycles busy.
   *
   * @param x address of the row's {@code depth} floats
   * @param a address in the bias row of one panel; the weights follow at steps of 64 floats
   * @param b the same of the other panel
   */
  static void oneRowTwoPanels(long x, int depth, long a, long b, long outA, long outB) {
    long xk = x, ak = a, bk = b;
    a &= ADDRESS;
    b &= ADDRESS;
    outA &= ADDRESS;
    outB &= ADDRESS;
    FloatVector i0 = fromMemorySegment(SPECIES, ALL, a, ORDER);
    FloatVector f0 = fromMemorySegment(SPECIES, ALL, a + 1 * GROUP, ORDER);
    FloatVector g0 = fromMemorySegment(SPECIES, ALL, a + 2 * GROUP, ORDER);
    FloatVector o0 = fromMemorySegment(SPECIES, ALL, a + 3 * GROUP, ORDER);
    FloatVector i1 = fromMemorySegment(SPECIES, ALL, b, ORDER);
    FloatVector f1 = fromMemorySegment(SPECIES, ALL, b + 1 * GROUP, ORDER);
    FloatVector g1 = fromMemorySegment(SPECIES, ALL, b + 2 * GROUP, ORDER);
    FloatVector o1 = fromMemorySegment(SPECIES, ALL, b + 3 * GROUP, ORDER);
    for (int k = 0; k < depth; k++, xk += Float.BYTES) {
      ak += GatePanels.ROW_BYTES;
      bk += GatePanels.ROW_BYTES;
      a = ak & ADDRESS;
      b = bk & ADDRESS;
      FloatVector v = broadcast(SPECIES, ALL.get(FLOAT, xk & ADDRESS));
      i0 = v.fma(fromMemorySegment(SPECIES, ALL, a, ORDER), i0);
      f0 = v.fma(fromMemorySegment(SPECIES, ALL, a + 1 * GROUP, ORDER), f0);
      g0 = v.fma(fromMemorySegment(SPECIES, ALL, a + 2 * GROUP, ORDER), g0);
      o0 = v.fma(fromMemorySegment(SPECIES, ALL, a + 3 * GROUP, ORDER), o0);
      i1 = v.fma(fromMemorySegment(SPECIES, ALL, b, ORDER), i1);
      f1 = v.fma(fromMemorySegment(SPECIES, ALL, b + 1 * GROUP, ORDER), f1);
      g1 = v.fma(fromMemorySegment(SPECIES, ALL, b + 2 * GROUP, ORDER), g1);
      o1 = v.fma(fromMemorySegment(SPECIES, ALL, b + 3 * GROUP, ORDER), o1);
    }
    i0.intoMemorySegment(ALL, outA, ORDER);
    f0.intoMemorySegment(ALL, outA + 1 * GROUP, ORDER);
    g0.intoMemorySegment(ALL, outA + 2 * GROUP, ORDER);
    o0.intoMemorySegment(ALL, outA + 3 * GROUP, ORDER);
    i1.intoMemorySegment(ALL, outB, ORDER);
    f1.intoMemorySegment(ALL, outB + 1 * GROUP, ORDER);
    g1.intoMemorySegment(ALL, outB + 2 * GROUP, ORDER);
    o1.intoMemorySegment(ALL, outB + 3 * GROUP, ORDER);
  }

  /**
   * Loads where a chain starts. A helper after all, and only for what is done once: with all of it
   * written out C1 runs out of registers, and the method stays interpreted until C2 finds it.
   */
  private static FloatVector at(Tile t, int row, int gate) {
    long address = (t.start & ADDRESS) + row * (t.startRow & STRIDE) + gate * GROUP;
    return fromMemorySegment(SPECIES, ALL, address, ORDER);
  }
}
