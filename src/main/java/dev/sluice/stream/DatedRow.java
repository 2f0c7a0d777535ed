package dev.sluice.stream;

import dev.sluice.state.RowCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A row of the changelog that says up to which event of the input it goes, because others go
 * further. Little-endian:
 *
 * <pre>
 *   offset  bytes  field
 *   0       1      format, 64: no version of {@link RowCodec}
 *   1       8      offset of the first record of the input that is not included
 *   9       ...    the row as {@link RowCodec} writes it, with a version of its own
 * </pre>
 *
 * <p>A row without this head is as good: it includes every event that was committed with it, and
 * there is no {@link Span} then that begins before its commit.
 */
final class DatedRow {

  /** The first byte. */
  static final byte FORMAT = 64;

  private static final int HEAD_BYTES = 1 + Long.BYTES;

  private DatedRow() {}

  /** Returns {@code row} as one that includes everything before {@code nextOffset}. */
  static byte[] write(byte[] row, long nextOffset) {
    byte[] bytes = new byte[HEAD_BYTES + row.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).put(FORMAT).putLong(nextOffset).put(row);
    return bytes;
  }

  /** Returns whether these bytes say how far they go. */
  static boolean is(byte[] bytes) {
    return bytes.length >= HEAD_BYTES && bytes[0] == FORMAT;
  }

  /** Returns the offset of the first record that is not included; 0 where nothing is said. */
  static long nextOffset(byte[] bytes) {
    return is(bytes) ? ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(1) : 0;
  }

  /** Returns the row as {@link RowCodec} reads it, whichever of the two forms it is in. */
  static byte[] row(byte[] bytes) {
    return is(bytes) ? Arrays.copyOfRange(bytes, HEAD_BYTES, bytes.length) : bytes;
  }
}
