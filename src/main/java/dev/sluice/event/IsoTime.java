package dev.sluice.event;

/**
 * Reads ISO 8601 date-times without garbage: {@code 2026-11-23T14:05:09.250+01:00}, with a blank in
 * place of the {@code T}, without fraction, seconds, zone (then UTC) or time of day (then
 * midnight).
 */
final class IsoTime {

  /** What {@link #parse} returns for text that is no date-time. */
  static final long INVALID = Long.MIN_VALUE;

  private static final long MILLIS_PER_DAY = 86_400_000L;
  private static final int[] DAYS_BEFORE_MONTH = {
    0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
  };

  private IsoTime() {}

  /** Returns milliseconds since 1970-01-01T00:00Z, or {@link #INVALID}. */
  static long parse(CharSequence text) {
    int length = text.length();
    long days = length < 10 ? INVALID : date(text);
    if (days == INVALID) {
      return INVALID;
    }
    long midnight = days * MILLIS_PER_DAY;
    if (length == 10) {
      return midnight;
    }
    char separator = text.charAt(10);
    if (length < 16 || (separator != 'T' && separator != ' ') || text.charAt(13) != ':') {
      return INVALID;
    }
    int hour = number(text, 11, 2);
    int minute = number(text, 14, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
      return INVALID;
    }
    return seconds(text, 16, midnight + (hour * 60L + minute) * 60_000);
  }

  private static long date(CharSequence text) {
    int year = number(text, 0, 4);
    int month = number(text, 5, 2);
    int day = number(text, 8, 2);
    boolean shaped = text.charAt(4) == '-' && text.charAt(7) == '-';
    if (!shaped || year < 1 || month < 1 || month > 12 || day < 1 || day > days(year, month)) {
      return INVALID;
    }
    // Days of whole years since 0001-01-01, then since 1970-01-01, which is day 719,162.
    long y = year - 1L;
    long before = y * 365 + y / 4 - y / 100 + y / 400;
    int leapDay = month > 2 && isLeap(year) ? 1 : 0;
    return before + DAYS_BEFORE_MONTH[month - 1] + leapDay + day - 1 - 719_162;
  }

  private static long seconds(CharSequence text, int from, long minuteMillis) {
    int at = from;
    long millis = minuteMillis;
    if (at < text.length() && text.charAt(at) == ':') {
      int second = number(text, at + 1, 2);
      if (second < 0 || second > 60) {
        return INVALID;
      }
      millis += second * 1000L;
      at += 3;
      if (at < text.length() && (text.charAt(at) == '.' || text.charAt(at) == ',')) {
        int digit = at + 1;
        int scale = 100;
        while (digit < text.length() && isDigit(text.charAt(digit))) {
          millis += (long) (text.charAt(digit) - '0') * scale;
          scale /= 10;
          digit++;
        }
        if (digit == at + 1) {
          return INVALID;
        }
        at = digit;
      }
    }
    return zone(text, at, millis);
  }

  private static long zone(CharSequence text, int at, long millis) {
    int left = text.length() - at;
    if (left == 0) {
      return millis;
    }
    char sign = text.charAt(at);
    if (left == 1 && (sign == 'Z' || sign == 'z')) {
      return millis;
    }
    boolean colon = left == 6 && text.charAt(at + 3) == ':';
    if ((sign != '+' && sign != '-') || !(colon || left == 5 || left == 3)) {
      return INVALID;
    }
    int hours = number(text, at + 1, 2);
    int minutes = left == 3 ? 0 : number(text, at + (colon ? 4 : 3), 2);
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
      return INVALID;
    }
    long offset = (hours * 60L + minutes) * 60_000;
    return sign == '+' ? millis - offset : millis + offset;
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

  /** Returns the number of {@code digits} digits at {@code from}, or -1. */
  private static int number(CharSequence text, int from, int digits) {
    if (from + digits > text.length()) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      char c = text.charAt(i);
      if (!isDigit(c)) {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
