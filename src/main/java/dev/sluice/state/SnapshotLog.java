package dev.sluice.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The files of a {@link Snapshot}: segments of appended rows, and a mark that says how much of them
 * is valid and up to which changelog offset. All little-endian.
 *
 * <pre>
 *   rows-NNNNNNNN.log          mark
 *   8  "slcrows" and version   8  "slcmark" and version
 *   then frames:               4  number of the first segment
 *   4    length n              4  number of the last segment
 *   4    CRC-32C of the n      8  valid bytes of the last segment
 *   n    entries:              8  changelog offset that is included
 *        4  length k of a key  4  CRC-32C of the preceding
 *        4  length r of its row, -1: the key was forgotten
 *        k  key
 *        r  row, see {@link RowCodec}
 * </pre>
 *
 * <p>A mark replaces the one before it in one move, after the rows that it counts were written.
 * What is behind the mark is cut off by the next start. Nothing is forced to the disk: after a loss
 * of power a checksum fails, and the changelog, which is the truth, is read in full.
 */
final class SnapshotLog implements AutoCloseable {

  /** The version that is written. */
  static final byte VERSION = 1;

  private static final int PREFIX_BYTES = 8;
  private static final int MARK_BYTES = 36;
  private static final int FRAME_BYTES = 256 << 10;
  private static final int FRAME_HEADER_BYTES = 8;
  private static final int ENTRY_HEADER_BYTES = 8;
  private static final int FORGOTTEN = -1;

  private final Path folder;
  private final long segmentBytes;
  private ByteBuffer frame = littleEndian(FRAME_BYTES);
  private @Nullable FileChannel head;
  private int headNumber;
  private long headLength;

  /**
   * What is valid.
   *
   * @param firstSegment the oldest that is needed
   * @param lastSegment the one that is appended to
   * @param length valid bytes of the last segment
   * @param offset of the changelog: what is at it and before it is included
   */
  record Mark(int firstSegment, int lastSegment, long length, long offset) {}

  /** Takes what a log holds, oldest first. */
  interface Sink {

    /**
     * Takes one entry.
     *
     * @param row null where the key was forgotten
     */
    void take(byte[] key, byte @Nullable [] row, int segment);
  }

  /**
   * Creates a log; touches no file.
   *
   * @param segmentBytes a segment that is longer is followed by a new one
   */
  SnapshotLog(Path folder, long segmentBytes) {
    this.folder = folder;
    this.segmentBytes = segmentBytes;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).position(FRAME_HEADER_BYTES);
  }

  private Path segment(int number) {
    String digits = Integer.toString(number);
    return folder.resolve("rows-" + "0".repeat(8 - digits.length()) + digits + ".log");
  }

  /** Returns the mark, empty where there is none yet. */
  Optional<Mark> mark() throws IOException, UnreadableSnapshotException {
    Path file = folder.resolve("mark");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    checkPrefix(file, from, "slcmark");
    if (bytes.length != MARK_BYTES || from.getInt(MARK_BYTES - 4) != crc(bytes, MARK_BYTES - 4)) {
      throw new UnreadableSnapshotException(file, "its checksum is wrong");
    }
    from.position(PREFIX_BYTES);
    return Optional.of(new Mark(from.getInt(), from.getInt(), from.getLong(), from.getLong()));
  }

  private static void checkPrefix(Path file, ByteBuffer from, String magic)
      throws UnreadableSnapshotException {
    if (from.remaining() < PREFIX_BYTES) {
      throw new UnreadableSnapshotException(file, "it is cut short");
    }
    for (int i = 0; i < magic.length(); i++) {
      if (from.get(i) != magic.charAt(i)) {
        throw new UnreadableSnapshotException(file, "it is no snapshot");
      }
    }
    byte version = from.get(magic.length());
    if (version != VERSION) {
      throw new UnreadableSnapshotException(
          file, "it has format version " + version + ", this release reads only " + VERSION);
    }
  }

  private static int crc(byte[] bytes, int count) {
    var crc = new CRC32C();
    crc.update(bytes, 0, count);
    return (int) crc.getValue();
  }

  /**
   * Reads what {@code mark} says is valid, and goes on behind it.
   *
   * @throws UnreadableSnapshotException if it is not as it was written
   */
  void load(Mark mark, Sink sink) throws IOException, UnreadableSnapshotException {
    for (int number = mark.firstSegment(); number <= mark.lastSegment(); number++) {
      Path file = segment(number);
      if (!Files.exists(file)) {
        throw new UnreadableSnapshotException(file, "it is missing");
      }
      long valid = number == mark.lastSegment() ? mark.length() : Files.size(file);
      try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
        if (channel.size() < valid) {
          throw new UnreadableSnapshotException(file, "it is cut short");
        }
        ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, valid);
        readSegment(file, bytes.order(ByteOrder.LITTLE_ENDIAN), number, sink);
      }
    }
    goOn(mark);
  }

  private static void readSegment(Path file, ByteBuffer from, int number, Sink sink)
      throws UnreadableSnapshotException {
    checkPrefix(file, from, "slcrows");
    from.position(PREFIX_BYTES);
    var crc = new CRC32C();
    while (from.hasRemaining()) {
      int length = from.remaining() < FRAME_HEADER_BYTES ? -1 : from.getInt();
      int sum = length < 0 ? 0 : from.getInt();
      if (length < 0 || length > from.remaining()) {
        throw new UnreadableSnapshotException(file, "a frame reaches beyond its end");
      }
      ByteBuffer entries = from.slice(from.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      from.position(from.position() + length);
      crc.reset();
      crc.update(entries.duplicate());
      if ((int) crc.getValue() != sum) {
        throw new UnreadableSnapshotException(file, "a checksum is wrong");
      }
      while (entries.hasRemaining()) {
        byte[] key = new byte[entries.getInt()];
        int rowLength = entries.getInt();
        entries.get(key);
        byte[] row = rowLength == FORGOTTEN ? null : new byte[rowLength];
        if (row != null) {
          entries.get(row);
        }
        sink.take(key, row, number);
      }
    }
  }

  /** Cuts off what is behind the mark, and what a process that died had begun. */
  private void goOn(Mark mark) throws IOException {
    deleteOutside(mark.firstSegment(), mark.lastSegment());
    headNumber = mark.lastSegment();
    headLength = mark.length();
    head = FileChannel.open(segment(headNumber), StandardOpenOption.WRITE);
    head.truncate(headLength).position(headLength);
  }

  /** Deletes everything and begins anew. */
  void begin() throws IOException {
    close();
    wipe();
    Files.createDirectories(folder);
    openSegment(1);
  }

  private void openSegment(int number) throws IOException {
    headNumber = number;
    head =
        FileChannel.open(
            segment(number),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    headLength = write(head, ByteBuffer.wrap(prefix("slcrows")));
  }

  private static byte[] prefix(String magic) {
    byte[] prefix = new byte[PREFIX_BYTES];
    for (int i = 0; i < magic.length(); i++) {
      prefix[i] = (byte) magic.charAt(i);
    }
    prefix[magic.length()] = VERSION;
    return prefix;
  }

  private static int write(FileChannel to, ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
    return length;
  }

  /**
   * Appends an entry; it is in a file for certain only after {@link #mark(int, long)}.
   *
   * @param row null where the key is forgotten
   * @return the number of its segment
   */
  int append(byte[] key, byte @Nullable [] row) throws IOException {
    int length = ENTRY_HEADER_BYTES + key.length + (row == null ? 0 : row.length);
    if (frame.remaining() < length) {
      flush();
      if (frame.remaining() < length) {
        frame = littleEndian(FRAME_HEADER_BYTES + length);
      }
    }
    frame.putInt(key.length).putInt(row == null ? FORGOTTEN : row.length).put(key);
    if (row != null) {
      frame.put(row);
    }
    return headNumber;
  }

  /** Writes the frame; only then may a new segment begin, so that append knew its number. */
  private void flush() throws IOException {
    FileChannel to = head();
    int length = frame.position() - FRAME_HEADER_BYTES;
    if (length == 0) {
      return;
    }
    var crc = new CRC32C();
    crc.update(frame.duplicate().flip().position(FRAME_HEADER_BYTES));
    frame.putInt(0, length).putInt(4, (int) crc.getValue());
    headLength += write(to, frame.flip());
    frame.clear().position(FRAME_HEADER_BYTES);
    if (headLength > segmentBytes) {
      to.close();
      openSegment(headNumber + 1);
    }
  }

  private FileChannel head() {
    if (head == null) {
      throw new IllegalStateException("the log is neither loaded nor begun");
    }
    return head;
  }

  /**
   * Makes everything that was appended valid, and deletes the segments before {@code firstSegment}.
   *
   * @param offset of the changelog that is included
   */
  void mark(int firstSegment, long offset) throws IOException {
    flush();
    ByteBuffer bytes = ByteBuffer.allocate(MARK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(prefix("slcmark")).putInt(firstSegment).putInt(headNumber);
    bytes.putLong(headLength).putLong(offset);
    bytes.putInt(crc(bytes.array(), MARK_BYTES - 4));
    Path fresh = folder.resolve("mark.new");
    Files.write(fresh, bytes.array());
    Files.move(
        fresh,
        folder.resolve("mark"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    deleteOutside(firstSegment, headNumber);
  }

  /** Returns the number of the segment that is appended to. */
  int headNumber() {
    return headNumber;
  }

  private void deleteOutside(int first, int last) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, "rows-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9].log")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        int number = Integer.parseInt(name.substring("rows-".length(), name.length() - 4));
        if (number < first || number > last) {
          Files.delete(file);
        }
      }
    }
  }

  /** Deletes the files; the mark first, so that no half of a log looks like one. */
  void wipe() throws IOException {
    close();
    if (!Files.isDirectory(folder)) {
      return;
    }
    Files.deleteIfExists(folder.resolve("mark"));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    frame.clear().position(FRAME_HEADER_BYTES);
    if (head != null) {
      head.close();
      head = null;
    }
  }
}
