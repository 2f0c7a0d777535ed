package dev.sluice.app;

import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Numbers for people. */
final class Numbers {

  private Numbers() {}

  /** Returns {@code value} with one digit behind the point. */
  static String one(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** Returns {@code value} with two digits behind the point. */
  static String two(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** Returns {@code value} with four digits behind the point. */
  static String four(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** Returns {@code value} with two digits, rounded up, and a power of ten: {@code 1.1e-5}. */
  static String atMost(double value) {
    var format = new DecimalFormat("0.0E0", DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setRoundingMode(RoundingMode.UP);
    return format.format(value).toLowerCase(Locale.ROOT);
  }

  /** Returns {@code value} with its thousands apart. */
  static String grouped(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
