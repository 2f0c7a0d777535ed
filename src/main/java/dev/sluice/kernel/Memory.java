package dev.sluice.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * All memory as one segment, addressed by plain numbers. Bounded segments cost short loops 30 % in
 * checks; here the door of {@link Kernel} checks instead, once per call.
 */
final class Memory {

  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Unaligned, because the aligned layout tests the address of every single access. */
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /**
   * Masks an address, and changes none that exists. C2 then knows it to be neither negative nor
   * near the end of {@link #ALL}, and leaves out the tests of the accesses at it and behind it: one
   * instruction instead of two for each access, which a loop of 24 multiply-adds feels.
   */
  static final long ADDRESS = (1L << 62) - 1;

  /** Masks the distance of two rows, for the same reason. */
  static final long STRIDE = (1L << 48) - 1;

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  private Memory() {}

  static float get(long address) {
    return ALL.get(FLOAT, address);
  }

  static void set(long address, float value) {
    ALL.set(FLOAT, address, value);
  }

  static short getShort(long address) {
    return ALL.get(SHORT, address);
  }

  static void setShort(long address, short value) {
    ALL.set(SHORT, address, value);
  }

  static void copy(long from, long to, int floats) {
    for (int i = 0; i < floats; i++) {
      set(to + 4L * i, get(from + 4L * i));
    }
  }
}
