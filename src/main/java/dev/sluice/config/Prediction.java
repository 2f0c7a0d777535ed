package dev.sluice.config;

/** {@code model.predict}: what the model foretells of a key's next event. */
public sealed interface Prediction {

  /** The predicted field; a declared feature. */
  String field();

  /**
   * A number, as probabilities of equally wide bins.
   *
   * @param field a declared number
   * @param bins 2 to 1024
   */
  record BinsOfValue(String field, int bins) implements Prediction {

    private static final int MIN_BINS = 2;
    private static final int MAX_BINS = 1024;

    /** Checks the section. */
    public BinsOfValue {
      new Check(Check.PREDICT).field("value", field).whole("bins", bins, MIN_BINS, MAX_BINS).done();
    }
  }

  /**
   * A number, as mean and deviation of a normal distribution.
   *
   * @param field a declared number
   */
  record GaussianOfValue(String field) implements Prediction {

    /** Checks the section. */
    public GaussianOfValue {
      new Check(Check.PREDICT).field("gaussian", field).done();
    }
  }

  /**
   * A category, as probabilities of the words of its vocabulary.
   *
   * @param field a declared category
   */
  record NextCategory(String field) implements Prediction {

    /** Checks the section. */
    public NextCategory {
      new Check(Check.PREDICT).field("category", field).done();
    }
  }
}
