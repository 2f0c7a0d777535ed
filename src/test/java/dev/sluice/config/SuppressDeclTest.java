package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

/** Against the calendar of java.time, minute by minute. */
final class SuppressDeclTest {

  private static final long MINUTE = 60_000;
  private static final long START = Instant.parse("2026-11-20T00:00:00Z").toEpochMilli();

  private static boolean covers(SuppressDecl window, long time) {
    return Math.floorMod(time - window.fromMillis(), window.periodMillis()) < window.lengthMillis();
  }

  @Test
  void aNightGoesOverMidnight() {
    SuppressDecl night = SuppressDecl.daily("22:30-06:00", "", "");
    for (int minute = 0; minute < 3 * 24 * 60; minute++) {
      long time = START + minute * MINUTE;
      int ofDay = minute % (24 * 60);
      assertThat(covers(night, time)).isEqualTo(ofDay >= 22 * 60 + 30 || ofDay < 6 * 60);
    }
  }

  @Test
  void aWeekendGoesOverSunday() {
    SuppressDecl weekend = SuppressDecl.weekly("Sat 00:00-mon 06:00", "", "rest");
    assertThat(weekend.why()).isEqualTo("rest (weekly Sat 00:00-mon 06:00)");
    for (int minute = 0; minute < 10 * 24 * 60; minute++) {
      long time = START + minute * MINUTE;
      ZonedDateTime at = Instant.ofEpochMilli(time).atZone(ZoneOffset.UTC);
      DayOfWeek day = at.getDayOfWeek();
      boolean free =
          day == DayOfWeek.SATURDAY
              || day == DayOfWeek.SUNDAY
              || (day == DayOfWeek.MONDAY && at.getHour() < 6);
      assertThat(covers(weekend, time)).as("%s", at).isEqualTo(free);
    }
  }

  @Test
  void equalEndsAreAWholeDayOrWeek() {
    assertThat(SuppressDecl.daily("06:00-06:00", "", "").lengthMillis()).isEqualTo(1440 * MINUTE);
    assertThat(SuppressDecl.weekly("sun 06:00-sun 06:00", "", "").lengthMillis())
        .isEqualTo(7 * 1440 * MINUTE);
  }
}
