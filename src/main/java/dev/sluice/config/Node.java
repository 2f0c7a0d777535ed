package dev.sluice.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A YAML document as read, each node with its place; no types are guessed yet. */
sealed interface Node {

  /** Where the node starts. */
  Place place();

  /** What a message calls it. */
  String shown();

  /** Keys and values in the order of the file. */
  record Mapping(Place place, Map<String, Entry> entries) implements Node {
    @Override
    public String shown() {
      return "a section";
    }
  }

  /** A value and the place of its key. */
  record Entry(Place place, Node value) {}

  /** A list. */
  record Listing(Place place, List<Node> items) implements Node {
    @Override
    public String shown() {
      return "a list";
    }
  }

  /**
   * A single value.
   *
   * @param source as written, without quotes; what messages show, because the environment may hold
   *     secrets
   * @param text with variables filled in
   * @param style how it came to be
   */
  record Scalar(Place place, String source, String text, Style style) implements Node {

    // YAML 1.2 core schema, and the 1.1 numbers that other readers would take for numbers.
    private static final Pattern NUMBER =
        Pattern.compile(
            "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?"
                + "|0x[0-9a-fA-F]+|0o[0-7]+|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
    private static final Pattern NOTHING = Pattern.compile("|~|null|Null|NULL");
    // YAML 1.2 takes yes for text and 1.1 for true: we take it for neither.
    private static final Pattern TRUTH =
        Pattern.compile("(?:[Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)");

    /** Whether nothing is written where a value belongs. */
    boolean isNothing() {
      return style == Style.PLAIN && NOTHING.matcher(text).matches();
    }

    /** Whether YAML takes it for text; what the environment holds is whatever is wanted. */
    boolean isText() {
      return switch (style) {
        case QUOTED, FILLED -> true;
        case BROKEN -> false;
        case PLAIN ->
            !NOTHING.matcher(text).matches()
                && !TRUTH.matcher(text).matches()
                && !NUMBER.matcher(text).matches();
      };
    }

    @Override
    public String shown() {
      if (isNothing()) {
        return "nothing";
      }
      boolean bare = style == Style.PLAIN || (style == Style.FILLED && !source.isEmpty());
      return bare ? source : "\"" + source + "\"";
    }
  }

  /** How a value came to be. */
  enum Style {
    /** Written without quotes: YAML decides whether it is a number. */
    PLAIN,
    /** Written in quotes or as a block: text. */
    QUOTED,
    /** Partly from the environment, whatever its quotes. */
    FILLED,
    /** Already reported; says nothing more. */
    BROKEN
  }
}
