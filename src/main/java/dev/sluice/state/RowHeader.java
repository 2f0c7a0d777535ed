package dev.sluice.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What the beginning of a row says, in every version that can be read; {@link RowCodec} has the
 * layout.
 *
 * @param bytes of the header, before the units of the layers
 * @param lastTime unknown in version 1
 * @param events 0 in version 1
 */
record RowHeader(
    byte version,
    Encoding encoding,
    RowLayout layout,
    int bytes,
    long sequence,
    int modelVersion,
    long lastTime,
    long events) {

  private static final byte FIRST = 1;
  private static final int FIRST_BYTES = 32;
  private static final int STRIPS_AT = 28;

  /**
   * Reads and checks the header of a row, and that the row is as long as it says.
   *
   * @throws CorruptRowException if it is not a row that this release can read
   */
  static RowHeader of(byte[] row, String where) {
    if (row.length < FIRST_BYTES) {
      throw new CorruptRowException(where, row.length + " bytes are fewer than the header's 32");
    }
    byte version = row[0];
    if (version < FIRST || version > RowCodec.WITH_STRIPS) {
      throw new CorruptRowException(
          where,
          "format version "
              + version
              + ", this release reads only "
              + FIRST
              + " to "
              + RowCodec.WITH_STRIPS
              + "; run the release that wrote it, or reset the application");
    }
    int bytes = version == FIRST ? FIRST_BYTES : RowCodec.HEADER_BYTES;
    if (row.length < bytes) {
      throw new CorruptRowException(
          where, row.length + " bytes are fewer than the header's " + bytes);
    }
    ByteBuffer from = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
    Encoding encoding = encoding(row[1], version, where);
    int strips = version < RowCodec.WITH_STRIPS ? 0 : from.getInt(STRIPS_AT);
    RowLayout layout = layout(from, bytes, strips, encoding, where);
    from.position(16);
    return new RowHeader(
        version,
        encoding,
        layout,
        bytes,
        from.getLong(),
        from.getInt(),
        version == FIRST ? Memories.NO_TIME : from.getLong(32),
        version == FIRST ? 0 : from.getLong(40));
  }

  private static Encoding encoding(byte code, byte version, String where) {
    for (Encoding encoding : Encoding.values()) {
      if (encoding.code() == code && (version > FIRST || encoding == Encoding.FLOAT32)) {
        return encoding;
      }
    }
    throw new CorruptRowException(
        where,
        "encoding " + code + (version == FIRST ? ", only 0 is known" : ", only 0 and 1 are known"));
  }

  private static RowLayout layout(
      ByteBuffer from, int headerBytes, int strips, Encoding encoding, String where) {
    int length = from.capacity();
    int layers = Short.toUnsignedInt(from.getShort(2));
    int stats = from.getInt(4);
    if (layers > RowLayout.MAX_LAYERS || length < headerBytes + Integer.BYTES * layers) {
      throw new CorruptRowException(where, layers + " layers do not fit in " + length + " bytes");
    }
    int described = headerBytes + Integer.BYTES * layers + RowCodec.STRIP_BYTES * strips;
    if (strips < 0 || strips > RowLayout.MAX_STRIPS || length < described) {
      throw new CorruptRowException(where, strips + " strips do not fit in " + length + " bytes");
    }
    from.position(headerBytes);
    RowLayout layout = checked(from, layers, stats, strips, where);
    int size = RowCodec.size(layout, encoding, headerBytes);
    if (size != length) {
      throw new CorruptRowException(
          where, "a row of " + layout + " has " + size + " bytes, found " + length);
    }
    long hash = from.getLong(8);
    if (layout.hash() != hash) {
      throw new CorruptRowException(
          where,
          "its layout reads as "
              + layout
              + ", which the hash "
              + Long.toHexString(hash)
              + " is not of");
    }
    return layout;
  }

  private static RowLayout checked(
      ByteBuffer from, int layers, int stats, int strips, String where) {
    List<Integer> hidden = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      hidden.add(from.getInt());
    }
    try {
      List<Strip> described = new ArrayList<>();
      for (int i = 0; i < strips; i++) {
        int kind = from.getInt();
        int floats = from.getInt();
        int doubles = from.getInt();
        from.getInt();
        described.add(new Strip(kind, from.getLong(), floats, doubles));
      }
      return new RowLayout(hidden, stats, described);
    } catch (IllegalArgumentException e) {
      throw new CorruptRowException(where, String.valueOf(e.getMessage()));
    }
  }
}
