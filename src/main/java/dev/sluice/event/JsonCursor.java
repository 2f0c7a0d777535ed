package dev.sluice.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads the plain words of JSON from bytes: blanks, texts without escapes, numbers, literals. Each
 * method returns false at anything else, which may be a mistake, or only unusual.
 */
final class JsonCursor {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  /** Longest number, in digits of one part. */
  private static final int MOST_DIGITS = 100;

  private byte[] json = {};
  private int at;

  // What was read last: a text without its quotes, or the digits of a number.
  private int from;
  private int to;
  private long mantissa;
  private int digits; // All of the mantissa, leading zeros not counted.
  private int exponent;
  private boolean negative;
  private boolean whole;

  /** Goes to the beginning of {@code value}, or behind what stands before it. */
  void begin(byte[] value, int start) {
    json = value;
    at = start;
  }

  /** Returns the next byte, without taking it; 0, which is never plain, at the end. */
  int peek() {
    return at < json.length ? json[at] : 0;
  }

  /** Returns the next byte that is no blank, without taking it. */
  int peekWord() {
    int next = peek();
    while (next == ' ' || next == '\n' || next == '\r' || next == '\t') {
      at++;
      next = peek();
    }
    return next;
  }

  /** Takes one byte, whatever it is. */
  void skip() {
    at++;
  }

  /** Takes {@code expected} and the blanks before it. */
  boolean take(int expected) {
    boolean is = peekWord() == expected;
    at += is ? 1 : 0;
    return is;
  }

  /** Takes blanks, and returns whether there is nothing else. */
  boolean isAtEnd() {
    peekWord();
    return at >= json.length;
  }

  /** Takes exactly {@code expected}. */
  boolean take(byte[] expected) {
    int end = at + expected.length;
    boolean is = end <= json.length && Arrays.equals(json, at, end, expected, 0, expected.length);
    at = is ? end : at;
    return is;
  }

  /** Takes a text whose first quote is taken; the last quote is taken, too. */
  boolean text() {
    from = at;
    int i = plainEnd(at);
    while (i < json.length && json[i] < 0) {
      int end = Utf8.end(json, i);
      if (end < 0) {
        return false;
      }
      i = plainEnd(end);
    }
    to = i;
    at = i + 1;
    return i < json.length && json[i] == '"';
  }

  /** Returns where a byte comes that is not a plain one of ASCII, or the end. */
  private int plainEnd(int start) {
    int i = start;
    for (; i <= json.length - Long.BYTES; i += Long.BYTES) {
      long special = special((long) LONGS.get(json, i));
      if (special != 0) {
        return i + (Long.numberOfTrailingZeros(special) >>> 3);
      }
    }
    while (i < json.length && json[i] >= ' ' && json[i] != '"' && json[i] != '\\') {
      i++;
    }
    return i;
  }

  /**
   * Marks the lowest byte that is a quote, a backslash, a control character or not ASCII; bytes
   * above it may be marked by mistake.
   */
  private static long special(long bytes) {
    long control = bytes - ' ' * ONES;
    long quote = (bytes ^ '"' * ONES) - ONES;
    long backslash = (bytes ^ '\\' * ONES) - ONES;
    // Of a byte of ASCII the subtraction borrows, and so sets the highest bit, where it matches.
    return (bytes | control | quote | backslash) & HIGH_BITS;
  }

  /** Returns what was read last, without a copy. */
  Slice slice(Slice into) {
    return into.at(json, from, to);
  }

  /** Takes a number. */
  boolean number() {
    from = at;
    negative = peek() == '-';
    at += negative ? 1 : 0;
    mantissa = 0;
    digits = 0;
    exponent = 0;
    boolean zero = peek() == '0';
    int count = digits();
    whole = true;
    boolean is = count > 0 && (count == 1 || !zero) && fraction() && power();
    to = at;
    return is;
  }

  private boolean fraction() {
    if (peek() != '.') {
      return true;
    }
    at++;
    whole = false;
    int count = digits();
    exponent = -count;
    return count > 0;
  }

  private boolean power() {
    int next = peek();
    if (next != 'e' && next != 'E') {
      return true;
    }
    at++;
    whole = false;
    int sign = peek();
    at += sign == '-' || sign == '+' ? 1 : 0;
    int start = at;
    int power = 0;
    for (int digit = peek() - '0'; digit >= 0 && digit <= 9; digit = peek() - '0') {
      power = 10 * power + digit;
      at++;
    }
    exponent += sign == '-' ? -power : power;
    return at > start && at - start <= 4;
  }

  /** Takes digits of the mantissa, and returns how many; 0 where there are none or too many. */
  private int digits() {
    int i = at;
    long value = mantissa;
    int significant = digits;
    for (; i < json.length && json[i] >= '0' && json[i] <= '9'; i++) {
      value = 10 * value + json[i] - '0';
      significant += value == 0 ? 0 : 1;
    }
    int count = i - at;
    at = i;
    mantissa = value;
    digits = significant;
    return count <= MOST_DIGITS ? count : 0;
  }

  /** Returns whether the number that was read last is a whole one, by the way it is written. */
  boolean isWhole() {
    return whole;
  }

  /** Returns the number that was read last, NaN where that needs another parser. */
  double value() {
    if (digits > Decimals.MOST_DIGITS) {
      return Double.NaN;
    }
    if (whole) {
      return negative ? -mantissa : mantissa;
    }
    double value = Decimals.of(mantissa, exponent);
    return negative ? -value : value;
  }
}
