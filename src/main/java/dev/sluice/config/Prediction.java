package dev.sluice.config;

import dev.sluice.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code model.predict}: what the model foretells of a key's next event. */
public sealed interface Prediction {

  /** The predicted fields, at least one; declared features. */
  List<String> fields();

  /** What models call all that is predicted: the fields, and maybe a feature of the time. */
  default List<String> targets() {
    return fields();
  }

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
   * A category, as probabilities of the words of its vocabulary, and maybe when it comes.
   *
   * @param field a declared category
   * @param elapsed whether the time since the key's event before is predicted, too
   * @param bins of that time's logarithm, 2 to 1024
   */
  record NextCategory(String field, boolean elapsed, int bins) implements Prediction {

    /** Checks the section. */
    public NextCategory {
      new Check(Check.PREDICT)
          .field("category", field)
          .whole("bins", bins, BinsOfValue.MIN_BINS, BinsOfValue.MAX_BINS)
          .done();
    }

    /** Predicts what comes, and not when. */
    public NextCategory(String field) {
      this(field, false, Defaults.BINS);
    }

    @Override
    public List<String> targets() {
      return elapsed ? List.of(field, Feature.Kind.ELAPSED.feature()) : fields();
    }

    @Override
    public List<String> fields() {
      return List.of(field);
    }

    @Override
    public List<String> descriptions() {
      String category = "category " + field;
      return elapsed
          ? List.of(category, "value " + Feature.Kind.ELAPSED.feature() + " in " + bins + " bins")
          : List.of(category);
    }
  }

  /**
   * What is said of a message: a label of the whole, a tag of each token, or both. They stand in
   * the events to learn from, and may be missing in the others.
   *
   * @param label the field of the label
   * @param tags the field of the tags, with blanks between them
   */
  record Labels(Optional<String> label, Optional<String> tags) implements Prediction {

    /** Checks the section. */
    public Labels {
      var check = new Check(Check.PREDICT);
      label.ifPresent(field -> check.field("label", field));
      tags.ifPresent(field -> check.field("tags", field));
      check
          .require(
              label.isPresent() || tags.isPresent(),
              "label",
              "nothing",
              "is predicted",
              "Write label: or tags: and the name of a field")
          .require(
              label.isEmpty() || !label.equals(tags),
              "tags",
              label.orElse(""),
              "is the label already",
              "Give each a field of its own")
          .done();
    }

    @Override
    public List<String> fields() {
      return Stream.of(label, tags).flatMap(Optional::stream).toList();
    }

    @Override
    public List<String> descriptions() {
      List<String> descriptions = new ArrayList<>();
      label.ifPresent(field -> descriptions.add("label " + field));
      tags.ifPresent(field -> descriptions.add("tags " + field));
      return descriptions;
    }
  }

  private static void checkEach(Check check, String key, List<String> fields) {
    for (int i = 0; i < fields.size(); i++) {
      check.field(fields.size() == 1 ? key : key + "[" + i + "]", fields.get(i));
    }
  }
}
