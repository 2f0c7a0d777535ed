package dev.sluice.state;

import dev.sluice.feature.Encoder;
import dev.sluice.kernel.Floats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A key's memory as bytes, version 2, or version 3 where the row has strips. Little-endian:
 *
 * <pre>
 *   offset  bytes  field
 *   0       1      format version, 2 or 3
 *   1       1      encoding E of the floats: 0 = float32, 1 = float16
 *   2       2      L, number of layers
 *   4       4      S, number of statistics
 *   8       8      hash of the layout (see {@link RowLayout#hash})
 *   16      8      sequence of the timeline entry that last stepped the key
 *   24      4      model version of that entry
 *   28      4      P, number of strips; 0 in version 2
 *   32      8      latest time of the key's events, epoch millis; -2^63 = unknown
 *   40      8      events of the key since its memory began
 *   48      4·L    units of each layer
 *   then    24·P   of each strip: kind (4), floats F (4), doubles D (4), 0 (4), shape (8)
 *   then    2·H·E  for each layer, hidden then cell state, without padding; E is 4 or 2 bytes
 *   then    8·S    statistics, float64
 *   then    4·F+8·D of each strip, its floats as float32, then its doubles as float64
 * </pre>
 *
 * <p>Version 1 has no bytes 32 to 47 and knows no float16. It can be read: the time and the number
 * of events are then those of the statistics, where these hold an event.
 *
 * <p>These bytes outlive the process: they are in the changelog topic. A change of layout is a new
 * version number that this class learns to read one release before any release writes it.
 */
public final class RowCodec {

  /** The version that is written of a row without strips. */
  public static final byte VERSION = 2;

  /** The version that is written of a row with strips. */
  static final byte WITH_STRIPS = 3;

  /** Bytes that say what a strip is. */
  static final int STRIP_BYTES = 24;

  static final int HEADER_BYTES = 48;

  private static final int TIME_AT = 32;

  /** Statistics that an {@link Encoder} needs for the time and the number of events. */
  private static final int ENCODER_STATS = 2;

  private RowCodec() {}

  /** Returns the memory of the key in {@code slot} as bytes. */
  public static byte[] write(Memories memories, int slot) {
    RowLayout layout = memories.layout(slot);
    Encoding encoding = memories.encoding();
    byte[] bytes = new byte[size(layout, encoding)];
    ByteBuffer to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int strips = layout.strips().size();
    to.put(strips == 0 ? VERSION : WITH_STRIPS).put(encoding.code());
    to.putShort((short) layout.hidden().size());
    to.putInt(layout.stats()).putLong(layout.hash());
    to.putLong(memories.sequence(slot)).putInt(memories.version(slot)).putInt(strips);
    to.putLong(memories.lastTime(slot)).putLong(memories.events(slot));
    Floats page = memories.page(slot);
    long at = memories.offset(slot);
    for (int i = 0; i < layout.hidden().size(); i++) {
      to.putInt(layout.hidden().get(i));
    }
    for (int i = 0; i < strips; i++) {
      Strip strip = layout.strips().get(i);
      to.putInt(strip.kind()).putInt(strip.floats()).putInt(strip.doubles()).putInt(0);
      to.putLong(strip.shape());
    }
    for (int i = 0; i < layout.hidden().size(); i++) {
      int hidden = LayerWord.hidden(layout.hidden().get(i));
      int cell = LayerWord.cell(layout.hidden().get(i));
      writeUnits(page, at, hidden, encoding, to);
      at += Floats.pad(hidden);
      writeUnits(page, at, cell, encoding, to);
      at += Floats.pad(cell);
    }
    writeDoubles(memories.stats(slot), memories.statsAt(slot), layout.stats(), to);
    int doublesAt = memories.statsAt(slot) + layout.stats();
    for (int i = 0; i < strips; i++) {
      Strip strip = layout.strips().get(i);
      page.readBytes(at, to, strip.floats());
      writeDoubles(memories.stats(slot), doublesAt, strip.doubles(), to);
      at += Floats.pad(strip.floats());
      doublesAt += strip.doubles();
    }
    return bytes;
  }

  private static void writeDoubles(double[] from, int at, int count, ByteBuffer to) {
    to.asDoubleBuffer().put(from, at, count);
    to.position(to.position() + count * Double.BYTES);
  }

  private static void writeUnits(
      Floats page, long at, int units, Encoding encoding, ByteBuffer to) {
    switch (encoding) {
      case FLOAT32 -> page.readBytes(at, to, units);
      case FLOAT16 -> page.readHalves(at, to, units);
    }
  }

  /** Returns the bytes of a row as it is written. */
  public static int size(RowLayout layout, Encoding encoding) {
    return size(layout, encoding, HEADER_BYTES);
  }

  static int size(RowLayout layout, Encoding encoding, int headerBytes) {
    int units = 0;
    for (int word : layout.hidden()) {
      units += LayerWord.hidden(word) + LayerWord.cell(word);
    }
    int bytes =
        headerBytes
            + Integer.BYTES * layout.hidden().size()
            + encoding.bytes() * units
            + Double.BYTES * layout.stats();
    for (int i = 0; i < layout.strips().size(); i++) {
      Strip strip = layout.strips().get(i);
      bytes += STRIP_BYTES + Float.BYTES * strip.floats() + Double.BYTES * strip.doubles();
    }
    return bytes;
  }

  /**
   * Returns the latest time of the key's events, without reading more of the row; {@link
   * Memories#NO_TIME} where it says nothing of it.
   */
  public static long lastTime(byte[] bytes) {
    boolean says = bytes.length >= HEADER_BYTES && (bytes[0] == VERSION || bytes[0] == WITH_STRIPS);
    return says
        ? ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(TIME_AT)
        : Memories.NO_TIME;
  }

  /**
   * Reads bytes into the memory of {@code key}, which replaces what it was.
   *
   * @param where where the bytes come from, for the message
   * @throws CorruptRowException if the bytes are not a row that this release can read; the memory
   *     is as it was
   * @throws MemoryBudgetException if there is no room for one more
   */
  public static void read(byte[] key, byte[] bytes, String where, Memories memories) {
    RowHeader header = RowHeader.of(bytes, where);
    fill(memories.claimEmpty(key), header, bytes, memories);
  }

  /** Reads bytes into a slot. */
  static void read(int slot, byte[] bytes, String where, Memories memories) {
    fill(slot, RowHeader.of(bytes, where), bytes, memories);
  }

  private static void fill(int slot, RowHeader header, byte[] bytes, Memories memories) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    RowLayout layout = header.layout();
    from.position(
        header.bytes()
            + Integer.BYTES * layout.hidden().size()
            + STRIP_BYTES * layout.strips().size());
    memories.reset(slot, layout);
    memories.steppedBy(slot, header.sequence(), header.modelVersion());
    Floats page = memories.page(slot);
    long at = memories.offset(slot);
    for (int word : layout.hidden()) {
      int hidden = LayerWord.hidden(word);
      int cell = LayerWord.cell(word);
      readUnits(page, at, hidden, header.encoding(), from);
      at += Floats.pad(hidden);
      readUnits(page, at, cell, header.encoding(), from);
      at += Floats.pad(cell);
    }
    if (memories.encoding() == Encoding.FLOAT16 && header.encoding() == Encoding.FLOAT32) {
      page.roundToHalves(memories.offset(slot), layout.layerFloats());
    }
    int doublesAt = memories.statsAt(slot);
    readDoubles(memories.stats(slot), doublesAt, layout.stats(), from);
    doublesAt += layout.stats();
    for (Strip strip : layout.strips()) {
      page.writeBytes(at, from, strip.floats());
      readDoubles(memories.stats(slot), doublesAt, strip.doubles(), from);
      at += Floats.pad(strip.floats());
      doublesAt += strip.doubles();
    }
    past(slot, header, memories);
  }

  private static void readUnits(
      Floats page, long at, int units, Encoding encoding, ByteBuffer from) {
    switch (encoding) {
      case FLOAT32 -> page.writeBytes(at, from, units);
      case FLOAT16 -> page.writeHalves(at, from, units);
    }
  }

  private static void readDoubles(double[] to, int at, int count, ByteBuffer from) {
    from.asDoubleBuffer().get(to, at, count);
    from.position(from.position() + count * Double.BYTES);
  }

  private static void past(int slot, RowHeader header, Memories memories) {
    if (header.version() >= VERSION) {
      memories.past(slot, header.lastTime(), header.events());
      return;
    }
    double[] stats = memories.stats(slot);
    int at = memories.statsAt(slot);
    long events =
        header.layout().stats() < ENCODER_STATS ? 0 : Math.max(0, Encoder.eventsSeen(stats, at));
    long last = events == 0 ? Memories.NO_TIME : Encoder.lastTimeMillis(stats, at);
    memories.past(slot, last, events);
  }
}
