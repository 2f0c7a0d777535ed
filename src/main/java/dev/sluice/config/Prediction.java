package dev.sluice.config;

import java.util.List;

/** {@code model.predict}: what the model foretells of a key's next event. */
public sealed interface Prediction {

  /** The predicted fields, at least one; declared features. */
  List<String> fields();

  /** How each of them is written in a message, such as {@code value load in 40 bins}. */
  List<String> descriptions();

  /**
   * Numbers, each as probabilities of equally wide bins.
   *
   * @param fields declared numbers
   * @param bins 2 to 1024
   */
  record BinsOfValue(List<String> fields, int bins) implements Prediction {

    private static final int MIN_BINS = 2;
    private static final int MAX_BINS = 1024;

    /** Checks the section. */
    public BinsOfValue {
      fields = List.copyOf(fields);
      var check = new Check(Check.PREDICT);
      checkEach(check, "value", fields);
      check.whole("bins", bins, MIN_BINS, MAX_BINS).done();
    }

    /** Predicts one number. */
    public BinsOfValue(String field, int bins) {
      this(List.of(field), bins);
    }

    @Override
    public List<String> descriptions() {
      return fields.stream().map(field -> "value " + field + " in " + bins + " bins").toList();
    }
  }

  /**
   * Numbers, each as mean and deviation of a normal distribution.
   *
   * @param fields declared numbers
   */
  record GaussianOfValue(List<String> fields) implements Prediction {

    /** Checks the section. */
    public GaussianOfValue {
      fields = List.copyOf(fields);
      var check = new Check(Check.PREDICT);
      checkEach(check, "gaussian", fields);
      check.done();
    }

    /** Predicts one number. */
    public GaussianOfValue(String field) {
      this(List.of(field));
    }

    @Override
    public List<String> descriptions() {
      return fields.stream().map(field -> "gaussian " + field).toList();
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

    @Override
    public List<String> fields() {
      return List.of(field);
    }

    @Override
    public List<String> descriptions() {
      return List.of("category " + field);
    }
  }

  private static void checkEach(Check check, String key, List<String> fields) {
    for (int i = 0; i < fields.size(); i++) {
      check.field(fields.size() == 1 ? key : key + "[" + i + "]", fields.get(i));
    }
  }
}
