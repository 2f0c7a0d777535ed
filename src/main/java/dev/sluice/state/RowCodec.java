package dev.sluice.state;

import dev.sluice.kernel.Floats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Version 1 of a key's memory as bytes. Little-endian:
 *
 * <pre>
 *   offset  bytes  field
 *   0       1      format version, 1
 *   1       1      encoding of the floats, 0 = float32
 *   2       2      L, number of layers
 *   4       4      S, number of statistics
 *   8       8      hash of the layout (see {@link RowLayout#hash})
 *   16      8      sequence of the timeline entry that last stepped the key
 *   24      4      model version of that entry
 *   28      4      reserved, 0
 *   32      4·L    units of each layer
 *   then    8·H    for each layer, hidden then cell state, without padding
 *   then    8·S    statistics, float64
 * </pre>
 *
 * <p>These bytes outlive the process: they are in the changelog topic. A change of layout is a new
 * version number that this class learns to read one release before any release writes it.
 */
public final class RowCodec {

  /** The version that is written. */
  public static final byte VERSION = 1;

  private static final int HEADER_BYTES = 32;

  private RowCodec() {}

  /** Returns the memory of the key in {@code slot} as bytes. */
  public static byte[] write(Memories memories, int slot) {
    RowLayout layout = memories.layout(slot);
    byte[] bytes = new byte[size(layout)];
    ByteBuffer to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    to.put(VERSION).put((byte) 0).putShort((short) layout.hidden().size()).putInt(layout.stats());
    to.putLong(layout.hash()).putLong(memories.sequence(slot)).putInt(memories.version(slot));
    to.putInt(0);
    layout.hidden().forEach(to::putInt);
    Floats page = memories.page(slot);
    long at = memories.offset(slot);
    for (int units : layout.hidden()) {
      page.readBytes(at, to, units);
      page.readBytes(at + Floats.pad(units), to, units);
      at += 2L * Floats.pad(units);
    }
    double[] stats = memories.stats(slot);
    int from = memories.statsAt(slot);
    for (int i = 0; i < layout.stats(); i++) {
      to.putDouble(stats[from + i]);
    }
    return bytes;
  }

  private static int size(RowLayout layout) {
    int units = layout.hidden().stream().mapToInt(Integer::intValue).sum();
    return HEADER_BYTES
        + Integer.BYTES * layout.hidden().size()
        + 2 * Float.BYTES * units
        + Double.BYTES * layout.stats();
  }

  /**
   * Reads bytes into the memory of {@code key}, which replaces what it was.
   *
   * @param where where the bytes come from, for the message
   * @throws CorruptRowException if the bytes are not a row that this release can read; the memory
   *     is as it was
   */
  public static void read(byte[] key, byte[] bytes, String where, Memories memories) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    RowLayout layout = layout(from, where);
    from.position(16);
    long sequence = from.getLong();
    int version = from.getInt();
    from.position(HEADER_BYTES + Integer.BYTES * layout.hidden().size());

    int slot = memories.claim(key);
    memories.reset(slot, layout);
    memories.steppedBy(slot, sequence, version);
    Floats page = memories.page(slot);
    long at = memories.offset(slot);
    for (int units : layout.hidden()) {
      page.writeBytes(at, from, units);
      page.writeBytes(at + Floats.pad(units), from, units);
      at += 2L * Floats.pad(units);
    }
    double[] stats = memories.stats(slot);
    int to = memories.statsAt(slot);
    for (int i = 0; i < layout.stats(); i++) {
      stats[to + i] = from.getDouble();
    }
  }

  private static RowLayout layout(ByteBuffer from, String where) {
    int length = from.remaining();
    if (length < HEADER_BYTES) {
      throw new CorruptRowException(where, length + " bytes are fewer than the header's 32");
    }
    byte version = from.get();
    byte encoding = from.get();
    if (version != VERSION) {
      throw new CorruptRowException(
          where,
          "format version "
              + version
              + ", this release reads only "
              + VERSION
              + "; run the release that wrote it, or reset the application");
    }
    if (encoding != 0) {
      throw new CorruptRowException(where, "encoding " + encoding + ", only 0 is known");
    }
    int layers = Short.toUnsignedInt(from.getShort());
    int stats = from.getInt();
    long hash = from.getLong();
    from.position(HEADER_BYTES);
    if (layers > RowLayout.MAX_LAYERS || length < HEADER_BYTES + Integer.BYTES * layers) {
      throw new CorruptRowException(where, layers + " layers do not fit in " + length + " bytes");
    }
    RowLayout layout = checked(from, layers, stats, where);
    if (size(layout) != length) {
      throw new CorruptRowException(
          where, "a row of " + layout + " has " + size(layout) + " bytes, found " + length);
    }
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

  private static RowLayout checked(ByteBuffer from, int layers, int stats, String where) {
    List<Integer> hidden = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      hidden.add(from.getInt());
    }
    try {
      return new RowLayout(hidden, stats);
    } catch (IllegalArgumentException e) {
      throw new CorruptRowException(where, String.valueOf(e.getMessage()));
    }
  }
}
