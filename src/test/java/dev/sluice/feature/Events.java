package dev.sluice.feature;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.event.JsonDecoder;
import dev.sluice.event.Rejection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of three numbers and a word, each of which may be missing. */
final class Events {

  static final EventSchema SCHEMA =
      new EventSchema(
          List.of(new Field("a", true), new Field("b", true), new Field("c", true)),
          List.of(new Field("w", true)),
          null,
          new TimeSource.OfRecord(),
          1000);

  private Events() {}

  static Event event(long timeMillis, double a, double b, @Nullable String word) {
    return event(timeMillis, a, b, Double.NaN, word);
  }

  /** Makes an event the way the stream does; NaN is missing. */
  static Event event(long timeMillis, double a, double b, double c, @Nullable String word) {
    String json =
        "{\"a\":"
            + json(a)
            + ",\"b\":"
            + json(b)
            + ",\"c\":"
            + json(c)
            + ",\"w\":"
            + (word == null ? "null" : "\"" + word + "\"")
            + "}";
    Event event = SCHEMA.newEvent();
    try {
      new JsonDecoder(SCHEMA).decode("k".getBytes(UTF_8), json.getBytes(UTF_8), timeMillis, event);
    } catch (Rejection e) {
      throw new AssertionError(json, e);
    }
    return event;
  }

  private static String json(double value) {
    return Double.isNaN(value) ? "null" : Double.toString(value);
  }
}
