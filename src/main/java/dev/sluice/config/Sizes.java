package dev.sluice.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 64KB}, {@code 256MB}, {@code 2GB}; a KB has 1024 bytes. */
final class Sizes {

  private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB");
  private static final int UNIT_BITS = 10;

  // Six digits of terabytes still fit a long.
  private static final Pattern FORM = Pattern.compile("([0-9]{1,6})([KMGT]B)");

  private Sizes() {}

  /** Returns the bytes. */
  static Optional<Long> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            Long.parseLong(matcher.group(1)) << UNIT_BITS * UNITS.indexOf(matcher.group(2)))
        : Optional.empty();
  }

  /** The shortest form, exact. */
  static String text(long bytes) {
    int unit = 0;
    long left = bytes;
    while (unit + 1 < UNITS.size() && left != 0 && left % (1 << UNIT_BITS) == 0) {
      left >>= UNIT_BITS;
      unit++;
    }
    return left + UNITS.get(unit);
  }
}
