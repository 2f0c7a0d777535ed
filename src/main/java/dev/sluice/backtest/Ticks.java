package dev.sluice.backtest;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Round places on an axis, and what to write at them. */
final class Ticks {

  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long[] STEPS = {
    SECOND,
    5 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    4 * DAY,
    7 * DAY,
    14 * DAY
  };
  private static final int[] MONTHS = {1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200};

  private Ticks() {}

  /** A place and its text. */
  record Tick(double at, String text) {}

  /** Returns ticks at 1, 2 or 5 times a power of ten; none where the ends are no range. */
  static List<Tick> numbers(double low, double high, int most) {
    List<Tick> ticks = new ArrayList<>();
    double rough = (high - low) / most;
    if (!(rough > 0) || Double.isInfinite(rough)) {
      return ticks;
    }
    double power = StrictMath.pow(10, Math.floor(StrictMath.log10(rough)));
    double step =
        power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
    int places = (int) Math.max(0, -Math.floor(StrictMath.log10(step) + 1e-9));
    for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
      ticks.add(new Tick(i * step, number(i * step, step, places)));
    }
    return ticks;
  }

  private static String number(double value, double step, int places) {
    if (step >= 1e6) {
      return String.format(Locale.ROOT, "%.3g", value);
    }
    return places > 6
        ? String.format(Locale.ROOT, "%.2e", value)
        : String.format(Locale.ROOT, "%,." + places + "f", value);
  }

  /** Returns ticks at round times, UTC: clock times within a day, else days, else months. */
  static List<Tick> times(long fromMillis, long toMillis, int most) {
    for (long step : STEPS) {
      if ((toMillis - fromMillis) / step < most) {
        return even(fromMillis, toMillis, step);
      }
    }
    List<Tick> ticks = new ArrayList<>();
    for (int months : MONTHS) {
      ticks = months(fromMillis, toMillis, months);
      if (ticks.size() <= most) {
        return ticks;
      }
    }
    return ticks;
  }

  private static List<Tick> even(long fromMillis, long toMillis, long step) {
    List<Tick> ticks = new ArrayList<>();
    DateTimeFormatter clock = pattern(step < MINUTE ? "HH:mm:ss" : "HH:mm");
    DateTimeFormatter day = pattern("d MMM");
    for (long at = Math.ceilDiv(fromMillis, step) * step; at <= toMillis; at += step) {
      boolean midnight = Math.floorMod(at, DAY) == 0;
      ticks.add(new Tick(at, (midnight ? day : clock).format(Instant.ofEpochMilli(at))));
    }
    return ticks;
  }

  private static List<Tick> months(long fromMillis, long toMillis, int months) {
    List<Tick> ticks = new ArrayList<>();
    DateTimeFormatter text = pattern(months < 12 ? "MMM yyyy" : "yyyy");
    ZonedDateTime from = Instant.ofEpochMilli(fromMillis).atZone(ZoneOffset.UTC);
    long month = from.getYear() * 12L + from.getMonthValue() - 1;
    for (long at = Math.floorDiv(month, months) * months; ; at += months) {
      long millis =
          LocalDate.of((int) Math.floorDiv(at, 12L), (int) Math.floorMod(at, 12L) + 1, 1)
                  .toEpochDay()
              * DAY;
      if (millis > toMillis) {
        return ticks;
      }
      if (millis >= fromMillis) {
        ticks.add(new Tick(millis, text.format(Instant.ofEpochMilli(millis))));
      }
    }
  }

  private static DateTimeFormatter pattern(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }
}
