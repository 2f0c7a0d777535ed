package dev.sluice.registry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The key of a record on the weights topic, UTF-8; see {@link WeightsTopic} for the layout. */
public sealed interface WeightsKey {

  /** Returns the model it belongs to. */
  String id();

  /** Returns the key as it is on the topic. */
  String text();

  /** A piece of the weights, numbered from 0: {@code <id>/<version>/<index>}. */
  record Chunk(String id, int version, int index) implements WeightsKey {
    @Override
    public String text() {
      return id + "/" + version + "/" + index;
    }
  }

  /** What the pieces must add up to: {@code <id>/<version>/manifest}. */
  record Label(String id, int version) implements WeightsKey {
    @Override
    public String text() {
      return id + "/" + version + "/" + MANIFEST;
    }
  }

  /** The history of a model: {@code <id>/timeline}. */
  record History(String id) implements WeightsKey {
    @Override
    public String text() {
      return id + "/" + TIMELINE;
    }
  }

  /** Versions count from 1 up to this, nine digits. */
  int MAX_VERSION = 999_999_999;

  /** The last part of a manifest's key. */
  String MANIFEST = "manifest";

  /** The last part of a timeline's key. */
  String TIMELINE = "timeline";

  /**
   * Reads a key; empty if it is none of these. Numbers with leading zeros are none, so that no two
   * keys mean the same record.
   */
  static Optional<WeightsKey> parse(String text) {
    Matcher matcher = Patterns.KEY.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String id = matcher.group("id");
    if (matcher.group("version") == null) {
      return Optional.of(new History(id));
    }
    int version = Integer.parseInt(matcher.group("version"));
    String last = matcher.group("last");
    if (last.equals(MANIFEST)) {
      return Optional.of(new Label(id, version));
    }
    return Optional.of(new Chunk(id, version, Integer.parseInt(last)));
  }

  /**
   * Returns {@code id} if a model may be called so.
   *
   * @throws WeightsException saying what a name may look like
   */
  static String requireId(String id) {
    if (!Patterns.ID.matcher(id).matches()) {
      throw new WeightsException(
          "model id '"
              + id
              + "' cannot be part of a record key. Give up to 63 letters, digits, dots, underscores"
              + " and hyphens, a letter or digit first");
    }
    return id;
  }

  /** Compiled once; an interface has no private constants. */
  final class Patterns {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
    // Nine digits fit an int.
    private static final Pattern KEY =
        Pattern.compile(
            "(?<id>"
                + NAME
                + ")/(?:timeline|(?<version>[1-9][0-9]{0,8})/(?<last>manifest|0|[1-9][0-9]{0,8}))");
    private static final Pattern ID = Pattern.compile(NAME);

    private Patterns() {}
  }
}
