package dev.sluice.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The part of the input that the rows of the changelog lack: whoever goes on with a task recomputes
 * it. One record of the changelog, under a key that no event has, written with every commit that
 * had events. Little-endian:
 *
 * <pre>
 *   offset  bytes  field
 *   0       1      format version, 1
 *   1       1      reserved, 0
 *   2       2      T, number of stretches, 1 to 65535
 *   4       8      from: every event before this offset is in a row
 *   12      8      next: the first offset that is not part of this commit
 *   20      8      records of the input from {@code from} to {@code next}
 *   28      24·T   stretches, each: first offset, sequence of the newest entry of the timeline,
 *                  fingerprint of the timeline
 *   then    4      CRC-32C of everything before
 * </pre>
 *
 * <p>The number of records is there because nothing may be missing unnoticed: offsets have gaps
 * (transactions leave them), so it alone tells whether retention or compaction took something.
 *
 * @param from not after {@code next}
 * @param stretches in the order of their offsets, the first not after {@code from}
 */
record Span(long from, long next, long records, List<Stretch> stretches) {

  private static final byte VERSION = 1;
  private static final int HEAD_BYTES = 28;
  private static final int STRETCH_BYTES = 24;

  /**
   * Events that found the same history of models.
   *
   * @param from offset of the first of them
   * @param sequence of the newest entry
   * @param fingerprint of all entries
   */
  record Stretch(long from, long sequence, long fingerprint) {}

  Span {
    stretches = List.copyOf(stretches);
  }

  /** The key: empty, which no event's key is, because such an event is a dead letter. */
  static byte[] key() {
    return new byte[0];
  }

  /** Returns whether this is the key of a span and not that of an event. */
  static boolean isKey(byte[] key) {
    return key.length == 0;
  }

  /** Returns whether there is nothing to recompute. */
  boolean isEmpty() {
    return from == next;
  }

  /** Returns which stretch an event belongs to: {@code from} or one behind it. */
  int stretchOf(long offset, int from) {
    int stretch = from;
    while (stretch + 1 < stretches.size() && stretches.get(stretch + 1).from <= offset) {
      stretch++;
    }
    return stretch;
  }

  byte[] toBytes() {
    ByteBuffer to =
        ByteBuffer.allocate(HEAD_BYTES + STRETCH_BYTES * stretches.size() + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    to.put(VERSION).put((byte) 0).putShort((short) stretches.size());
    to.putLong(from).putLong(next).putLong(records);
    for (Stretch stretch : stretches) {
      to.putLong(stretch.from).putLong(stretch.sequence).putLong(stretch.fingerprint);
    }
    to.putInt(checksum(to.array(), to.position()));
    return to.array();
  }

  /**
   * Reads the stored form.
   *
   * @param where it comes from, for the message
   * @throws UnfitStateException if it is damaged or of a newer release
   */
  static Span parse(byte[] bytes, String where) {
    if (bytes.length > 0 && bytes[0] > VERSION) {
      throw unfit(where, "is of format version " + bytes[0] + ", this release reads " + VERSION);
    }
    int tail = bytes.length - Integer.BYTES;
    if (tail < HEAD_BYTES + STRETCH_BYTES || bytes[0] != VERSION) {
      throw unfit(where, "is damaged: " + bytes.length + " bytes are none");
    }
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int count = Short.toUnsignedInt(from.getShort(2));
    if (tail != HEAD_BYTES + STRETCH_BYTES * count || from.getInt(tail) != checksum(bytes, tail)) {
      throw unfit(where, "is damaged: its checksum is of other bytes");
    }
    from.position(4);
    long first = from.getLong();
    long next = from.getLong();
    long records = from.getLong();
    List<Stretch> stretches = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      stretches.add(new Stretch(from.getLong(), from.getLong(), from.getLong()));
    }
    return new Span(first, next, records, stretches);
  }

  private static int checksum(byte[] bytes, int length) {
    var sum = new CRC32C();
    sum.update(bytes, 0, length);
    return (int) sum.getValue();
  }

  private static UnfitStateException unfit(String where, String what) {
    return new UnfitStateException(
        where
            + ": what says which events are to be recomputed "
            + what
            + ". Run the release that wrote it; or delete the changelog topic while every instance"
            + " is stopped, and all memories begin anew");
  }
}
