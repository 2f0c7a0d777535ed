package dev.sluice.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A block of floats outside the heap, aligned to 64 bytes, so that a vector never straddles two
 * cache lines (worth 1.3 to 1.5 times on its own; an array on the heap cannot promise it). Zero
 * when new. The garbage collector frees it; every access here is bounds-checked.
 */
public final class Floats {

  /** Floats in a cache line: sizes and offsets of rows are multiples of it. */
  public static final int LINE = 16;

  private static final int ALIGNMENT_BYTES = 64;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** Floats as they are written to topics and files, on machines of either byte order. */
  private static final ValueLayout.OfFloat STORED =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment segment;
  private final long size;

  private Floats(long size) {
    this.size = size;
    this.segment = Arena.ofAuto().allocate(size * Float.BYTES, ALIGNMENT_BYTES);
  }

  /**
   * Returns a block of {@code size} zeros.
   *
   * @param size floats, at least 1
   */
  public static Floats allocate(long size) {
    if (size < 1) {
      throw new IllegalArgumentException(
          "A block of " + size + " floats is not possible. Ask for at least 1");
    }
    return new Floats(size);
  }

  /** Returns a block that holds a copy of {@code values}. */
  public static Floats of(float... values) {
    Floats block = allocate(values.length);
    block.write(0, values, 0, values.length);
    return block;
  }

  /** Returns {@code n} rounded up to whole cache lines of {@value #LINE} floats. */
  public static int pad(int n) {
    return Math.addExact(n, LINE - 1) & -LINE;
  }

  /** Returns the number of floats in this block. */
  public long size() {
    return size;
  }

  /** Returns the float at index {@code at}. */
  public float get(long at) {
    return segment.getAtIndex(FLOAT, at);
  }

  /** Puts {@code value} at index {@code at}. */
  public void set(long at, float value) {
    segment.setAtIndex(FLOAT, at, value);
  }

  /** Copies {@code count} floats that start at {@code at} into an array. */
  public void read(long at, float[] into, int from, int count) {
    checkRange(at, count);
    MemorySegment.copy(segment, FLOAT, at * Float.BYTES, into, from, count);
  }

  /** Copies {@code count} floats of an array to {@code at}. */
  public void write(long at, float[] from, int fromIndex, int count) {
    checkRange(at, count);
    MemorySegment.copy(from, fromIndex, segment, FLOAT, at * Float.BYTES, count);
  }

  /**
   * Copies {@code count} floats that start at {@code at} into {@code to}, little-endian, from its
   * position on, which moves.
   */
  public void readBytes(long at, ByteBuffer to, int count) {
    checkRange(at, count);
    int from = to.position();
    MemorySegment target = MemorySegment.ofBuffer(to);
    MemorySegment.copy(segment, FLOAT, at * Float.BYTES, target, STORED, 0, count);
    to.position(from + count * Float.BYTES);
  }

  /** Copies {@code count} little-endian floats from {@code from}, whose position moves, to here. */
  public void writeBytes(long at, ByteBuffer from, int count) {
    checkRange(at, count);
    int start = from.position();
    MemorySegment source = MemorySegment.ofBuffer(from);
    MemorySegment.copy(source, STORED, 0, segment, FLOAT, at * Float.BYTES, count);
    from.position(start + count * Float.BYTES);
  }

  /**
   * Copies {@code count} floats that start at {@code at} into {@code to} as binary16,
   * little-endian, from its position on, which moves. Exact for what {@link Kernel#roundToHalves}
   * leaves.
   *
   * @param to little-endian
   */
  public void readHalves(long at, ByteBuffer to, int count) {
    checkRange(at, count);
    for (long i = at; i < at + count; i++) {
      to.putShort(Float.floatToFloat16(get(i)));
    }
  }

  /**
   * Copies {@code count} binary16 numbers from {@code from}, whose position moves, to here.
   *
   * @param from little-endian
   */
  public void writeHalves(long at, ByteBuffer from, int count) {
    checkRange(at, count);
    for (long i = at; i < at + count; i++) {
      set(i, Float.float16ToFloat(from.getShort()));
    }
  }

  /** Rounds {@code count} floats to the nearest binary16, as {@link Kernel#roundToHalves} does. */
  public void roundToHalves(long at, long count) {
    checkRange(at, count);
    for (long i = at; i < at + count; i++) {
      set(i, Halves.round(get(i)));
    }
  }

  /** Copies {@code count} floats from one block to another, or within one. */
  public static void copy(Floats from, long at, Floats to, long toAt, long count) {
    from.checkRange(at, count);
    to.checkRange(toAt, count);
    MemorySegment.copy(
        from.segment, at * Float.BYTES, to.segment, toAt * Float.BYTES, count * Float.BYTES);
  }

  /** Sets {@code count} floats that start at {@code at} to {@code value}. */
  public void fill(long at, long count, float value) {
    checkRange(at, count);
    if (Float.floatToRawIntBits(value) == 0) {
      segment.asSlice(at * Float.BYTES, count * Float.BYTES).fill((byte) 0);
      return;
    }
    for (long i = at; i < at + count; i++) {
      segment.setAtIndex(FLOAT, i, value);
    }
  }

  /** Returns the floats that start at {@code at} as a new array. */
  public float[] toArray(long at, int count) {
    float[] values = new float[count];
    read(at, values, 0, count);
    return values;
  }

  /**
   * Refuses a range that is not inside this block.
   *
   * @throws IndexOutOfBoundsException if it is not
   */
  void checkRange(long at, long count) {
    Objects.checkFromIndexSize(at, count, size);
  }

  /** Returns the address of the first float; good for as long as this object is reachable. */
  long address() {
    return segment.address();
  }

  @Override
  public String toString() {
    return "Floats[" + size + "]";
  }
}
