package dev.sluice.event;

import static dev.sluice.event.Samples.RICH;
import static dev.sluice.event.Samples.csv;
import static dev.sluice.event.Samples.print;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.event.Rejection.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvDecoderTest {

  private static final String HEADER = "at,device,status,sensor.value,load,sensor.unit";
  private static final EventSchema NUMBER = Samples.NUMBER;
  private static final EventSchema WORD =
      Samples.ofRecord(List.of(), List.of(new Field("w", true)));

  @Test
  void cellsComeToTheSlotsThatTheHeaderNames() throws Rejection {
    Event event = csv(RICH, HEADER, "2026-11-23T14:05,d1,ok,21.5,-3,C");
    assertThat(print(RICH, event)).isEqualTo("d1 @1795442700000 21.5 -3.0 [ok] [C]");
  }

  @Test
  void columnsMayStandInAnyOrderAmongOthers() throws Rejection {
    String header = "x, sensor.value ,status,x,device,at";
    assertThat(print(RICH, csv(RICH, header, "9,1,ok,,d,5"))).isEqualTo("d @5 1.0 NaN [ok] [null]");
  }

  @Test
  void anEmptyCellIsAMissingValue() throws Rejection {
    assertThat(print(RICH, csv(RICH, HEADER, "0,d,ok,1,,"))).isEqualTo("d @0 1.0 NaN [ok] [null]");
    assertThat(print(RICH, csv(RICH, HEADER, "0,d,ok,1,\"\",\"\"")))
        .isEqualTo("d @0 1.0 NaN [ok] [null]");
    assertRefused(RICH, HEADER, "0,,ok,1,,", Reason.NO_KEY, "field device holds no key");
    assertRefused(RICH, HEADER, ",d,ok,1,,", Reason.MISSING_FIELD, "field at is missing");
    assertRefused(RICH, HEADER, "0,d,,1,,", Reason.MISSING_FIELD, "field status is missing");
    assertRefused(RICH, HEADER, "0,d,ok,,,", Reason.MISSING_FIELD, "field sensor.value is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "plain|plain",
        "\"a,b\"|a,b",
        "\"say \"\"hi\"\"\"|say \"hi\"",
        "\"\"\"\"|\"",
        "\"\"\"\"\"\"|\"\"",
        "5\" pipe|5\" pipe",
        "~ spaced ~|~ spaced ~",
        "\"a\"\"\"|a\"",
        "é漢🜂|é漢🜂"
      })
  void quotesAreThoseOfRfc4180(String cell, String word) throws Rejection {
    assertThat(csv(WORD, "x,w,y", "1," + cell + ",2").word(0)).isEqualTo(word);
    assertThat(csv(WORD, "w,y", cell + ",2").word(0)).isEqualTo(word);
    assertThat(csv(WORD, "x,w", "1," + cell).word(0)).isEqualTo(word);
    assertThat(csv(WORD, "x,w", "1," + cell + "\r").word(0)).isEqualTo(word);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~|1 cells where the header has 2",
        "1|1 cells where the header has 2",
        "1,2,3|3 cells where the header has 2",
        "1,2,|3 cells where the header has 2",
        "1,\"2|a quoted cell has no end",
        "1,\"|a quoted cell has no end",
        "1,\"2\"\"|a quoted cell has no end",
        "1,\"2\"3|a quoted cell goes on after its closing quote",
        "\"1\" ,2|a quoted cell goes on after its closing quote"
      })
  void aLineMustHaveTheCellsOfTheHeader(String line, String message) {
    assertRefused(WORD, "x,w", line, Reason.MALFORMED, message);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "-1.5, -1.5", "+1, 1", "1e3, 1000", ".5, 0.5", "5., 5", "' 7 ', 7"})
  void aNumberMayBeWrittenInManyWays(String cell, double expected) throws Rejection {
    assertThat(csv(NUMBER, "v", cell).number(0)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "1d",
        "1f",
        "0x10",
        "0x1p3",
        "1L",
        "1_000",
        "1 000",
        "--1",
        "1e",
        "e",
        "-",
        ".",
        "NaN",
        "Infinity",
        "-Infinity",
        "inf",
        "NA",
        "null",
        "٣",
        "½",
        "1,5",
        " "
      })
  void aNumberMustBeANumber(String cell) {
    String quoted = "\"" + cell + "\"";
    assertRefused(NUMBER, "v", quoted, Reason.WRONG_TYPE, "field v: text where a number belongs");
  }

  @Test
  void aNumberHasALargestMagnitude() {
    assertRefused(NUMBER, "v", "1e999", Reason.OUT_OF_RANGE, "field v: Infinity is beyond 1.0E30");
    assertRefused(NUMBER, "v", "-1e31", Reason.OUT_OF_RANGE, "field v: -1.0E31 is beyond 1.0E30");
  }

  @ParameterizedTest
  @CsvSource({
    "1700000000, 1700000000000",
    "1700000000.5, 1700000000500",
    "-1, -1000",
    "1.7e9, 1700000000000",
    "2026-11-23, 1795392000000",
    "2026-11-23 00:00:01, 1795392001000"
  })
  void aTimeIsANumberOrADate(String cell, long expected) throws Rejection {
    assertThat(csv(timeInSeconds(), "t", cell).timeMillis()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "2026-02-30", "1e-3", "12:00", " "})
  void aTimeMustBeATime(String cell) {
    String text = "field t: '" + cell + "' is no ISO 8601 date-time";
    assertRefused(timeInSeconds(), "t", cell, Reason.BAD_TIME, text);
  }

  private static EventSchema timeInSeconds() {
    return new EventSchema(List.of(), List.of(), null, new TimeSource.OfField("t", 1000), 1000);
  }

  @Test
  void oneColumnMayBeKeyNumberAndTimeAtOnce() throws Rejection {
    var schema =
        new EventSchema(
            List.of(new Field("x", false)), List.of(), "x", new TimeSource.OfField("x", 1), 1000);
    assertThat(print(schema, csv(schema, "x", "15"))).isEqualTo("15 @15 15.0");
  }

  @Test
  void aHeaderMayBeginWithAByteOrderMark() throws Rejection {
    assertThat(csv(NUMBER, "\uFEFFv\r", "1\r").number(0)).isEqualTo(1);
  }

  @Test
  void aHeaderMustNameEveryFieldOnce() {
    Rejection missing =
        catchThrowableOfType(Rejection.class, () -> new CsvDecoder(RICH, "at,device,status"));
    assertThat(missing)
        .hasMessage("the header has no column sensor.value: at,device,status")
        .extracting(Rejection::reason)
        .isEqualTo(Reason.MISSING_FIELD);
    Rejection twice = catchThrowableOfType(Rejection.class, () -> new CsvDecoder(NUMBER, "v,x,v"));
    assertThat(twice)
        .hasMessage("column v stands twice in the header")
        .extracting(Rejection::reason)
        .isEqualTo(Reason.MALFORMED);
  }

  @Test
  void aColumnOfSomethingOptionalMayBeLeftOut() throws Rejection {
    Event event = csv(RICH, "at,device,status,sensor.value", "0,d,ok,1");
    assertThat(print(RICH, event)).isEqualTo("d @0 1.0 NaN [ok] [null]");
  }

  @Test
  void aLineHasALongestLength() {
    String line = "x".repeat(1001);
    assertRefused(
        WORD,
        "w",
        line,
        Reason.TOO_LARGE,
        "the line has 1001 characters, input.maxBytes allows 1000");
  }

  private static void assertRefused(
      EventSchema schema, String header, String line, Reason reason, String message) {
    Rejection refusal = catchThrowableOfType(Rejection.class, () -> csv(schema, header, line));
    assertThat(refusal).as("the refusal of the line").isNotNull().hasMessage(message);
    assertThat(refusal.reason()).isEqualTo(reason);
  }
}
