package dev.sluice.event;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.event.FieldSink.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the plain form of JSON, straight from the bytes: objects, fields in any order, texts
 * without escapes, numbers of up to {@value Decimals#MOST_DIGITS} digits. What is not wanted is
 * checked and passed over. Leaves nothing to the garbage collector but keys and new words.
 *
 * <p>Whatever else comes, a mistake among them, it does not judge: it returns false, and {@link
 * JacksonDecoder} begins anew. So it may take less than JSON, never more or otherwise, and every
 * rejection has one author.
 *
 * <p>Not thread-safe.
 */
final class JsonScanner {

  private static final int MOST_DEPTH = 32;

  private static final byte[] TRUE = "true".getBytes(US_ASCII);
  private static final byte[] FALSE = "false".getBytes(US_ASCII);
  private static final byte[] NULL = "null".getBytes(US_ASCII);

  private final FieldSink sink;
  private final FieldNames root = new FieldNames();
  private final FieldNames unwanted = new FieldNames();
  private final JsonCursor json = new JsonCursor();
  private final Slice slice = new Slice();
  private long eventNumber;
  private int depth;

  /** Creates a scanner for events of {@code schema}. */
  JsonScanner(EventSchema schema) {
    this.sink = new FieldSink(schema);
    sink.roles().forEach((path, role) -> root.plant(List.of(path.split("\\.", -1)), role));
  }

  /**
   * Decodes one record, if its value has the plain form and can be scored.
   *
   * @param from where in the value the JSON begins
   * @return whether it did; if not, the event holds nothing of use
   */
  boolean decode(
      byte @Nullable [] recordKey, byte[] value, int from, long recordTimeMillis, Event event) {
    sink.begin(recordKey, recordTimeMillis, event);
    json.begin(value, from);
    depth = 0;
    eventNumber++;
    try {
      if (!json.take('{') || !object(root, event) || !json.isAtEnd()) {
        return false;
      }
      sink.end(event);
      return true;
    } catch (Rejection _) {
      return false;
    }
  }

  /** Takes an object whose first brace is taken. */
  private boolean object(FieldNames fields, Event event) throws Rejection {
    if (++depth > MOST_DEPTH) {
      return false;
    }
    boolean plain = json.take('}') || fields(fields, event);
    depth--;
    return plain;
  }

  private boolean fields(FieldNames fields, Event event) throws Rejection {
    FieldNames before = null;
    do {
      FieldNames field = json.take('"') ? fields.read(json, before, slice, unwanted) : null;
      if (field == null || !json.take(':') || !value(field, event)) {
        return false;
      }
      before = field == unwanted ? before : field;
    } while (json.take(','));
    return json.take('}');
  }

  /** Takes an array whose first bracket is taken. */
  private boolean array(Event event) throws Rejection {
    if (++depth > MOST_DEPTH) {
      return false;
    }
    boolean plain = json.take(']') || elements(event);
    depth--;
    return plain;
  }

  private boolean elements(Event event) throws Rejection {
    do {
      if (!value(unwanted, event)) {
        return false;
      }
    } while (json.take(','));
    return json.take(']');
  }

  private boolean value(FieldNames field, Event event) throws Rejection {
    Role role = field.role();
    if (role != null && !field.isFirstIn(eventNumber)) {
      return false;
    }
    return switch (json.peekWord()) {
      case '"' -> json.take('"') && json.text() && text(role, event);
      case '{' -> json.take('{') && role == null && object(field, event);
      case '[' -> json.take('[') && role == null && array(event);
      case 't' -> json.take(TRUE) && bool(role, "true", event);
      case 'f' -> json.take(FALSE) && bool(role, "false", event);
      case 'n' -> json.take(NULL);
      default -> json.number() && number(role, event);
    };
  }

  private boolean text(@Nullable Role role, Event event) {
    return role == null || sink.utf8(role, json.slice(slice), event);
  }

  private boolean bool(@Nullable Role role, String word, Event event) throws Rejection {
    if (role != null) {
      sink.text(role, word, "a boolean", event);
    }
    return true;
  }

  private boolean number(@Nullable Role role, Event event) throws Rejection {
    if (role == null) {
      return true;
    }
    double value = json.value();
    boolean digits = json.isWhole() && role.readsText();
    sink.number(role, value, digits ? json.slice(slice).toString() : null, event);
    return !Double.isNaN(value);
  }
}
