package dev.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against {@code java.time}, which parses by another way altogether. */
final class IsoTimeTest {

  private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
  private static final long NANOS_PER_DAY = 86_400_000_000_000L;

  @Test
  void everyDayOfFourCenturiesIsThatOfTheCalendar() {
    long first = LocalDate.of(1700, 1, 1).toEpochDay();
    for (long day = first; day < first + 146_097; day++) {
      assertIsDay(LocalDate.ofEpochDay(day));
    }
  }

  @Test
  void everyYearBeginsAndEndsWhereItDoes() {
    for (int year = 1; year <= 9999; year++) {
      assertIsDay(LocalDate.of(year, 1, 1));
      assertIsDay(LocalDate.of(year, 3, 1));
      assertIsDay(LocalDate.of(year, 12, 31));
    }
  }

  private static void assertIsDay(LocalDate date) {
    long millis = IsoTime.parse(DateTimeFormatter.ISO_LOCAL_DATE.format(date));
    if (millis != date.toEpochDay() * 86_400_000L) {
      throw new AssertionError(date + " is " + millis);
    }
  }

  @Test
  void anyDateTimeInAnyZoneIsThatOfJavaTime() {
    var random = new Random(1);
    List<DateTimeFormatter> zones =
        List.of(zone("+HHMM", "+0000"), zone("+HH:MM", "Z"), zone("+HH", "+00"));
    for (int i = 0; i < 20_000; i++) {
      LocalDateTime time =
          LocalDate.ofEpochDay(random.nextLong(FIRST_DAY, LAST_DAY + 1))
              .atStartOfDay()
              .plusNanos(random.nextLong(NANOS_PER_DAY));
      boolean hoursOnly = i % 3 == 2;
      int minutes = hoursOnly ? random.nextInt(-18, 19) * 60 : random.nextInt(-1080, 1081);
      ZoneOffset zone = ZoneOffset.ofTotalSeconds(minutes * 60);
      String zoneText = zones.get(i % 3).format(zone);
      String text = DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time) + zoneText;
      long expected = time.toInstant(zone).toEpochMilli();
      assertThat(IsoTime.parse(text)).as(text).isEqualTo(expected);
      String blank = text.replace('T', ' ').replace('.', ',');
      assertThat(IsoTime.parse(blank)).as(blank).isEqualTo(expected);
    }
  }

  private static DateTimeFormatter zone(String pattern, String atZero) {
    return new DateTimeFormatterBuilder().appendOffset(pattern, atZero).toFormatter();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-23, 1795392000000",
    "2026-11-23T14:05, 1795442700000",
    "2026-11-23 14:05, 1795442700000",
    "2026-11-23T14:05Z, 1795442700000",
    "2026-11-23T14:05z, 1795442700000",
    "2026-11-23T15:05+01:00, 1795442700000",
    "2026-11-23T15:05+01, 1795442700000",
    "2026-11-23T12:35-0130, 1795442700000",
    "2026-11-23T14:05:00, 1795442700000",
    "2026-11-23T14:05:00.5, 1795442700500",
    "2026-11-23T14:05:00.05Z, 1795442700050",
    "'2026-11-23T14:05:00,005', 1795442700005",
    "2026-11-23T14:05:00.0059999999999999999999, 1795442700005",
    "1969-12-31T23:59:59.999Z, -1",
    "1969-12-31T23:59:59.9999Z, -1",
    "2016-12-31T23:59:60Z, 1483228800000",
    "2024-02-29, 1709164800000",
    "2000-02-29, 951782400000",
    "2026-11-23T00:00-00:00, 1795392000000",
    "2026-11-23T18:00+18:00, 1795392000000"
  })
  void partsMayBeLeftOut(String text, long expected) {
    assertThat(IsoTime.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2",
        "2026",
        "2026-11",
        "2026-11-2",
        "2026-1-23",
        "26-11-23",
        "20261123",
        "2026-11-233",
        "2026/11/23",
        "2026-11/23",
        "2026.11-23",
        "0000-01-01",
        "-001-01-01",
        "+2026-11-23",
        "2026-00-10",
        "2026-13-10",
        "2026-10-00",
        "2026-11-31",
        "2026-04-31",
        "2026-02-29",
        "1900-02-29",
        "2100-02-29",
        "2026-01-32",
        "202a-11-23",
        "2026-1a-23",
        "2026-11-2a",
        " 2026-11-23",
        "2026-11-23 ",
        "2026-11-23T",
        "2026-11-23Z",
        "2026-11-23+01:00",
        "2026-11-23t14:05",
        "2026-11-23_14:05",
        "2026-11-23T14",
        "2026-11-23T14Z",
        "2026-11-23T1405",
        "2026-11-23T14:5",
        "2026-11-23T24:00",
        "2026-11-23T25:00",
        "2026-11-23T14:60",
        "2026-11-23T14-05",
        "2026-11-23T-1:05",
        "2026-11-23T14:05:",
        "2026-11-23T14:05:0",
        "2026-11-23T14:05:61",
        "2026-11-23T14:05:0a",
        "2026-11-23T14:05.5",
        "2026-11-23T14:05:00.",
        "2026-11-23T14:05:00.Z",
        "2026-11-23T14:05:00.-5",
        "2026-11-23T14:05:00ZZ",
        "2026-11-23T14:05:00 Z",
        "2026-11-23T14:05:00UTC",
        "2026-11-23T14:05:00+",
        "2026-11-23T14:05:00+1",
        "2026-11-23T14:05:00+1:00",
        "2026-11-23T14:05:00+010",
        "2026-11-23T14:05:00+01:0",
        "2026-11-23T14:05:00+01:000",
        "2026-11-23T14:05:00+01.00",
        "2026-11-23T14:05:00*01:00",
        "2026-11-23T14:05:00+01:60",
        "2026-11-23T14:05:00+18:01",
        "2026-11-23T14:05:00-18:01",
        "2026-11-23T14:05:00+19",
        "2026-11-23T14:05:00+99:99",
        "2026-11-23T14:05:00+01:00Z",
        "2026-11-23T14:05:00Z+01:00",
        "2026-11-23T14:05:00+01:00[Europe/Paris]",
        "2026-W48-1",
        "2026-327",
        "٢٠٢٦-١١-٢٣",
        "now"
      })
  void anythingElseIsInvalid(String text) {
    assertThat(IsoTime.parse(text)).isEqualTo(IsoTime.INVALID);
  }

  @Test
  void textThatIsCutOffIsInvalidOrAnotherTime() {
    String whole = "2026-11-23T14:05:09.250+01:00";
    for (int length = 0; length < whole.length(); length++) {
      String cut = whole.substring(0, length);
      boolean valid =
          length == 10
              || length == 16
              || length == 19
              || (length >= 21 && length <= 23)
              || length == 26;
      assertThat(IsoTime.parse(cut) != IsoTime.INVALID).as(cut).isEqualTo(valid);
    }
  }
}
