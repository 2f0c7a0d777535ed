package dev.sluice.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The small documents of the weights topic: written with fields in the order given, read strictly.
 *
 * <p>Unknown fields are let pass, so that a later release may add what an earlier one can do
 * without; what it cannot do without gets a new format version.
 */
final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final ObjectReader READER = MAPPER.readerFor(JsonNode.class);
  private static final ObjectWriter WRITER = MAPPER.writer();

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static byte[] bytes(ObjectNode node) {
    try {
      return WRITER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads one object.
   *
   * @param where what the object is, for messages
   * @param maxBytes longer ones are refused unread
   */
  static JsonNode parse(String where, byte[] bytes, int maxBytes) {
    if (bytes.length > maxBytes) {
      throw new WeightsException(
          where
              + ": "
              + bytes.length
              + " bytes are too many. At most "
              + maxBytes
              + " are expected");
    }
    try {
      JsonNode node = READER.readValue(bytes);
      if (node == null || !node.isObject()) {
        throw new WeightsException(where + ": not a JSON object. One object is expected");
      }
      return node;
    } catch (JacksonException e) {
      throw new WeightsException(
          where
              + ": not readable as JSON: "
              + e.getOriginalMessage()
              + ". One whole object is expected",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long wholeNumber(String where, JsonNode node, String field, long min, long max) {
    JsonNode value = node.path(field);
    boolean usable = value.isIntegralNumber() && value.canConvertToLong();
    if (!usable || value.longValue() < min || value.longValue() > max) {
      throw new WeightsException(
          where
              + ": "
              + field
              + " is "
              + shown(value)
              + ". A whole number from "
              + min
              + " to "
              + max
              + " is expected");
    }
    return value.longValue();
  }

  static String text(String where, JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw new WeightsException(
          where + ": " + field + " is " + shown(value) + ". A string is expected");
    }
    return value.textValue();
  }

  /** Refuses a document of a later release before its other fields are misread. */
  static void requireFormat(String where, JsonNode node, int known) {
    long format = wholeNumber(where, node, "format", 1, Integer.MAX_VALUE);
    if (format > known) {
      throw new WeightsException(
          where
              + ": format version "
              + format
              + " is too new. This release reads up to version "
              + known
              + "; upgrade it before publishing with a newer one");
    }
  }

  private static String shown(JsonNode value) {
    if (value.isMissingNode()) {
      return "missing";
    }
    String text = value.toString();
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
