package dev.sluice.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The entries of a zip file that stores them as they are, as PyTorch does. Because none is
 * compressed, what they take is never more than the file: there is nothing to blow up.
 */
final class StoredZip {

  private static final int END = 0x06054b50;
  private static final int DIRECTORY = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_BYTES = 22;
  private static final int DIRECTORY_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int MAX_COMMENT = 65_535;
  private static final int ENCRYPTED = 1;
  private static final String REMEDY = "Save the state dict with torch.save or as safetensors";

  private final String where;
  private final ByteBuffer bytes;
  private final Map<String, ByteBuffer> entries = new LinkedHashMap<>();

  private StoredZip(byte[] bytes, String where) {
    this.where = where;
    this.bytes = ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Returns the entries of a file, each a view of its bytes.
   *
   * @throws ForeignFileException if it is no such file
   */
  static StoredZip of(byte[] bytes, String where) {
    var zip = new StoredZip(bytes, where);
    try {
      zip.readDirectory();
    } catch (IndexOutOfBoundsException e) {
      throw zip.broken("it ends within its directory");
    }
    return zip;
  }

  /** Returns whether bytes begin as a zip file does. */
  static boolean isZip(byte[] bytes) {
    return bytes.length >= END_BYTES
        && ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == LOCAL;
  }

  /** Returns the entry of a name. */
  Optional<ByteBuffer> find(String name) {
    return Optional.ofNullable(entries.get(name))
        .map(entry -> entry.duplicate().order(ByteOrder.LITTLE_ENDIAN));
  }

  /** Returns the folder that holds {@code data.pkl}, with its slash; PyTorch names it freely. */
  Optional<String> folderOf(String file) {
    return entries.keySet().stream()
        .filter(name -> name.endsWith("/" + file) && name.indexOf('/') == name.lastIndexOf('/'))
        .map(name -> name.substring(0, name.length() - file.length()))
        .findFirst();
  }

  private void readDirectory() {
    int end = end();
    int count = Short.toUnsignedInt(bytes.getShort(end + 10));
    long at = Integer.toUnsignedLong(bytes.getInt(end + 16));
    for (int i = 0; i < count; i++) {
      at = readEntry(offset(at, DIRECTORY_BYTES));
    }
  }

  private int end() {
    int least = Math.max(0, bytes.limit() - END_BYTES - MAX_COMMENT);
    for (int at = bytes.limit() - END_BYTES; at >= least; at--) {
      if (bytes.getInt(at) == END) {
        return at;
      }
    }
    throw broken("it has no directory, as if it were cut off");
  }

  /** Reads one entry of the directory and returns where the next begins. */
  private long readEntry(int at) {
    if (bytes.getInt(at) != DIRECTORY) {
      throw broken("its directory is damaged");
    }
    int flags = bytes.getShort(at + 8);
    int method = bytes.getShort(at + 10);
    long stored = Integer.toUnsignedLong(bytes.getInt(at + 20));
    long size = Integer.toUnsignedLong(bytes.getInt(at + 24));
    int nameBytes = Short.toUnsignedInt(bytes.getShort(at + 28));
    int extraBytes = Short.toUnsignedInt(bytes.getShort(at + 30));
    int commentBytes = Short.toUnsignedInt(bytes.getShort(at + 32));
    long local = Integer.toUnsignedLong(bytes.getInt(at + 42));
    byte[] name = new byte[nameBytes];
    bytes.get(offset(at + (long) DIRECTORY_BYTES, nameBytes), name);
    String text = new String(name, UTF_8);
    if (method != 0 || (flags & ENCRYPTED) != 0 || stored != size) {
      throw broken("its entry " + quoted(text) + " is compressed or encrypted");
    }
    int header = offset(local, LOCAL_BYTES);
    if (bytes.getInt(header) != LOCAL) {
      throw broken("its entry " + quoted(text) + " is not where the directory says");
    }
    long data =
        header
            + (long) LOCAL_BYTES
            + Short.toUnsignedInt(bytes.getShort(header + 26))
            + Short.toUnsignedInt(bytes.getShort(header + 28));
    ByteBuffer view = bytes.slice(offset(data, size), (int) size);
    if (entries.put(text, view) != null) {
      throw broken("it has two entries " + quoted(text));
    }
    return at + (long) DIRECTORY_BYTES + nameBytes + extraBytes + commentBytes;
  }

  /** Returns an offset at which {@code size} bytes are in the file. */
  private int offset(long at, long size) {
    if (at < 0 || size > bytes.limit() - at) {
      throw broken("it is cut off");
    }
    return (int) at;
  }

  private ForeignFileException broken(String problem) {
    return new ForeignFileException(where, "no file of PyTorch: " + problem, REMEDY);
  }

  /** Quotes what a file says, briefly and without what would upset a terminal. */
  static String quoted(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
