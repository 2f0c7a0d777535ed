package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.corrupt;
import static dev.sluice.artifact.ArtifactException.grouped;
import static dev.sluice.artifact.ArtifactException.quoted;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tensors as bytes in the safetensors format, which the tools of PyTorch, JAX and Hugging Face
 * read.
 *
 * <table>
 * <caption>The file; numbers are little-endian</caption>
 * <tr><th>bytes</th><th>type</th><th>meaning</th></tr>
 * <tr><td>0 to 7</td><td>u64</td><td>N, the length of the header</td></tr>
 * <tr><td>8 to N + 7</td><td>UTF-8 JSON</td><td>{@code {"__metadata__": {text: text}, name:
 *     {"dtype": "F32", "shape": [...], "data_offsets": [begin, end]}, ...}}, padded with spaces;
 *     offsets count from byte N + 8</td></tr>
 * <tr><td>N + 8 to the end</td><td>f32</td><td>the tensors, row-major, without gap or overlap</td>
 * </tr>
 * </table>
 *
 * <p>Written files hold F32 only, sorted by name, N a multiple of 8; the same input gives the same
 * bytes. Files read may also hold F16 and BF16, in any order. Reading makes nothing larger than a
 * small multiple of the bytes at hand.
 */
public final class Safetensors {

  /** Longest header in bytes: room for the largest vocabulary. */
  public static final int MAX_HEADER_BYTES = 16 << 20;

  /** Largest file in bytes: a quarter of a billion weights. */
  public static final int MAX_FILE_BYTES = 1 << 30;

  /** Most tensors in a file. */
  public static final int MAX_TENSORS = 65_536;

  /** Longest name of a tensor or of a metadata entry, in characters. */
  public static final int MAX_NAME_CHARS = 256;

  /** Most dimensions of a tensor. */
  public static final int MAX_RANK = 8;

  private static final int ALIGNMENT = 8;
  private static final JsonFactory JSON = new JsonFactory();

  private Safetensors() {}

  /**
   * Returns the file that holds {@code metadata} and {@code tensors}.
   *
   * @param metadata free text by key
   * @param tensors with distinct names
   * @throws IllegalArgumentException if a name or a size is beyond the limits of this class
   */
  public static byte[] write(Map<String, String> metadata, Collection<Tensor> tensors) {
    SortedMap<String, Tensor> sorted = sort(tensors);
    byte[] header = writeHeader(new TreeMap<>(metadata), sorted.values());
    long dataBytes = sorted.values().stream().mapToLong(Safetensors::bytes).sum();
    int headerBytes = (header.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    require(headerBytes <= MAX_HEADER_BYTES, "the header", headerBytes, MAX_HEADER_BYTES);
    long fileBytes = Long.BYTES + headerBytes + dataBytes;
    require(fileBytes <= MAX_FILE_BYTES, "the file", fileBytes, MAX_FILE_BYTES);

    ByteBuffer file = ByteBuffer.allocate((int) fileBytes).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(headerBytes).put(header);
    while (file.position() < Long.BYTES + headerBytes) {
      file.put((byte) ' ');
    }
    for (Tensor tensor : sorted.values()) {
      file.asFloatBuffer().put(tensor.data());
      file.position(file.position() + (int) bytes(tensor));
    }
    return file.array();
  }

  /**
   * Reads the file at {@code path}, all of it into memory.
   *
   * @throws ArtifactException if it cannot be read, or is not sound
   */
  public static TensorFile read(Path path) {
    return read(readBytes(path), path.toString());
  }

  /**
   * Reads a whole file.
   *
   * @param bytes the file; not kept
   * @param where the file or topic it came from, for messages
   * @throws ArtifactException if it is not sound
   */
  public static TensorFile read(byte[] bytes, String where) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int dataStart = dataStart(file, where);
    char[] headerText = decode(file.slice(Long.BYTES, dataStart - Long.BYTES), where);
    HeaderReader.Header header = HeaderReader.read(headerText, where);
    ByteBuffer data = file.slice(dataStart, bytes.length - dataStart);
    checkCoverage(header.entries(), data.capacity(), where);

    var tensors = new TreeMap<String, Tensor>();
    for (HeaderReader.Entry entry : header.entries()) {
      tensors.put(entry.name(), readTensor(entry, data));
    }
    return new TensorFile(new TreeMap<>(header.metadata()), tensors);
  }

  /**
   * Returns the bytes of the file at {@code path}.
   *
   * @throws ArtifactException if it cannot be read, or is longer than {@value #MAX_FILE_BYTES}
   */
  static byte[] readBytes(Path path) {
    return FileBytes.read(path, MAX_FILE_BYTES, "Sluice artifact");
  }

  private static SortedMap<String, Tensor> sort(Collection<Tensor> tensors) {
    require(tensors.size() <= MAX_TENSORS, "the number of tensors", tensors.size(), MAX_TENSORS);
    var sorted = new TreeMap<String, Tensor>();
    for (Tensor tensor : tensors) {
      boolean taken = tensor.name().equals(HeaderReader.METADATA);
      if (taken || sorted.put(tensor.name(), tensor) != null) {
        throw new IllegalArgumentException(
            "tensor " + quoted(tensor.name()) + ": the name is taken. Give each its own");
      }
    }
    return sorted;
  }

  private static byte[] writeHeader(
      SortedMap<String, String> metadata, Collection<Tensor> tensors) {
    var text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        writeMetadata(metadata, json);
      }
      long begin = 0;
      for (Tensor tensor : tensors) {
        long end = begin + bytes(tensor);
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", Dtype.F32.name());
        json.writeFieldName("shape");
        json.writeArray(
            tensor.shape().stream().mapToInt(i -> i).toArray(), 0, tensor.shape().size());
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, end}, 0, 2);
        json.writeEndObject();
        begin = end;
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("writing to memory cannot fail", e);
    }
    return encode(text.toString());
  }

  private static void writeMetadata(SortedMap<String, String> metadata, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(HeaderReader.METADATA);
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      int length = entry.getKey().length();
      require(length <= MAX_NAME_CHARS, "the length of a metadata key", length, MAX_NAME_CHARS);
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private static long bytes(Tensor tensor) {
    return (long) tensor.data().length * Float.BYTES;
  }

  private static void require(boolean allowed, String what, long found, long limit) {
    if (!allowed) {
      throw new IllegalArgumentException(
          what + " is " + grouped(found) + ". A safetensors file may have " + grouped(limit));
    }
  }

  /** Returns the position of the first byte after the header. */
  private static int dataStart(ByteBuffer file, String where) {
    int fileBytes = file.capacity();
    if (fileBytes < Long.BYTES) {
      throw corrupt(
          where,
          "the file has " + fileBytes + " bytes, safetensors starts with 8 for its header's length",
          "It is truncated or not safetensors; copy it again");
    }
    long headerBytes = file.getLong(0);
    if (headerBytes < 0 || headerBytes > fileBytes - Long.BYTES) {
      throw corrupt(
          where,
          "the header says "
              + Long.toUnsignedString(headerBytes)
              + " bytes, the file has "
              + grouped(fileBytes),
          "It is truncated or not safetensors; copy it again");
    }
    if (headerBytes > MAX_HEADER_BYTES) {
      throw corrupt(
          where,
          "the header says "
              + grouped(headerBytes)
              + " bytes, "
              + grouped(MAX_HEADER_BYTES)
              + " are allowed",
          "It is no Sluice artifact; check the path");
    }
    return Long.BYTES + (int) headerBytes;
  }

  private static byte[] encode(String header) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(header));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "a name or a text holds half of a surrogate pair. Give well-formed text", e);
    }
  }

  private static char[] decode(ByteBuffer header, String where) {
    try {
      // A fresh decoder reports what new String(bytes, UTF_8) would quietly replace.
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(header);
      var chars = new char[text.remaining()];
      text.get(chars);
      return chars;
    } catch (CharacterCodingException e) {
      throw corrupt(
          where, "the header is not UTF-8", "It is damaged or not safetensors; copy it again");
    }
  }

  /** Checks that the tensors cover the data from end to end, each byte once. */
  private static void checkCoverage(
      List<HeaderReader.Entry> entries, long dataBytes, String where) {
    var inOrder =
        entries.stream()
            .sorted(
                Comparator.comparingLong(HeaderReader.Entry::begin)
                    .thenComparingLong(HeaderReader.Entry::end))
            .toList();
    long covered = 0;
    for (HeaderReader.Entry entry : inOrder) {
      if (entry.begin() != covered) {
        throw corrupt(
            where,
            "tensor "
                + quoted(entry.name())
                + " begins at byte "
                + grouped(entry.begin())
                + " of the data, the one before it ends at "
                + grouped(covered),
            "It is damaged; copy it again");
      }
      covered = entry.end();
    }
    if (covered != dataBytes) {
      throw corrupt(
          where,
          "the tensors need "
              + grouped(covered)
              + " bytes, "
              + grouped(dataBytes)
              + " follow the header",
          "It is truncated or has grown; copy it again");
    }
  }

  private static Tensor readTensor(HeaderReader.Entry entry, ByteBuffer data) {
    int length = (int) (entry.end() - entry.begin());
    ByteBuffer source = data.slice((int) entry.begin(), length).order(ByteOrder.LITTLE_ENDIAN);
    var numbers = new float[length / entry.dtype().bytes()];
    entry.dtype().read(source, numbers);
    return new Tensor(entry.name(), entry.shape(), numbers);
  }
}
