package dev.sluice.bench.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What one core can do at most: multiply-adds in registers, and reads from each cache. */
@State(Scope.Thread)
public class Limits {

  /** Rounds of one {@link #multiplyAdds}. */
  static final int ROUNDS = 1000;

  /** Chains of one {@link #multiplyAdds}. */
  static final int CHAINS = 12;

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  /** Kilobytes read in one {@link #read}. */
  @Param({"512"})
  public int kilobytes;

  private long address;
  private long bytes;
  private float factor = 0.999f;

  /** Allocates what is read. */
  @Setup
  public void prepare() {
    bytes = kilobytes * 1024L;
    address = Arena.global().allocate(bytes, 64).address();
  }

  /** Returns the floating-point operations of one {@link #multiplyAdds}. */
  static double flops() {
    return 2.0 * ROUNDS * CHAINS * SPECIES.length();
  }

  /** Twelve chains of multiply-adds, registers only. */
  @Benchmark
  public float multiplyAdds() {
    FloatVector v = FloatVector.broadcast(SPECIES, factor);
    FloatVector a = v, b = v, c = v, d = v, e = v, f = v;
    FloatVector g = v, h = v, i = v, j = v, k = v, l = v;
    for (int r = 0; r < ROUNDS; r++) {
      a = v.fma(v, a);
      b = v.fma(v, b);
      c = v.fma(v, c);
      d = v.fma(v, d);
      e = v.fma(v, e);
      f = v.fma(v, f);
      g = v.fma(v, g);
      h = v.fma(v, h);
      i = v.fma(v, i);
      j = v.fma(v, j);
      k = v.fma(v, k);
      l = v.fma(v, l);
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f);
    return sum.add(g.add(h).add(i).add(j).add(k).add(l)).reduceLanes(VectorOperators.ADD);
  }

  /** Eight chains of multiply-adds whose operands come from memory, front to back. */
  @Benchmark
  public float read() {
    FloatVector v = FloatVector.broadcast(SPECIES, factor);
    FloatVector a = v, b = v, c = v, d = v, e = v, f = v, g = v, h = v;
    long step = SPECIES.vectorByteSize();
    long end = address + bytes;
    for (long at = address; at < end; at += 8 * step) {
      a = v.fma(FloatVector.fromMemorySegment(SPECIES, ALL, at, ORDER), a);
      b = v.fma(FloatVector.fromMemorySegment(SPECIES, ALL, at + step, ORDER), b);
      c = v.fma(FloatVector.fromMemorySegment(SPECIES, ALL, at + 2 * step, ORDER), c);
      d = v.fma(FloatVector.fromMemorySegment(SPECIES, ALL, at + 3 * step, ORDER), d);
      e = v.fma(FloatVector.fromMemorySegment(SPECIES, ALL, at + 4 * step, ORDER), e);
      f = v.fma(FloatVector.fromMemorySegment(SPECIES, ALL, at + 5 * step, ORDER), f);
      g = v.fma(FloatVector.fromMemorySegment(SPECIES, ALL, at + 6 * step, ORDER), g);
      h = v.fma(FloatVector.fromMemorySegment(SPECIES, ALL, at + 7 * step, ORDER), h);
    }
    return a.add(b).add(c).add(d).add(e.add(f).add(g).add(h)).reduceLanes(VectorOperators.ADD);
  }
}
