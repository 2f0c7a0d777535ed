package dev.sluice.event;

import static dev.sluice.event.Samples.NUMBER;
import static dev.sluice.event.Samples.RICH;
import static dev.sluice.event.Samples.json;
import static dev.sluice.event.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.event.Rejection.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every reason for which an event is refused, in the words that reach the dead-letter topic. */
final class JsonRejectionTest {

  @Test
  void aRecordNeedsAKey() {
    assertRefused(NUMBER, null, utf8("{\"v\":1}"), Reason.NO_KEY, "the record holds no key");
    assertRefused(NUMBER, utf8(""), utf8("{\"v\":1}"), Reason.NO_KEY, "the record holds no key");
  }

  @Test
  void aKeyFieldNeedsAKey() {
    for (String json : List.of("{\"at\":1}", "{\"device\":null}", "{\"device\":\"\"}")) {
      // The record's own key does not stand in for it.
      assertRefused(RICH, utf8("k"), utf8(json), Reason.NO_KEY, "field device holds no key");
    }
  }

  @Test
  void aKeyHasALongestLength() {
    String text = "the key has 4097 bytes, 4096 are allowed";
    assertRefused(NUMBER, new byte[4097], utf8("{\"v\":1}"), Reason.KEY_TOO_LONG, text);
    var schema = new EventSchema(List.of(), List.of(), "key", new TimeSource.OfRecord(), 100_000);
    // 2,048 characters of two bytes and one of one.
    String json = "{\"key\":\"" + "é".repeat(2048) + "x\"}";
    assertRefused(schema, null, utf8(json), Reason.KEY_TOO_LONG, text);
  }

  @Test
  void aRecordNeedsAValue() {
    assertRefused(NUMBER, utf8("k"), null, Reason.NO_VALUE, "the record has no value");
  }

  @Test
  void aValueHasALongestLength() {
    String fits = "{\"v\":1}" + " ".repeat(Samples.MAX_BYTES - 7);
    assertThat(refusal(NUMBER, utf8("k"), utf8(fits))).isNull();
    assertRefused(
        NUMBER,
        utf8("k"),
        utf8(fits + " "),
        Reason.TOO_LARGE,
        "the value has 1001 bytes, input.maxBytes allows 1000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "''|a JSON object was expected",
        "'  '|a JSON object was expected",
        "[]|a JSON object was expected",
        "1|a JSON object was expected",
        "null|a JSON object was expected",
        "'\"v\"'|a JSON object was expected",
        "{\"v\":1}{}|there is more after the JSON object",
        "{\"v\":1} 1|there is more after the JSON object",
        "{\"v\":1,\"v\":1}|field v stands twice",
        "{\"v\":null,\"v\":1}|field v stands twice",
        "{\"v\":1,\"\\u0076\":1}|field v stands twice",
        "{\"v\":1} x|not JSON at byte 8: Unrecognized token 'x': was expecting (JSON String,"
            + " Number, Array, Object or token 'null', 'true' or 'false')",
        "{\"v\":NaN}|not JSON at byte 8: Non-standard token 'NaN'",
        "{\"v\":Infinity}|not JSON at byte 13: Non-standard token 'Infinity'",
        "{\"v\":-Infinity}|not JSON at byte 14: Non-standard token '-Infinity'",
        "{\"v\":+1}|not JSON at byte 6: Unexpected character ('+' (code 43)) in numeric value:"
            + " JSON spec does not allow numbers to have plus signs",
        "{\"v\":01}|not JSON at byte 6: Invalid numeric value: Leading zeroes not allowed",
        "{\"v\":1,}|not JSON at byte 7: Unexpected character ('}' (code 125)): was expecting"
            + " double-quote to start field name",
        "{\"v\":|not JSON at byte 5: Unexpected end-of-input within/between Object entries"
      })
  void aValueMustBeOneJsonObject(String json, String message) {
    assertRefused(NUMBER, utf8("k"), utf8(json), Reason.MALFORMED, message);
  }

  @Test
  void aValueMustBeUtf8() {
    byte[] wrong = "{\"v\":1,\"x\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertMalformed(wrong, "not JSON at byte 14: Invalid UTF-8 middle byte 0x22");
    byte[] start = "{\"v\":1,\"x\":\"ÿ\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertMalformed(start, "not JSON at byte 13: Invalid UTF-8 start byte 0xff");
    byte[] wide = "{\"v\":1}".getBytes(StandardCharsets.UTF_16LE);
    assertMalformed(
        wide,
        "not JSON at byte 2: Illegal character ((CTRL-CHAR, code 0)): only regular white space"
            + " (\\r, \\n, \\t) is allowed between tokens");
    assertMalformed(
        new byte[4],
        "not JSON at byte 1: Illegal character ((CTRL-CHAR, code 0)): only regular white space"
            + " (\\r, \\n, \\t) is allowed between tokens");
  }

  @Test
  void halfACharacterIsRefusedWhereItWouldBeKept() {
    var schema =
        new EventSchema(
            List.of(), List.of(new Field("w", true)), "key", new TimeSource.OfRecord(), 1000);
    for (String half : List.of("\\ud800", "\\udc00", "\\ud800\\ud800", "\\udc00\\ud800")) {
      String found = ": half a surrogate pair at character 2";
      String key = "{\"key\":\"a" + half + "\"}";
      assertRefused(schema, null, utf8(key), Reason.MALFORMED, "field key" + found);
      String word = "{\"key\":\"a\",\"w\":\"a" + half + "\"}";
      assertRefused(schema, null, utf8(word), Reason.MALFORMED, "field w" + found);
      String foreign = "{\"key\":\"a\",\"x\":\"a" + half + "\"}";
      assertThat(refusal(schema, null, utf8(foreign))).isNull();
    }
  }

  @Test
  void limitsOfTheParserAreNamed() {
    assertMalformed(
        utf8("{\"x\":" + "[".repeat(500)),
        "not JSON: Document nesting depth (33) exceeds the maximum allowed (32)");
    assertMalformed(
        utf8("{\"x\":" + "{\"x\":".repeat(100)),
        "not JSON: Document nesting depth (33) exceeds the maximum allowed (32)");
    assertMalformed(
        utf8("{\"v\":" + "1".repeat(401) + "}"),
        "not JSON: Number value length (401) exceeds the maximum allowed (400)");
  }

  @Test
  void theFirstFieldThatIsMissingIsNamed() {
    List<String> given =
        new ArrayList<>(
            List.of("\"device\":\"d\"", "\"at\":1", "\"sensor\":{\"value\":1}", "\"status\":\"\""));
    assertThat(refusal(RICH, null, utf8("{" + String.join(",", given) + "}"))).isNull();
    for (String name : List.of("status", "sensor.value", "at")) {
      given.removeLast();
      String json = "{" + String.join(",", given) + "}";
      String text = "field " + name + " is missing";
      assertRefused(RICH, null, utf8(json), Reason.MISSING_FIELD, text);
    }
    assertRefused(
        NUMBER, utf8("k"), utf8("{\"v\":null}"), Reason.MISSING_FIELD, "field v is missing");
  }

  @ParameterizedTest
  @CsvSource({
    "v, '\"1\"', text where a number belongs",
    "v, '\"\"', text where a number belongs",
    "v, true, a boolean where a number belongs",
    "v, '{}', an object where a plain value belongs",
    "v, '[1]', an array where a plain value belongs",
    "w, '{\"x\":1}', an object where a plain value belongs",
    "w, '[]', an array where a plain value belongs"
  })
  void aFieldMustBeOfItsKind(String field, String value, String text) {
    var schema = Samples.ofRecord(List.of(new Field("v", true)), List.of(new Field("w", true)));
    byte[] json = utf8("{\"" + field + "\":" + value + "}");
    assertRefused(schema, utf8("k"), json, Reason.WRONG_TYPE, "field " + field + ": " + text);
  }

  @ParameterizedTest
  @CsvSource({
    "1e999, Infinity",
    "-1e999, -Infinity",
    "1e31, 1.0E31",
    "1.0000000000000002e30, 1.0000000000000002E30",
    "-10000000000000000000000000000001e0, -1.0E31"
  })
  void aNumberHasALargestMagnitude(String number, String found) {
    byte[] json = utf8("{\"v\":" + number + "}");
    String text = "field v: " + found + " is beyond 1.0E30";
    assertRefused(NUMBER, utf8("k"), json, Reason.OUT_OF_RANGE, text);
  }

  @Test
  void aNumberBeyondTheLargestIsNoNameEither() {
    var schema =
        new EventSchema(
            List.of(), List.of(new Field("w", true)), "key", new TimeSource.OfRecord(), 1000);
    String text = " is beyond 1.0E30";
    byte[] key = utf8("{\"key\":1e999}");
    assertRefused(schema, null, key, Reason.OUT_OF_RANGE, "field key: Infinity" + text);
    byte[] word = utf8("{\"key\":1,\"w\":-1e999}");
    assertRefused(schema, null, word, Reason.OUT_OF_RANGE, "field w: -Infinity" + text);
  }

  @Test
  void aWordHasALongestLength() {
    var schema =
        new EventSchema(
            List.of(), List.of(new Field("w", false)), null, new TimeSource.OfRecord(), 100_000);
    byte[] json = utf8("{\"w\":\"" + "x".repeat(4097) + "\"}");
    String text = "field w: a text of 4097 characters, at most 4096 are allowed";
    assertRefused(schema, utf8("k"), json, Reason.OUT_OF_RANGE, text);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"yesterday\"', field t: 'yesterday' is no ISO 8601 date-time",
    "'\"\"', field t: '' is no ISO 8601 date-time",
    "true, field t: 'true' is no ISO 8601 date-time",
    "'\"2026-02-30\"', field t: '2026-02-30' is no ISO 8601 date-time",
    "'\"a\\nb\"', field t: 'a?b' is no ISO 8601 date-time",
    "260000000000000, field t: 2.6E14 is no time in this unit",
    "-1e999, field t: -Infinity is no time in this unit"
  })
  void aTimeMustBeATime(String value, String text) {
    var schema = new EventSchema(List.of(), List.of(), null, new TimeSource.OfField("t", 1), 1000);
    assertRefused(schema, utf8("k"), utf8("{\"t\":" + value + "}"), Reason.BAD_TIME, text);
  }

  @Test
  void aLongTextIsQuotedInPart() {
    var schema = new EventSchema(List.of(), List.of(), null, new TimeSource.OfField("t", 1), 1000);
    byte[] json = utf8("{\"t\":\"" + "x".repeat(41) + "\"}");
    String text = "field t: '" + "x".repeat(40) + "...' is no ISO 8601 date-time";
    assertRefused(schema, utf8("k"), json, Reason.BAD_TIME, text);
    // The parser quotes a token it does not know up to a length of its own.
    Rejection refusal = refusal(NUMBER, utf8("k"), utf8("{\"v\":" + "x".repeat(900) + "}"));
    assertThat(refusal).message().hasSizeLessThan(200).doesNotContain("\n").endsWith("...");
  }

  private static void assertMalformed(byte[] value, String message) {
    assertRefused(NUMBER, utf8("k"), value, Reason.MALFORMED, message);
  }

  private static void assertRefused(
      EventSchema schema, byte[] key, byte[] value, Reason reason, String message) {
    Rejection refusal = refusal(schema, key, value);
    assertThat(refusal).as("the refusal of the event").isNotNull().hasMessage(message);
    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(refusal.getStackTrace()).isEmpty();
  }

  private static Rejection refusal(EventSchema schema, byte[] key, byte[] value) {
    return catchThrowableOfType(Rejection.class, () -> json(schema, key, value));
  }
}
