package dev.sluice.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Schemas and events that several tests use. */
final class Samples {

  /** Longest value of the sample schemas, in bytes. */
  static final int MAX_BYTES = 1000;

  /** One number, key and time from the record. */
  static final EventSchema NUMBER = ofRecord(List.of(new Field("v", false)), List.of());

  /** All that a schema can have: key and time are fields, one of each kind may be missing. */
  static final EventSchema RICH =
      new EventSchema(
          List.of(new Field("sensor.value", false), new Field("load", true)),
          List.of(new Field("status", false), new Field("sensor.unit", true)),
          "device",
          new TimeSource.OfField("at", 1),
          MAX_BYTES);

  private Samples() {}

  static EventSchema ofRecord(List<Field> numbers, List<Field> words) {
    return new EventSchema(numbers, words, null, new TimeSource.OfRecord(), MAX_BYTES);
  }

  /** Decodes {@code json} with the record's key {@code k} and time 7. */
  static Event json(EventSchema schema, String json) throws Rejection {
    return json(schema, utf8("k"), utf8(json));
  }

  static Event json(EventSchema schema, byte @Nullable [] key, byte @Nullable [] value)
      throws Rejection {
    Event event = schema.newEvent();
    new JsonDecoder(schema).decode(key, value, 7, event);
    return event;
  }

  static Event csv(EventSchema schema, String header, String line) throws Rejection {
    Event event = schema.newEvent();
    new CsvDecoder(schema, header).decode(utf8("k"), line, event);
    return event;
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  static String key(Event event) {
    return new String(event.key(), UTF_8);
  }

  /** Returns all that is in an event, for comparison. */
  static String print(EventSchema schema, Event event) {
    StringBuilder text = new StringBuilder(key(event)).append(" @").append(event.timeMillis());
    for (int i = 0; i < schema.numbers().size(); i++) {
      text.append(' ').append(event.number(i));
    }
    for (int i = 0; i < schema.words().size(); i++) {
      text.append(" [").append(event.word(i)).append(']');
    }
    return text.toString();
  }
}
