package dev.sluice.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.sluice.event.FieldSink.Role;
import dev.sluice.event.Rejection.Reason;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes JSON objects by streaming: builds no tree, skips what the topology does not name.
 *
 * <p>Not thread-safe: one for each stream task.
 */
public final class JsonDecoder {

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_CHARS = 400;

  private final FieldSink sink;
  private final Node root = new Node();
  private final JsonFactory json;
  private final int maxBytes;
  private int declaredSeen;
  private int[] seenIn;
  private int eventNumber;

  /** Creates a decoder for events of {@code schema}. */
  public JsonDecoder(EventSchema schema) {
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
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    sink.roles().forEach(this::plant);
    this.seenIn = new int[declaredSeen];
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

  /**
   * Decodes one record.
   *
   * @param recordKey the record's key, or null
   * @param value the record's value, or null
   * @param recordTimeMillis the record's timestamp
   * @param event overwritten; holds nothing of use when this throws
   * @throws Rejection if the event cannot be scored
   */
  public void decode(
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
    try (JsonParser parser = json.createParser(value)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Rejection(Reason.MALFORMED, "a JSON object was expected");
      }
      object(parser, root, event);
      if (parser.nextToken() != null) {
        throw new Rejection(Reason.MALFORMED, "there is more after the JSON object");
      }
    } catch (StreamReadException e) {
      throw new Rejection(Reason.MALFORMED, whatAndWhere(e));
    } catch (IOException e) {
      throw new Rejection(Reason.MALFORMED, "not JSON: " + firstLine(e));
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
          sink.number(role, parser.getDoubleValue(), event);
        }
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        if (role != null) {
          sink.text(role, token == JsonToken.VALUE_TRUE ? "true" : "false", event);
        }
      }
      default -> {
        if (role != null) {
          sink.text(role, parser.getText(), event);
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

  private static String whatAndWhere(StreamReadException e) {
    return "not JSON at byte " + e.getLocation().getByteOffset() + ": " + firstLine(e);
  }

  private static String firstLine(IOException e) {
    String message = e instanceof StreamReadException read ? read.getOriginalMessage() : "";
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    return line.length() <= 160 ? line : line.substring(0, 160) + "...";
  }
}
