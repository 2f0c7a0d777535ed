package dev.sluice.bench.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.event.JacksonPath;
import dev.sluice.event.JsonDecoder;
import dev.sluice.event.Rejection;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One event's bytes into its slots: ours, Jackson's streaming parser, and a tree as most do it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecodeBench {

  private static final String AT = "\"at\":\"2026-11-23T14:05:00Z\"";

  /** What an event looks like. */
  public enum Form {
    /** That of the README. */
    TYPICAL("temperature", null, "{" + AT + ",\"temperature\":21.5}"),
    /** Seventeen digits, as a double in full has them. */
    LONG_NUMBER("temperature", null, "{" + AT + ",\"temperature\":21.528571428571427}"),
    /** Ten fields, of which two are wanted. */
    TEN_FIELDS(
        "temperature",
        null,
        "{\"site\":\"Hamburg-Altona\",\"line\":17,\"unit\":\"C\",\"firmware\":\"1.4.2-rc3\","
            + AT
            + ",\"ok\":true,\"note\":null,\"temperature\":21.5,\"humidity\":0.4375,"
            + "\"tags\":[\"a\",\"b\"]}"),
    /** The number within an object. */
    NESTED(
        "sensor.value",
        null,
        "{\"sensor\":{\"id\":\"s-12\",\"unit\":\"C\",\"value\":21.5}," + AT + "}"),
    /** The key is a field, and not ASCII. */
    NON_ASCII_KEY(
        "temperature", "boiler", "{\"boiler\":\"Kessel Süd-7\"," + AT + ",\"temperature\":21.5}");

    final String number;
    final String key;
    final byte[] json;

    Form(String number, String key, String json) {
      this.number = number;
      this.key = key;
      this.json = json.getBytes(UTF_8);
    }
  }

  /** What the event looks like. */
  @Param public Form form;

  private final ObjectMapper mapper = new ObjectMapper();
  private final byte[] recordKey = "boiler-7".getBytes(UTF_8);
  private JsonDecoder decoder;
  private JacksonPath jackson;
  private Event event;

  /** Makes the decoders. */
  @Setup(Level.Trial)
  public void begin() {
    var schema =
        new EventSchema(
            List.of(new Field(form.number, false)),
            List.of(),
            form.key,
            new TimeSource.OfField("at", 1),
            1 << 20);
    decoder = new JsonDecoder(schema);
    jackson = new JacksonPath(schema);
    event = schema.newEvent();
  }

  /** What the stream does. */
  @Benchmark
  public Event sluice() throws Rejection {
    decoder.decode(recordKey, form.json, 0, event);
    return event;
  }

  /** What it did before, and still does with anything unusual. */
  @Benchmark
  public Event jacksonStreaming() throws Rejection {
    jackson.decode(recordKey, form.json, 0, event);
    return event;
  }

  /** What most programs do; it checks less. */
  @Benchmark
  public Event databindTree() throws IOException {
    JsonNode node = mapper.readTree(form.json);
    event.key(form.key == null ? recordKey : node.get(form.key).asText().getBytes(UTF_8));
    event.timeMillis(Instant.parse(node.get("at").asText()).toEpochMilli());
    JsonNode number = node;
    for (String step : form.number.split("\\.")) {
      number = number.get(step);
    }
    event.number(0, number.doubleValue());
    return event;
  }
}
