package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.because;
import static dev.sluice.artifact.ArtifactException.corrupt;
import static dev.sluice.artifact.ArtifactException.grouped;
import static dev.sluice.artifact.ArtifactException.invalid;
import static dev.sluice.artifact.ArtifactException.quoted;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file, read token by token. It checks what can be said without
 * the data: that every tensor's type, shape and bytes agree.
 */
final class HeaderReader {

  static final String METADATA = "__metadata__";

  /** The header, a tensor in it, the shape of that tensor. */
  private static final int DEPTH = 3;

  private static final String COPY_AGAIN = "It is damaged or not safetensors; copy it again";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          // Names come from outside: nothing of them may outlive the file.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH)
                  .maxNameLength(Safetensors.MAX_NAME_CHARS)
                  .maxStringLength(Safetensors.MAX_HEADER_BYTES)
                  .maxNumberLength(Long.toString(Long.MIN_VALUE).length())
                  .build())
          .build();

  private final String where;
  private final JsonParser parser;
  private final Map<String, String> metadata = new TreeMap<>();
  private final List<Entry> entries = new ArrayList<>();

  private HeaderReader(String where, JsonParser parser) {
    this.where = where;
    this.parser = parser;
  }

  /**
   * Reads {@code header}.
   *
   * @param where the file, for messages
   * @throws ArtifactException if it is not the header of a safetensors file
   */
  static Header read(char[] header, String where) {
    try (JsonParser parser = JSON.createParser(header)) {
      var reader = new HeaderReader(where, parser);
      reader.readHeader();
      return new Header(reader.metadata, reader.entries);
    } catch (JsonEOFException e) {
      throw corrupt(where, "the header ends in the middle", COPY_AGAIN);
    } catch (JsonProcessingException e) {
      throw corrupt(where, "the header is not JSON: " + because(e), COPY_AGAIN);
    } catch (IOException e) {
      throw new AssertionError("an array of characters cannot fail to be read", e);
    }
  }

  private void readHeader() throws IOException {
    require(parser.nextToken() == JsonToken.START_OBJECT, "the header is not a JSON object");
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      require(parser.nextToken() == JsonToken.START_OBJECT, quoted(name) + " is not an object");
      if (name.equals(METADATA)) {
        readMetadata();
      } else {
        require(
            entries.size() < Safetensors.MAX_TENSORS,
            "the header names more than " + grouped(Safetensors.MAX_TENSORS) + " tensors");
        entries.add(readEntry(name));
      }
    }
    require(parser.nextToken() == null, "something follows the header's last brace");
  }

  private void readMetadata() throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      require(
          parser.nextToken() == JsonToken.VALUE_STRING, "metadata " + quoted(key) + " is no text");
      metadata.put(key, parser.getText());
    }
  }

  private Entry readEntry(String name) throws IOException {
    String label = "tensor " + quoted(name);
    require(
        !name.isEmpty() && name.length() <= Safetensors.MAX_NAME_CHARS,
        label + " has a name of " + name.length() + " characters");
    Dtype dtype = null;
    List<Integer> shape = null;
    Range range = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "dtype" -> dtype = readDtype(label);
        case "shape" -> shape = readShape(label);
        case "data_offsets" -> range = readRange(label);
        default -> throw fail(label + " has an unknown field " + quoted(field));
      }
    }
    if (dtype == null || shape == null || range == null) {
      throw fail(label + " lacks its dtype, shape or data_offsets");
    }
    return entry(label, name, dtype, shape, range);
  }

  private Entry entry(String label, String name, Dtype dtype, List<Integer> shape, Range range) {
    long count = Tensor.elements(shape);
    require(
        count >= 0 && count <= Safetensors.MAX_FILE_BYTES,
        label + " has the impossible shape " + shape);
    long length = range.end - range.begin;
    require(
        length == count * dtype.bytes(),
        label
            + " of shape "
            + shape
            + " and type "
            + dtype
            + " needs "
            + grouped(count * dtype.bytes())
            + " bytes, its data_offsets span "
            + grouped(length));
    return new Entry(name, dtype, shape, range.begin, range.end);
  }

  private Dtype readDtype(String label) throws IOException {
    require(
        parser.currentToken() == JsonToken.VALUE_STRING, label + " has a dtype that is no text");
    String text = parser.getText();
    Dtype dtype = dtype(text);
    if (dtype == null) {
      throw fail(label + " has the unknown dtype " + quoted(text));
    }
    if (!dtype.widens()) {
      throw invalid(
          where, label + " holds " + dtype, "Only F32, F16 and BF16 are read; convert it to F32");
    }
    return dtype;
  }

  private static @Nullable Dtype dtype(String text) {
    for (Dtype dtype : Dtype.values()) {
      if (dtype.name().equals(text)) {
        return dtype;
      }
    }
    return null;
  }

  private List<Integer> readShape(String label) throws IOException {
    require(parser.currentToken() == JsonToken.START_ARRAY, label + " has a shape that is no list");
    var shape = new ArrayList<Integer>(2);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      require(
          shape.size() < Safetensors.MAX_RANK,
          label + " has more than " + Safetensors.MAX_RANK + " dimensions");
      long extent = readWholeNumber(label + ": an extent of its shape");
      require(extent <= Integer.MAX_VALUE, label + " has an extent of " + grouped(extent));
      shape.add((int) extent);
    }
    return shape;
  }

  private Range readRange(String label) throws IOException {
    String what = label + ": one of its data_offsets";
    require(
        parser.currentToken() == JsonToken.START_ARRAY,
        label + " has data_offsets that are no list");
    parser.nextToken();
    long begin = readWholeNumber(what);
    parser.nextToken();
    long end = readWholeNumber(what);
    require(parser.nextToken() == JsonToken.END_ARRAY, label + " has more than two data_offsets");
    require(begin <= end, label + " ends before it begins");
    return new Range(begin, end);
  }

  /** Returns the number at hand, from 0 to {@link Long#MAX_VALUE}. */
  private long readWholeNumber(String what) throws IOException {
    boolean small =
        parser.currentToken() == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    require(small && parser.getLongValue() >= 0, what + " is not a whole number of 0 or more");
    return parser.getLongValue();
  }

  private void require(boolean sound, String problem) {
    if (!sound) {
      throw fail(problem);
    }
  }

  private ArtifactException fail(String problem) {
    return corrupt(where, problem, COPY_AGAIN);
  }

  /** Where a tensor's bytes lie, counted from the first byte after the header. */
  private record Range(long begin, long end) {}

  /**
   * A tensor as announced.
   *
   * @param begin its first byte, counted from the first byte after the header
   * @param end the byte after its last
   */
  record Entry(String name, Dtype dtype, List<Integer> shape, long begin, long end) {}

  /** Everything the header says. */
  record Header(Map<String, String> metadata, List<Entry> entries) {}
}
