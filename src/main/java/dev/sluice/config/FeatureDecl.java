package dev.sluice.config;

import java.util.List;

/** One entry of the {@code features} list: what the model sees of an event. */
public sealed interface FeatureDecl {

  /** What the model reads: the field, or for time the kind, as written in the file. */
  String name();

  /**
   * A numeric field.
   *
   * @param field name of the field
   * @param scale whose mean and deviation it is scaled by
   * @param views what else of the key it is measured by; each one more input, and predicted too
   * @param optional whether an event may lack it; the model then has one more input that says so
   */
  record NumberDecl(String field, Scale scale, List<View> views, boolean optional)
      implements FeatureDecl {

    /** Checks the feature. */
    public NumberDecl {
      views = List.copyOf(views);
      new Check(Check.FEATURE)
          .field("number", field)
          .require(
              views.isEmpty() || scale == Scale.KEY,
              "views",
              "views of " + field,
              "need a scale of the key's own",
              "Write scale: key beside them")
          .require(
              views.stream().distinct().count() == views.size(),
              "views",
              "one of " + views.size() + " views",
              "stands twice",
              "Keep one of the two")
          .done();
    }

    /** A number without further views. */
    public NumberDecl(String field, Scale scale, boolean optional) {
      this(field, scale, List.of(), optional);
    }

    @Override
    public String name() {
      return field;
    }
  }

  /**
   * A text field with a learned vocabulary, embedded.
   *
   * @param field name of the field
   * @param dimensions numbers a word becomes, 1 to 256
   */
  record CategoryDecl(String field, int dimensions) implements FeatureDecl {

    static final int MAX_DIMENSIONS = 256;

    /** Checks the feature. */
    public CategoryDecl {
      new Check(Check.FEATURE)
          .field("category", field)
          .whole("dimensions", dimensions, 1, MAX_DIMENSIONS)
          .done();
    }

    @Override
    public String name() {
      return field;
    }
  }

  /**
   * A text field that is cut into tokens, each of them a step, embedded.
   *
   * @param field name of the field
   * @param by how it is cut
   * @param most most tokens of a text, 1 to 65,536; one with more is refused
   * @param ends whether a token of its own ends each text
   * @param dimensions numbers a token becomes, 1 to 256
   */
  record TokensDecl(String field, By by, int most, boolean ends, int dimensions)
      implements FeatureDecl {

    private static final int MOST = 1 << 16;

    /** Checks the feature. */
    public TokensDecl {
      new Check(Check.FEATURE)
          .field("tokens", field)
          .whole("most", most, 1, MOST)
          .whole("dimensions", dimensions, 1, CategoryDecl.MAX_DIMENSIONS)
          .done();
    }

    @Override
    public String name() {
      return field;
    }
  }

  /**
   * Something that follows from the event's time.
   *
   * @param kind what
   */
  record TimeDecl(Kind kind) implements FeatureDecl {

    @Override
    public String name() {
      return Spelling.of(kind);
    }
  }

  /** What a text is cut into. */
  enum By {
    /** Letters, digits and marks in a row, in lower case; other characters one by one. */
    WORDS,
    /** What stands between blanks, as it is: for text that was cut before. */
    BLANKS,
    /** Those with capitals as they are. */
    CASED_WORDS,
    /** Characters of Unicode. */
    CHARACTERS,
    /** Bytes of UTF-8. */
    BYTES
  }

  /** Whose mean and deviation a number is scaled by. */
  enum Scale {
    /** The model's, learned in training. */
    MODEL,
    /** Each key's own, kept running. */
    KEY
  }

  /** What a value can be measured by beside the key's mean and deviation. */
  enum View {
    /** The range of the key's first values. */
    RANGE,
    /** What is usual for the key at this hour of the day. */
    DAY
  }

  /** What of an event's time is a feature. */
  enum Kind {
    /** Time of the UTC day. */
    OF_DAY,
    /** Time of the UTC week. */
    OF_WEEK,
    /** Time since the key's last event. */
    ELAPSED
  }
}
