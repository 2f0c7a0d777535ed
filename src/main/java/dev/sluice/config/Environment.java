package dev.sluice.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills {@code ${NAME}} and {@code ${NAME:-default}} into single values. It works on values that
 * are already parsed, so nothing a variable holds can become YAML. With two dollar signs, as in
 * {@code $${NAME}}, the reference stays, less one of them. As in a shell, the default also serves a
 * variable that is set but empty.
 *
 * <p>One instance serves one file, and bounds what variables may add to it.
 */
final class Environment {

  // Bounded, because a value full of references that never close is searched from each of them.
  private static final Pattern REFERENCE =
      Pattern.compile(
          "\\$\\$\\{|\\$\\{(?:(?<name>[A-Za-z_][A-Za-z0-9_]{0,254})(?::-(?<or>[^}]{0,1000}))?})?");
  private static final String FORMS =
      "Write ${NAME} or ${NAME:-default}, and $${ where ${ itself is meant";

  private final Map<String, String> variables;
  private long room;

  /**
   * Creates the environment of one file.
   *
   * @param room characters that variables may add up to
   */
  Environment(Map<String, String> variables, long room) {
    this.variables = Map.copyOf(variables);
    this.room = room;
  }

  /**
   * A value with its variables filled in, or why not.
   *
   * @param text the value; meaningless after a fault
   * @param fault empty if all is well
   * @param remedy empty if all is well
   */
  record Filled(String text, String fault, String remedy) {
    boolean failed() {
      return !fault.isEmpty();
    }
  }

  /**
   * Fills in one value.
   *
   * @param foreign whether other {@code ${…}} stay as they are: Kafka's own {@code
   *     ${file:/path:key}}
   */
  Filled fill(String source, boolean foreign) {
    if (!source.contains("${")) {
      return new Filled(source, "", "");
    }
    var out = new StringBuilder();
    Matcher matcher = REFERENCE.matcher(source);
    int done = 0;
    while (matcher.find()) {
      out.append(source, done, matcher.start());
      done = matcher.end();
      String name = matcher.group("name");
      if (matcher.group().equals("$${")) {
        out.append("${");
      } else if (name != null) {
        Filled value = value(name, matcher.group("or"));
        if (value.failed()) {
          return value;
        }
        out.append(value.text());
      } else if (foreign) {
        out.append("${");
      } else {
        return new Filled("", "does not name a variable", FORMS);
      }
    }
    return new Filled(out.append(source, done, source.length()).toString(), "", "");
  }

  private Filled value(String name, @Nullable String or) {
    if (or != null && or.contains("${")) {
      return new Filled("", "nests one variable in the default of another", FORMS);
    }
    String set = variables.getOrDefault(name, "");
    if (or == null && !variables.containsKey(name)) {
      return new Filled(
          "",
          "needs the environment variable " + name + ", which is not set",
          "Set it, or write ${" + name + ":-default}");
    }
    String text = set.isEmpty() && or != null ? or : set;
    room -= text.length();
    return room < 0
        ? new Filled("", "makes the file too large", "Put less into " + name)
        : new Filled(text, "", "");
  }
}
