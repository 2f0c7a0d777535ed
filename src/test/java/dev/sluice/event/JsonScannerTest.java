package dev.sluice.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The quick way against Jackson's, on events as they come, odd ones and damaged ones. */
final class JsonScannerTest {

  private static final int CASES = 100_000;

  private static final List<EventSchema> SCHEMAS =
      List.of(
          Samples.RICH,
          new EventSchema(
              List.of(new Field("v", true), new Field("o.v", true), new Field("o.p.v", true)),
              List.of(new Field("w", true), new Field("größe", true)),
              "k",
              new TimeSource.OfField("at", 1000),
              2000),
          // One field is everything; one is a value and an object at once; one needs an escape.
          new EventSchema(
              List.of(new Field("k", true), new Field("o", true), new Field("o.v", true)),
              List.of(new Field("k\"", true), new Field("w", true), new Field("", true)),
              "w",
              new TimeSource.OfField("w", 1),
              2000));

  @Test
  void whatItTakesIsWhatJacksonTakes() {
    int taken = 0;
    for (EventSchema schema : SCHEMAS) {
      var documents = new JsonDocuments(7);
      var pair = new Pair(schema);
      for (int i = 0; i < CASES; i++) {
        taken += pair.agree(documents.next()) ? 1 : 0;
      }
    }
    // Enough of both kinds, or the test says little.
    assertThat(taken).isBetween(SCHEMAS.size() * CASES / 8, SCHEMAS.size() * CASES * 4 / 5);
  }

  @Test
  void oneDamagedByteIsEnough() {
    byte[] whole =
        ("{\"device\":\"dé🜂1\",\"at\":\"2026-11-23T14:05:09.250+01:00\",\"load\":-3.25e-1,"
             + "\"sensor\":{\"value\":21.5,\"x\":[1,{},[true]],\"unit\":\"C\"},\"status\":\"ok\"}")
            .getBytes(UTF_8);
    var pair = new Pair(Samples.RICH);
    assertThat(pair.agree(whole)).isTrue();
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      for (int b = 0; b < 256; b++) {
        damaged[at] = (byte) b;
        pair.agree(damaged);
      }
      pair.agree(Arrays.copyOf(whole, at));
    }
  }

  @Test
  void everyKindOfNumberIsReadToTheLastBit() {
    var schema = Samples.ofRecord(List.of(new Field("v", false)), List.of(new Field("w", true)));
    var pair = new Pair(schema);
    var random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      String text = JsonDocuments.number(random);
      pair.agree(("{\"w\":1,\"v\":" + text + "}").getBytes(UTF_8));
    }
  }

  @Test
  void anEventAsTheReadmeHasItIsTaken() {
    var schema =
        new EventSchema(
            List.of(new Field("temperature", false)),
            List.of(),
            null,
            new TimeSource.OfField("at", 1),
            1000);
    String json = " {\"at\" : \"2026-11-23T14:05:00Z\",\n\t\"temperature\": 21.528571428571427} ";
    assertThat(new Pair(schema).agree(json.getBytes(UTF_8))).isTrue();
  }

  @Test
  void asManyFieldsAsOneLikesAreTold() throws Rejection {
    List<Field> fields =
        java.util.stream.IntStream.range(0, 500).mapToObj(i -> new Field("f" + i, false)).toList();
    var schema = new EventSchema(fields, List.of(), null, new TimeSource.OfRecord(), 100_000);
    var json = new StringBuilder("{\"g\":0");
    for (int i = 499; i >= 0; i--) {
      json.append(",\"f").append(i).append("\":").append(i);
    }
    var scanner = new JsonScanner(schema);
    Event event = schema.newEvent();
    for (int round = 0; round < 3; round++) {
      byte[] value = json.append(round == 0 ? "}" : "").toString().getBytes(UTF_8);
      assertThat(scanner.decode(new byte[] {1}, value, 0, 0, event)).isTrue();
      for (int i = 0; i < 500; i++) {
        assertThat(event.number(schema.numberSlot("f" + i))).isEqualTo(i);
      }
    }
  }

  /** Both ways for one schema. */
  private static final class Pair {

    private final EventSchema schema;
    private final JsonScanner scanner;
    private final JacksonDecoder jackson;
    private final Event scanned;
    private final Event parsed;

    Pair(EventSchema schema) {
      this.schema = schema;
      this.scanner = new JsonScanner(schema);
      this.jackson = new JacksonDecoder(schema);
      this.scanned = schema.newEvent();
      this.parsed = schema.newEvent();
    }

    /** Returns whether the scanner took it; fails where it did, and Jackson has it otherwise. */
    boolean agree(byte[] json) {
      byte[] key = {1};
      boolean taken = scanner.decode(key, json, JsonDecoder.start(json), 7, scanned);
      if (taken) {
        String expected;
        try {
          jackson.decode(key, json, 7, parsed);
          expected = print(parsed);
        } catch (Rejection e) {
          expected = e.getMessage();
        }
        String found = print(scanned);
        if (!found.equals(expected)) {
          throw new AssertionError(
              new String(json, UTF_8) + "\nscanner: " + found + "\nJackson: " + expected);
        }
      }
      return taken;
    }

    /** Numbers with their bits: -0.0 is not 0.0. */
    private String print(Event event) {
      var bits = new StringBuilder(Samples.print(schema, event));
      for (int i = 0; i < schema.numbers().size(); i++) {
        bits.append(' ').append(Double.doubleToLongBits(event.number(i)));
      }
      return bits.append(Arrays.toString(event.key())).toString();
    }
  }
}
