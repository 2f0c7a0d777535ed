package dev.sluice.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Collects what is wrong with one section, so that its author learns everything at once. {@link
 * #done} ends every compact constructor.
 */
final class Check {

  /** Path of a feature, which does not know its place in the list; the parser fills it in. */
  static final String FEATURE = "features[]";

  /** Path of a suppression, which does not know its place either. */
  static final String SUPPRESS = "alerts.suppress[]";

  /** Path of the prediction. */
  static final String PREDICT = "model.predict";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final Pattern FIELD =
      Pattern.compile("(?=.*\\S)[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]{1,256}");

  private final String section;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * Starts a check.
   *
   * @param section path of the section, such as {@code model}; empty for the topology itself
   */
  Check(String section) {
    this.section = section;
  }

  /** Says whether {@code text} may name a topology or a model. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  Check name(String key, String value) {
    return require(
        isName(value),
        key,
        shown(value),
        "is not a legal name",
        "Write a lower-case letter, then up to 62 lower-case letters, digits or hyphens");
  }

  Check topic(String key, String value) {
    boolean legal = TOPIC.matcher(value).matches() && !value.equals(".") && !value.equals("..");
    return require(
        legal,
        key,
        shown(value),
        "is not a legal Kafka topic name",
        "Write 1 to 249 letters, digits, dots, underscores or hyphens, and not . or ..");
  }

  Check field(String key, String value) {
    return require(
        FIELD.matcher(value).matches(),
        key,
        shown(value),
        "cannot be a field name",
        "Write the name of a field of the event, 1 to 256 printable characters");
  }

  /** Requires {@code min <= value <= max}. */
  Check whole(String key, long value, long min, long max) {
    return require(
        value >= min && value <= max,
        key,
        Long.toString(value),
        "is out of range",
        "Write a whole number from " + min + " to " + max);
  }

  /** Requires {@code min <= value <= max}; NaN never fits. */
  Check number(String key, double value, double min, double max) {
    return require(
        value >= min && value <= max,
        key,
        text(value),
        "is out of range",
        "Write a number from " + text(min) + " to " + text(max));
  }

  /** Requires {@code min < value <= max}; NaN never fits. */
  Check above(String key, double value, double min, double max) {
    return require(
        value > min && value <= max,
        key,
        text(value),
        "is out of range",
        "Write a number above " + text(min) + " and up to " + text(max));
  }

  /** Requires {@code min < value < max}; NaN never fits. */
  Check between(String key, double value, double min, double max) {
    return require(
        value > min && value < max,
        key,
        text(value),
        "is out of range",
        "Write a number above " + text(min) + " and below " + text(max));
  }

  /** Requires {@code min <= value <= max}. */
  Check duration(String key, Duration value, Duration min, Duration max) {
    return require(
        value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
        key,
        Durations.text(value),
        "is out of range",
        "Write a duration from " + Durations.text(min) + " to " + Durations.text(max));
  }

  /** Requires {@code min <= value <= max}, all in bytes. */
  Check size(String key, long value, long min, long max) {
    return require(
        value >= min && value <= max,
        key,
        Sizes.text(value),
        "is out of range",
        "Write a size from " + Sizes.text(min) + " to " + Sizes.text(max));
  }

  /**
   * Requires anything else.
   *
   * @param found what the author wrote; empty if it must not be repeated
   */
  Check require(boolean holds, String key, String found, String complaint, String remedy) {
    if (!holds) {
      String path = section.isEmpty() ? key : section + "." + key;
      problems.add(new Problem(Place.NONE, path, found, complaint, remedy));
    }
    return this;
  }

  /** What was wrong. */
  List<Problem> problems() {
    return List.copyOf(problems);
  }

  /**
   * Ends the check.
   *
   * @throws TopologyException if anything was wrong, with all of it
   */
  void done() {
    if (!problems.isEmpty()) {
      throw new TopologyException(problems);
    }
  }

  /** An empty text would not be seen. */
  private static String shown(String value) {
    return value.isEmpty() ? "\"\"" : value;
  }

  /** Whole numbers without a fraction: {@code 1}, not {@code 1.0}. */
  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
