package dev.sluice.config;

import dev.sluice.config.Node.Scalar;
import dev.sluice.config.Node.Style;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How a single value of some type is written.
 *
 * @param complaint what to say of anything else
 * @param remedy what to write
 * @param parse empty for anything else
 */
record Reading<T>(String complaint, String remedy, Function<Scalar, Optional<T>> parse) {

  private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int MAX_DIGITS = 64;

  // Four digits of exponent bound the arithmetic: 1e999999999 is a short text and a long number.
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|(0|[1-9][0-9]*)(\\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?");

  static final Reading<String> TEXT =
      new Reading<>(
          "is not text",
          "Put it in quotes",
          scalar -> scalar.isText() ? Optional.of(scalar.text()) : Optional.empty());

  /** What a Kafka property may be: any single value, as it is written. */
  static final Reading<String> ANY =
      new Reading<>("is not a value", "Write a single value", s -> Optional.of(s.text()));

  /** A whole number; one that no {@code long} holds becomes the nearest, for a range to refuse. */
  static final Reading<Long> WHOLE =
      new Reading<>(
          "is not a whole number",
          "Write digits, without quotes",
          scalar ->
              decimal(scalar)
                  .filter(value -> value.stripTrailingZeros().scale() <= 0)
                  .map(value -> value.max(LEAST).min(MOST).longValueExact()));

  static final Reading<Double> NUMBER =
      new Reading<>(
          "is not a number",
          "Write digits, without quotes",
          scalar -> decimal(scalar).map(BigDecimal::doubleValue));

  static final Reading<Boolean> FLAG =
      new Reading<>(
          "is not true or false",
          "Write true or false, without quotes",
          scalar ->
              switch (scalar.style() == Style.QUOTED ? "" : scalar.text()) {
                case "true", "True", "TRUE" -> Optional.of(true);
                case "false", "False", "FALSE" -> Optional.of(false);
                default -> Optional.empty();
              });

  static final Reading<Duration> DURATION =
      new Reading<>(
          "is not a duration",
          "Write a whole number and its unit, such as 100ms, 2s or 5m",
          scalar -> Durations.parse(scalar.text()));

  static final Reading<Long> SIZE =
      new Reading<>(
          "is not a size",
          "Write a whole number and its unit, such as 64KB, 256MB or 2GB",
          scalar -> Sizes.parse(scalar.text()));

  /** One of the values of the enum that {@code one} is of. */
  static <E extends Enum<E>> Reading<E> choice(E one) {
    List<String> words = new ArrayList<>();
    for (E choice : one.getDeclaringClass().getEnumConstants()) {
      words.add(Spelling.of(choice));
    }
    return new Reading<>(
        "is not a choice here",
        "Write " + String.join(" or ", words),
        scalar ->
            words.contains(scalar.text())
                ? Optional.of(
                    Enum.valueOf(
                        one.getDeclaringClass(),
                        scalar.text().toUpperCase(Locale.ROOT).replace('-', '_')))
                : Optional.empty());
  }

  private static Optional<BigDecimal> decimal(Scalar scalar) {
    String text = scalar.text();
    boolean legal =
        scalar.style() != Style.QUOTED
            && text.length() <= MAX_DIGITS
            && DECIMAL.matcher(text).matches();
    return legal ? Optional.of(new BigDecimal(text)) : Optional.empty();
  }
}
