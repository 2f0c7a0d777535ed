package dev.sluice.river;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.event.Digits;
import dev.sluice.event.Utf8;
import java.time.Instant;
import java.util.Arrays;

/**
 * Bytes of JSON under construction, in one buffer that is used again: only what is taken out at the
 * end is new. Numbers are written as Java prints them, characters beyond the first 65,536 as two
 * escapes.
 *
 * <p>Not thread-safe.
 */
final class JsonBytes {

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(UTF_8);
  private static final long DAY_MILLIS = 86_400_000;

  /** Characters of a date and what follows it: {@code 2026-11-23T}. */
  private static final int DATE = 11;

  // 0000-01-01 and 10000-01-01: between them a year has four digits and no sign.
  private static final long FIRST_DAY = -719_528;
  private static final long END_DAY = 2_932_897;

  /** A sign, seven digits, a point, twelve digits. */
  private static final int LONGEST_DECIMAL = 24;

  /** By character: what follows the backslash, 0 where there is none, 'u' for a code. */
  private static final byte[] ESCAPES = escapes();

  private byte[] bytes = new byte[512];
  private int count;
  private final StringBuilder digits = new StringBuilder(32);
  private long dayWritten = Long.MIN_VALUE;
  private final byte[] date = new byte[DATE];

  private static byte[] escapes() {
    byte[] escapes = new byte[0x80];
    Arrays.fill(escapes, 0, ' ', (byte) 'u');
    String named = "\bb\tt\nn\ff\rr\"\"\\\\";
    for (int i = 0; i < named.length(); i += 2) {
      escapes[named.charAt(i)] = (byte) named.charAt(i + 1);
    }
    return escapes;
  }

  /** Begins anew. */
  void clear() {
    count = 0;
  }

  /** Returns a copy of what was written. */
  byte[] toArray() {
    return Arrays.copyOf(bytes, count);
  }

  private void reserve(int more) {
    if (bytes.length - count < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, count + more));
    }
  }

  /** Writes bytes as they are. */
  void raw(byte[] text) {
    reserve(text.length);
    System.arraycopy(text, 0, bytes, count, text.length);
    count += text.length;
  }

  /** Writes characters of ASCII as they are. */
  private void raw(CharSequence ascii) {
    int length = ascii.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      bytes[count + i] = (byte) ascii.charAt(i);
    }
    count += length;
  }

  /** Writes a float with as many digits as tell it from its neighbours. */
  void number(float value) {
    if (!decimal(value < 0, Decimal.of(Math.abs(value)))) {
      raw(cleared().append(value));
    }
  }

  /** Writes a double with as many digits as tell it from its neighbours. */
  void number(double value) {
    if (!decimal(value < 0, Decimal.of(Math.abs(value)))) {
      raw(cleared().append(value));
    }
  }

  /** Writes a whole number. */
  void number(int value) {
    raw(cleared().append(value));
  }

  private StringBuilder cleared() {
    digits.setLength(0);
    return digits;
  }

  /** Writes a decimal, as Java does with one digit behind the point at least; false if unknown. */
  private boolean decimal(boolean negative, long decimal) {
    if (decimal == Decimal.UNKNOWN) {
      return false;
    }
    reserve(LONGEST_DECIMAL);
    if (negative) {
      bytes[count++] = '-';
    }
    int places = Decimal.places(decimal);
    long all = Decimal.digits(decimal);
    long unit = Decimal.unit(places);
    digits(all / unit, Digits.count(all / unit));
    bytes[count++] = '.';
    digits(all % unit, Math.max(1, places));
    return true;
  }

  private void digits(long number, int width) {
    Digits.write(number, width, bytes, count);
    count += width;
  }

  /** Writes the inside of a text. */
  void text(CharSequence text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      character(text.charAt(i));
    }
  }

  /** Writes the inside of a text, given as UTF-8; what is none is replaced, as Java does. */
  void utf8(byte[] text) {
    reserve(6 * text.length);
    for (int i = 0; i < text.length; ) {
      if (text[i] >= 0) {
        character((char) text[i++]);
        continue;
      }
      int end = Utf8.end(text, i);
      if (end < 0) {
        text(new String(text, i, text.length - i, UTF_8));
        return;
      }
      int point = Utf8.codePoint(text, i, end);
      if (Character.isBmpCodePoint(point)) {
        character((char) point);
      } else {
        character(Character.highSurrogate(point));
        character(Character.lowSurrogate(point));
      }
      i = end;
    }
  }

  private void character(char c) {
    reserve(6);
    if (c < 0x80) {
      ascii(c);
    } else if (Character.isSurrogate(c)) {
      code(c);
    } else {
      if (c < 0x800) {
        bytes[count++] = (byte) (0xc0 | c >> 6);
      } else {
        bytes[count++] = (byte) (0xe0 | c >> 12);
        bytes[count++] = (byte) (0x80 | c >> 6 & 0x3f);
      }
      bytes[count++] = (byte) (0x80 | c & 0x3f);
    }
  }

  private void ascii(char c) {
    byte escape = ESCAPES[c];
    if (escape == 0) {
      bytes[count++] = (byte) c;
    } else if (escape == 'u') {
      code(c);
    } else {
      bytes[count++] = '\\';
      bytes[count++] = escape;
    }
  }

  private void code(char c) {
    bytes[count++] = '\\';
    bytes[count++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      bytes[count++] = HEX[c >> shift & 15];
    }
  }

  /** Writes a time as ISO 8601, in UTC, with milliseconds where there are some. */
  void time(long millis) {
    long day = Math.floorDiv(millis, DAY_MILLIS);
    if (day < FIRST_DAY || day >= END_DAY) {
      raw(Instant.ofEpochMilli(millis).toString());
      return;
    }
    if (day != dayWritten) {
      // Most events are of the day of the event before.
      String text = Instant.ofEpochMilli(day * DAY_MILLIS).toString();
      System.arraycopy(text.getBytes(UTF_8), 0, date, 0, DATE);
      dayWritten = day;
    }
    raw(date);
    timeOfDay((int) (millis - day * DAY_MILLIS));
  }

  private void timeOfDay(int millis) {
    reserve(13);
    int second = millis / 1000;
    twoDigits(second / 3600, ':');
    twoDigits(second / 60 % 60, ':');
    int fraction = millis - second * 1000;
    twoDigits(second % 60, fraction == 0 ? 'Z' : '.');
    if (fraction != 0) {
      bytes[count++] = (byte) ('0' + fraction / 100);
      twoDigits(fraction % 100, 'Z');
    }
  }

  private void twoDigits(int number, char behind) {
    int tens = number * 103 >> 10; // Exact below 179.
    bytes[count++] = (byte) ('0' + tens);
    bytes[count++] = (byte) ('0' + number - 10 * tens);
    bytes[count++] = (byte) behind;
  }
}
