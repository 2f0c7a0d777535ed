package dev.sluice.event;

/**
 * Reads ISO 8601 date-times without garbage: {@code 2026-11-23T14:05:09.250+01:00}, with a blank in
 * place of the {@code T}, without fraction, seconds, zone (then UTC) or time of day (then
 * midnight). Digits after the millisecond are cut off; a second 60, which a leap second has, is the
 * first of the next minute.
 */
public final class IsoTime {

  /** What {@link #parse} returns for text that is no date-time. */
  public static final long INVALID = Long.MIN_VALUE;

  private static final long MILLIS_PER_DAY = 86_400_000L;
  private static final long MILLIS_PER_MINUTE = 60_000L;

  // No place on Earth is further from Greenwich; java.time draws the line there, too.
  private static final int MOST_OFFSET_MINUTES = 18 * 60;

  private static final int[] DAYS_BEFORE_MONTH = {
    0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
  };

  private IsoTime() {}

  /** Returns milliseconds since 1970-01-01T00:00Z, or {@link #INVALID}. */
  public static long parse(CharSequence text) {
    long days = date(text);
    if (days == INVALID || text.length() == 10) {
      return days == INVALID ? INVALID : days * MILLIS_PER_DAY;
    }
    boolean separated = is(text, 10, 'T') || is(text, 10, ' ');
    int hour = twoDigits(text, 11, 23);
    int minute = twoDigits(text, 14, 59);
    if (!separated || !is(text, 13, ':') || hour < 0 || minute < 0) {
      return INVALID;
    }
    return seconds(text, days * MILLIS_PER_DAY + (hour * 60L + minute) * MILLIS_PER_MINUTE);
  }

  private static long date(CharSequence text) {
    int year = year(text);
    int month = twoDigits(text, 5, 12);
    int day = twoDigits(text, 8, 31);
    boolean shaped = is(text, 4, '-') && is(text, 7, '-');
    if (!shaped || year < 1 || month < 1 || day < 1 || day > days(year, month)) {
      return INVALID;
    }
    // Days of whole years since 0001-01-01, then since 1970-01-01, which is day 719,162.
    long y = year - 1L;
    long before = y * 365 + y / 4 - y / 100 + y / 400;
    int leapDay = month > 2 && isLeap(year) ? 1 : 0;
    return before + DAYS_BEFORE_MONTH[month - 1] + leapDay + day - 1 - 719_162;
  }

  /** Returns the year, or less than 1 where there is none. */
  private static int year(CharSequence text) {
    int century = twoDigits(text, 0, 99);
    int yearOfCentury = twoDigits(text, 2, 99);
    return century < 0 || yearOfCentury < 0 ? -1 : century * 100 + yearOfCentury;
  }

  private static long seconds(CharSequence text, long minuteMillis) {
    if (!is(text, 16, ':')) {
      return zone(text, 16, minuteMillis);
    }
    int second = twoDigits(text, 17, 60);
    long millis = minuteMillis + second * 1000L;
    if (second < 0) {
      return INVALID;
    }
    return is(text, 19, '.') || is(text, 19, ',') ? fraction(text, millis) : zone(text, 19, millis);
  }

  private static long fraction(CharSequence text, long secondMillis) {
    long millis = secondMillis;
    int end = 20;
    for (int scale = 100; isDigit(text, end); scale /= 10) {
      millis += (long) (text.charAt(end) - '0') * scale;
      end++;
    }
    return end == 20 ? INVALID : zone(text, end, millis);
  }

  private static long zone(CharSequence text, int at, long millis) {
    int left = text.length() - at;
    if (left == 0 || (left == 1 && (is(text, at, 'Z') || is(text, at, 'z')))) {
      return millis;
    }
    int offset = offsetMinutes(text, at, left);
    boolean east = is(text, at, '+');
    if (offset < 0 || offset > MOST_OFFSET_MINUTES || !(east || is(text, at, '-'))) {
      return INVALID;
    }
    return millis - (east ? offset : -offset) * MILLIS_PER_MINUTE;
  }

  /** Reads +hh, +hhmm or +hh:mm without its sign, or returns -1. */
  private static int offsetMinutes(CharSequence text, int at, int left) {
    int hours = twoDigits(text, at + 1, 18);
    int minutes =
        switch (left) {
          case 3 -> 0;
          case 5 -> twoDigits(text, at + 3, 59);
          case 6 -> is(text, at + 3, ':') ? twoDigits(text, at + 4, 59) : -1;
          default -> -1;
        };
    return hours < 0 || minutes < 0 ? -1 : hours * 60 + minutes;
  }

  private static int days(int year, int month) {
    return switch (month) {
      case 2 -> isLeap(year) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  private static boolean isLeap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  /** Returns the number of two digits at {@code at}, or -1 where there is none up to the most. */
  private static int twoDigits(CharSequence text, int at, int most) {
    if (!isDigit(text, at) || !isDigit(text, at + 1)) {
      return -1;
    }
    int value = 10 * (text.charAt(at) - '0') + text.charAt(at + 1) - '0';
    return value <= most ? value : -1;
  }

  private static boolean isDigit(CharSequence text, int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static boolean is(CharSequence text, int at, char expected) {
    return at < text.length() && text.charAt(at) == expected;
  }
}
