package dev.sluice.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A share of the keys, as typed: {@code 10%} or {@code 0.1}.
 *
 * @param part in (0, 1)
 */
record Share(double part) {

  private static final double PERCENT = 100;

  /** Reads one. */
  static final class Converter implements ITypeConverter<Share> {

    @Override
    public Share convert(String text) {
      boolean percent = text.endsWith("%");
      try {
        double number = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
        double part = percent ? number / PERCENT : number;
        if (part > 0 && part < 1) {
          return new Share(part);
        }
      } catch (NumberFormatException _) {
        // Said below.
      }
      throw new TypeConversionException(text + " is no share of the keys. Give 10% or 0.1");
    }
  }
}
