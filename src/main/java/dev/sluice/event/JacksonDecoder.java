package dev.sluice.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.sluice.event.FieldSink.Role;
import dev.sluice.event.Rejection.Reason;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decodes any JSON object with Jackson's streaming parser, and says of every other value what is
 * wrong with it. {@link JsonScanner} takes most events before they come here.
 *
 * <p>Not thread-safe.
 */
final class JacksonDecoder {

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_CHARS = 400;

  /** What the parser adds to its messages about its own settings, and what follows line one. */
  private static final Pattern HINT_FOR_PROGRAMMERS =
      Pattern.compile("(: enable `[^`]*` to allow|, from `[^`]*`)|(?s)\\n.*");

  private final FieldSink sink;
  private final Node root = new Node();
  private final JsonFactory json;
  private final int maxBytes;
  private int declaredSeen;
  private final long[] seenIn; // By field: the number of the event it was seen in last.
  private long eventNumber;

  JacksonDecoder(EventSchema schema) {
    this.sink = new FieldSink(schema);
    this.maxBytes = schema.maxBytes();
    this.json =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .maxStringLength(maxBytes)
                    .build())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            // RFC 8259: JSON is UTF-8. Guessing would take a record of zeros for UTF-32.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            // Names come from outside: kept for the process, or refused because of names that came
            // before, the same event would not always fare the same.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();
    sink.roles().forEach(this::plant);
    this.seenIn = new long[declaredSeen];
  }

  /** A step of a path: the fields below it, and what this field itself is for. */
  private static final class Node {
    final Map<String, Node> below = new HashMap<>();
    @Nullable Role role;
    int number;
  }

  private void plant(String path, Role role) {
    Node node = root;
    for (String step : path.split("\\.", -1)) {
      node = node.below.computeIfAbsent(step, _ -> new Node());
    }
    node.role = role;
    node.number = declaredSeen++;
  }

  /** Decodes one record, as {@link JsonDecoder#decode} does. */
  void decode(
      byte @Nullable [] recordKey, byte @Nullable [] value, long recordTimeMillis, Event event)
      throws Rejection {
    sink.begin(recordKey, recordTimeMillis, event);
    if (value == null) {
      throw new Rejection(Reason.NO_VALUE, "the record has no value");
    }
    if (value.length > maxBytes) {
      throw new Rejection(
          Reason.TOO_LARGE,
          "the value has " + value.length + " bytes, input.maxBytes allows " + maxBytes);
    }
    eventNumber++;
    int from = JsonDecoder.start(value);
    try (JsonParser parser = json.createParser(value, from, value.length - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Rejection(Reason.MALFORMED, "a JSON object was expected");
      }
      object(parser, root, event);
      if (parser.nextToken() != null) {
        throw new Rejection(Reason.MALFORMED, "there is more after the JSON object");
      }
    } catch (JsonProcessingException e) {
      throw new Rejection(Reason.MALFORMED, whatAndWhere(e));
    } catch (IOException e) {
      throw new Rejection(Reason.MALFORMED, "not JSON: " + e.getMessage());
    }
    sink.end(event);
  }

  private void object(JsonParser parser, Node node, Event event) throws IOException, Rejection {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      Node below = node.below.get(name);
      JsonToken token = parser.nextToken();
      if (below == null) {
        parser.skipChildren();
      } else {
        value(parser, token, below, event);
      }
    }
  }

  private void value(JsonParser parser, JsonToken token, Node node, Event event)
      throws IOException, Rejection {
    Role role = node.role;
    if (role != null) {
      once(node, role);
    }
    switch (token) {
      case START_OBJECT -> {
        if (role != null) {
          throw FieldSink.wrongType(role, "an object", "a plain value");
        }
        object(parser, node, event);
      }
      case START_ARRAY -> {
        if (role != null) {
          throw FieldSink.wrongType(role, "an array", "a plain value");
        }
        parser.skipChildren();
      }
      case VALUE_NULL -> {}
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        if (role != null) {
          boolean whole = token == JsonToken.VALUE_NUMBER_INT;
          String digits = whole && role.readsText() ? parser.getText() : null;
          sink.number(role, parser.getDoubleValue(), digits, event);
        }
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        if (role != null) {
          sink.text(role, parser.getText(), "a boolean", event);
        }
      }
      default -> {
        if (role != null) {
          sink.text(role, parser.getText(), "text", event);
        }
      }
    }
  }

  /** Two values for one field would make the meaning depend on the parser. */
  private void once(Node node, Role role) throws Rejection {
    if (seenIn[node.number] == eventNumber) {
      throw new Rejection(Reason.MALFORMED, "field " + role.name() + " stands twice");
    }
    seenIn[node.number] = eventNumber;
  }

  private static String whatAndWhere(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    String where = location == null ? "" : " at byte " + location.getByteOffset();
    String what = HINT_FOR_PROGRAMMERS.matcher(e.getOriginalMessage()).replaceAll("");
    return "not JSON"
        + where
        + ": "
        + (what.length() <= 160 ? what : what.substring(0, 160) + "...");
  }
}
