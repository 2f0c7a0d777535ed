package dev.sluice.feature;

import dev.sluice.text.Vocabulary;

/** One source of inputs. */
public sealed interface Feature {

  /** Returns the field's name, or the name of the time feature; unique within a model. */
  String name();

  /** Returns the number of inputs it fills. */
  int width();

  /**
   * A number: its value in each {@linkplain Scaling#views view}, and where it may be missing
   * another input that says so.
   *
   * @param name the field
   * @param scaling how it is scaled
   * @param optional whether it may be missing
   */
  @SuppressWarnings("AvoidCommonTypeNames") // It is always said with its Feature.
  record Number(String name, Scaling scaling, boolean optional) implements Feature {

    @Override
    public int width() {
      return scaling.views() + (optional ? 1 : 0);
    }
  }

  /**
   * A word of a known vocabulary, embedded.
   *
   * @param name the field
   * @param vocabulary the words the model knows
   * @param dimensions inputs that a word fills
   * @param table the vectors of the words, row-major, shape (vocabulary size, dimensions); owned
   */
  record Category(String name, Vocabulary vocabulary, int dimensions, float[] table)
      implements Feature {

    /** Checks the table's shape. */
    public Category {
      long expected = (long) vocabulary.size() * dimensions;
      if (table.length != expected) {
        throw new IllegalArgumentException(
            "embedding of "
                + name
                + ": "
                + table.length
                + " values where "
                + vocabulary.size()
                + " words of "
                + dimensions
                + " dimensions need "
                + expected);
      }
    }

    @Override
    public int width() {
      return dimensions;
    }
  }

  /**
   * Something about the event's time.
   *
   * @param kind what about it
   */
  record Time(Kind kind) implements Feature {

    @Override
    public String name() {
      return kind.feature();
    }

    @Override
    public int width() {
      return kind == Kind.ELAPSED ? 1 : 2;
    }
  }

  /** What about the time is an input. */
  enum Kind {
    /** Position in the UTC day, as sine and cosine. */
    OF_DAY("of-day"),
    /** Position in the UTC week, as sine and cosine. */
    OF_WEEK("of-week"),
    /** Logarithm of the seconds since the key's last event. */
    ELAPSED("elapsed");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** Returns what a feature of it is called. */
    public String feature() {
      return "time " + text;
    }

    /** Returns the name used in topology files and artifacts. */
    public String text() {
      return text;
    }
  }
}
