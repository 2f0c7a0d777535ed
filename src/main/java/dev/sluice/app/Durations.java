package dev.sluice.app;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people type them: {@code 90s}, {@code 5m}, {@code 2h}, {@code 7d}. */
final class Durations implements ITypeConverter<Duration> {

  /** Created by picocli, by name. */
  Durations() {}

  @Override
  public Duration convert(String text) {
    if (!text.matches("[0-9]{1,9}[smhd]")) {
      throw new TypeConversionException(
          "'" + text + "' is no duration. Write a whole number and s, m, h or d, such as 60s");
    }
    long count = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(count);
      case 'm' -> Duration.ofMinutes(count);
      case 'h' -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
