package dev.sluice.event;

import static dev.sluice.event.Samples.NUMBER;
import static dev.sluice.event.Samples.RICH;
import static dev.sluice.event.Samples.json;
import static dev.sluice.event.Samples.key;
import static dev.sluice.event.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonDecoderTest {

  private static final String RICH_JSON =
      "{\"device\":\"d1\",\"at\":\"2026-11-23T14:05:09.250+01:00\","
          + "\"sensor\":{\"value\":21.5,\"unit\":\"C\"},\"status\":\"ok\",\"load\":-3}";

  @Test
  void everyFieldComesToItsSlot() throws Rejection {
    Event event = json(RICH, null, utf8(RICH_JSON));
    assertThat(key(event)).isEqualTo("d1");
    assertThat(event.timeMillis())
        .isEqualTo(Instant.parse("2026-11-23T13:05:09.250Z").toEpochMilli());
    assertThat(event.number(RICH.numberSlot("sensor.value"))).isEqualTo(21.5);
    assertThat(event.number(RICH.numberSlot("load"))).isEqualTo(-3);
    assertThat(event.word(RICH.wordSlot("status"))).isEqualTo("ok");
    assertThat(event.word(RICH.wordSlot("sensor.unit"))).isEqualTo("C");
  }

  @Test
  void whatMayBeMissingIsMissingWhereItIsNullOrAbsent() throws Rejection {
    String rest = "\"device\":\"d\",\"at\":0,\"status\":\"ok\",\"sensor\":{\"value\":1";
    for (String json : List.of("{" + rest + "}}", "{\"load\":null," + rest + ",\"unit\":null}}")) {
      Event event = json(RICH, null, utf8(json));
      assertThat(event.number(1)).as(json).isNaN();
      assertThat(event.word(1)).as(json).isNull();
    }
  }

  @Test
  void nothingStaysOfTheEventBefore() throws Rejection {
    var decoder = new JsonDecoder(RICH);
    Event event = RICH.newEvent();
    decoder.decode(null, utf8(RICH_JSON), 0, event);
    String bare = "{\"device\":\"d\",\"at\":0,\"status\":\"ok\",\"sensor\":{\"value\":1}}";
    decoder.decode(null, utf8(bare), 0, event);
    assertThat(Samples.print(RICH, event)).isEqualTo("d @0 1.0 NaN [ok] [null]");
  }

  @Test
  void keyAndTimeAreTheRecordsWhereTheSchemaSaysSo() throws Rejection {
    byte[] recordKey = {(byte) 0xff, 0, 1};
    Event event = json(NUMBER, recordKey, utf8("{\"v\":1}"));
    assertThat(event.key()).isSameAs(recordKey);
    assertThat(event.timeMillis()).isEqualTo(7);
  }

  @Test
  void whatTheTopologyDoesNotNameIsPassedOver() throws Rejection {
    String json =
        "{\"x\":{\"v\":5,\"y\":[{\"v\":6}]},\"z\":[1,[2,{}]],\"w\":null,\"u\":1e999,\"v\":1,"
            + "\"\\u0000\":\"\",\"x\":2}";
    assertThat(json(NUMBER, json).number(0)).isEqualTo(1);
  }

  @Test
  void aPathGoesOnWhereItsObjectStandsAgain() throws Rejection {
    String json =
        "{\"device\":\"d\",\"sensor\":{\"value\":1},\"at\":0,\"status\":\"\","
            + "\"sensor\":{\"unit\":\"C\"}}";
    assertThat(Samples.print(RICH, json(RICH, null, utf8(json)))).isEqualTo("d @0 1.0 NaN [] [C]");
  }

  @Test
  void aNameWithADotIsNoPath() {
    assertThatThrownBy(
            () ->
                json(
                    RICH, null, utf8("{\"device\":1,\"at\":1,\"status\":\"\",\"sensor.value\":1}")))
        .isInstanceOf(Rejection.class)
        .hasMessage("field sensor.value is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-0.0",
        "1e0",
        "1E+2",
        "-1.5e-3",
        "0.1",
        "123456789012345678901234567890",
        "1e30",
        "-1e30",
        "5e-324",
        "1e-999",
        "2.2250738585072012e-308",
        "9007199254740993"
      })
  void aNumberIsTheDoubleNearestToIt(String text) throws Rejection {
    double expected = new BigDecimal(text).doubleValue();
    // BigDecimal knows no negative zero.
    assertThat(json(NUMBER, "{\"v\":" + text + "}").number(0) + 0.0).isEqualTo(expected);
  }

  @Test
  void randomDoublesComeBackToTheLastBit() throws Rejection {
    var random = new Random(1);
    var decoder = new JsonDecoder(NUMBER);
    Event event = NUMBER.newEvent();
    for (int i = 0; i < 20_000; i++) {
      double value = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-300, 30));
      decoder.decode(utf8("k"), utf8("{\"v\":" + value + "}"), 0, event);
      assertThat(event.number(0)).isEqualTo(value);
    }
  }

  @Test
  void aKeyThatIsANumberKeepsItsDigits() throws Rejection {
    var schema =
        new EventSchema(
            List.of(), List.of(new Field("w", true)), "id", new TimeSource.OfRecord(), 1000);
    // The two are one and the same double.
    for (String digits : List.of("9007199254740993", "9007199254740992", "7", "-12")) {
      Event event = json(schema, "{\"id\":" + digits + ",\"w\":" + digits + "}");
      assertThat(key(event)).isEqualTo(digits);
      assertThat(event.word(0)).isEqualTo(digits);
    }
    assertThat(key(json(schema, "{\"id\":7.0}"))).isEqualTo("7");
    assertThat(key(json(schema, "{\"id\":-1e6}"))).isEqualTo("-1000000");
    assertThat(key(json(schema, "{\"id\":1e15}"))).isEqualTo("1.0E15");
    assertThat(key(json(schema, "{\"id\":7.25}"))).isEqualTo("7.25");
    assertThat(key(json(schema, "{\"id\":true}"))).isEqualTo("true");
  }

  @Test
  void oneFieldMayBeKeyWordAndTimeAtOnce() throws Rejection {
    var schema =
        new EventSchema(
            List.of(), List.of(new Field("x", false)), "x", new TimeSource.OfField("x", 1), 1000);
    Event text = json(schema, "{\"x\":\"2026-11-23\"}");
    assertThat(Samples.print(schema, text)).isEqualTo("2026-11-23 @1795392000000 [2026-11-23]");
    Event number = json(schema, "{\"x\":1795392000000}");
    assertThat(Samples.print(schema, number))
        .isEqualTo("1795392000000 @1795392000000 [1795392000000]");
  }

  @Test
  void aFieldMayBeKeyAndNumber() throws Rejection {
    var schema =
        new EventSchema(
            List.of(new Field("x", false)), List.of(), "x", new TimeSource.OfRecord(), 1000);
    assertThat(Samples.print(schema, json(schema, "{\"x\":15}"))).isEqualTo("15 @7 15.0");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1700000000123, 1700000000123",
    "1000, 1700000000.123, 1700000000123",
    "1000, 1700000000, 1700000000000",
    "1, -1, -1",
    "1, 0.5, 0",
    "1, 1.5, 2",
    "1, 259999999999999, 259999999999999"
  })
  void aTimeMayBeANumberOfUnits(long millisPerUnit, String number, long expected) throws Rejection {
    var schema =
        new EventSchema(
            List.of(), List.of(), null, new TimeSource.OfField("t", millisPerUnit), 1000);
    assertThat(json(schema, "{\"t\":" + number + "}").timeMillis()).isEqualTo(expected);
  }

  @Test
  void aByteOrderMarkIsPassedOver() throws Rejection {
    assertThat(json(NUMBER, "\uFEFF{\"v\":1}").number(0)).isEqualTo(1);
  }

  @Test
  void textMayHoldAnyCharacter() throws Rejection {
    String word = "\u0000\u001f\u007f é漢字 🜂 \uFFFF\u200B\" \\";
    var schema = Samples.ofRecord(List.of(), List.of(new Field("w", false)));
    String raw = word.replace("\u0000", "\\u0000").replace("\u001f", "\\u001F");
    String json = "{\"w\":\"" + raw.replace("\" \\", "\\\" \\\\") + "\"}";
    assertThat(json(schema, json).word(0)).isEqualTo(word);
    // The same fire sign as an escaped pair.
    assertThat(json(schema, "{\"w\":\"\\ud83d\\udf02\"}").word(0)).isEqualTo("🜂");
  }

  @Test
  void tenMegabytesOfForeignFieldsAreReadPast() throws Rejection {
    var schema =
        new EventSchema(
            NUMBER.numbers(), List.of(), null, new TimeSource.OfRecord(), 11 * 1024 * 1024);
    String text = "\"t\":\"" + "x".repeat(5 << 20) + "\"";
    String array = "\"a\":[" + "1,".repeat((5 << 20) / 2) + "1]";
    assertThat(json(schema, "{" + text + "," + array + ",\"v\":42}").number(0)).isEqualTo(42);
  }

  @Test
  void thirtyTwoLevelsAreRead() throws Rejection {
    String deep = "[".repeat(31) + "]".repeat(31);
    assertThat(json(NUMBER, "{\"x\":" + deep + ",\"v\":1}").number(0)).isEqualTo(1);
  }

  /** More names than the parser keeps, so that it starts afresh on the way. */
  @Test
  void manyStrangeNamesNeverMakeAnEventFareDifferently() throws Rejection {
    var decoder = new JsonDecoder(NUMBER);
    Event event = NUMBER.newEvent();
    for (int i = 0; i < 7_000; i++) {
      decoder.decode(utf8("k"), utf8("{\"n" + i + "\":0,\"v\":" + i + "}"), 0, event);
      assertThat(event.number(0)).isEqualTo(i);
    }
  }

  @Test
  void theLongestKeyAndWordAreTaken() throws Rejection {
    var schema =
        new EventSchema(
            List.of(), List.of(new Field("w", false)), "key", new TimeSource.OfRecord(), 1 << 20);
    String key = "é".repeat(EventSchema.MAX_KEY_BYTES / 2);
    String word = "é".repeat(EventSchema.MAX_WORD_CHARS);
    Event event = json(schema, "{\"key\":\"" + key + "\",\"w\":\"" + word + "\"}");
    assertThat(key(event)).isEqualTo(key);
    assertThat(event.word(0)).isEqualTo(word);
  }
}
