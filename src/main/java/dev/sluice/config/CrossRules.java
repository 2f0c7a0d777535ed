package dev.sluice.config;

import dev.sluice.config.FeatureDecl.CategoryDecl;
import dev.sluice.config.FeatureDecl.NumberDecl;
import dev.sluice.config.FeatureDecl.TimeDecl;
import dev.sluice.config.FeatureDecl.TokensDecl;
import dev.sluice.config.Prediction.BinsOfValue;
import dev.sluice.config.Prediction.GaussianOfValue;
import dev.sluice.config.Prediction.Labels;
import dev.sluice.config.Prediction.NextCategory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules that concern more than one section. {@link Topology} applies all of them; the parser
 * applies those whose sections are sound, so that one mistake does not hide another.
 */
final class CrossRules {

  static final int MAX_FEATURES = 256;

  private CrossRules() {}

  static void name(Check check, String name) {
    check.name("name", name);
  }

  /** There are some, not too many, and no two of one name. */
  static void features(Check check, List<FeatureDecl> features) {
    check.require(
        !features.isEmpty() && features.size() <= MAX_FEATURES,
        "features",
        features.size() + " features",
        "are out of range",
        "Write 1 to " + MAX_FEATURES);
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < features.size(); i++) {
      FeatureDecl feature = features.get(i);
      // A field may be called of-day; it is then not the time of day.
      String identity = (feature instanceof TimeDecl ? "time " : "field ") + feature.name();
      int earlier = first.getOrDefault(identity, i);
      check.require(
          earlier == i,
          "features[" + i + "]." + kind(feature),
          feature.name(),
          "is already declared by features[" + earlier + "]",
          "Keep one of the two");
      first.putIfAbsent(identity, i);
    }
  }

  /** When something comes is learned from when the others came. */
  static void elapsed(Check check, List<FeatureDecl> features, Prediction predict) {
    check.require(
        predict.fields().equals(predict.targets())
            || features.contains(new TimeDecl(FeatureDecl.Kind.ELAPSED)),
        Check.PREDICT + ".elapsed",
        "true",
        "needs the time elapsed among the features",
        "Add - time: elapsed to them");
  }

  /** What is said of a message is said of its text; what has no end is read forward. */
  static void messages(Check check, List<FeatureDecl> features, ModelDecl model) {
    if (model.predict() instanceof Labels labels) {
      boolean alone = features.size() == 1 && features.getFirst() instanceof TokensDecl;
      check.require(
          alone,
          "features",
          String.join(", ", features.stream().map(FeatureDecl::name).toList()),
          "cannot be what " + String.join(" and ", labels.descriptions()) + " is said of",
          "Write one feature, - tokens: and the field of the text");
      if (alone) {
        String text = features.getFirst().name();
        check.require(
            !labels.fields().contains(text),
            Check.PREDICT,
            text,
            "is the text itself",
            "Name the field that holds what is to be said of it");
      }
    } else {
      check
          .require(
              model.reading().directions() == ModelDecl.Directions.FORWARD,
              "model.directions",
              "both",
              "reads the future, and a key's stream has none yet",
              "Remove it; only what is said of whole messages (label, tags) is read both ways")
          .require(
              model.reading().attention() == ModelDecl.Attention.NONE,
              "model.attention",
              Spelling.of(model.reading().attention()),
              "weighs the tokens of a whole message",
              "Remove it, or predict a label or tags");
    }
  }

  /** A text that is cut is the only one, and is what is predicted. */
  static void tokens(Check check, List<FeatureDecl> features, Prediction predict) {
    Optional<FeatureDecl> first =
        features.stream().filter(TokensDecl.class::isInstance).findFirst();
    if (first.isEmpty() || predict instanceof Labels) {
      return;
    }
    String field = first.get().name();
    check.require(
        predict.equals(new NextCategory(field)),
        Check.PREDICT,
        String.join(", ", predict.descriptions()),
        "cannot stand beside tokens: " + field + ", each of which is a step",
        "Write model.predict: {category: " + field + "}");
    for (int i = 0; i < features.size(); i++) {
      FeatureDecl feature = features.get(i);
      String path = "features[" + i + "]." + kind(feature);
      boolean isOther = feature instanceof TokensDecl && !feature.equals(first.get());
      check.require(
          !isOther, path, feature.name(), "is a second text of tokens", "Keep one of the two");
      boolean isPerKey = feature instanceof NumberDecl n && n.scale() == FeatureDecl.Scale.KEY;
      check.require(
          !isPerKey,
          path,
          feature.name(),
          "with scale: key would be counted once for each token of " + field,
          "Remove the scale, or the number");
    }
  }

  /** What is predicted is declared, and of the right kind. */
  static void predicted(Check check, List<FeatureDecl> features, Prediction predict) {
    if (features.isEmpty()) {
      return; // The other rule has said what is wrong.
    }
    String key =
        switch (predict) {
          case BinsOfValue _ -> "value";
          case GaussianOfValue _ -> "gaussian";
          case NextCategory _ -> "category";
          case Labels _ -> "label"; // No declared feature.
        };
    if (predict instanceof Labels) {
      return;
    }
    List<String> fields = predict.fields();
    for (int i = 0; i < fields.size(); i++) {
      String path = Check.PREDICT + "." + key + (fields.size() == 1 ? "" : "[" + i + "]");
      boolean isNew = fields.indexOf(fields.get(i)) == i;
      check.require(isNew, path, fields.get(i), "is already predicted", "Keep one of the two");
      predicted(check, features, path, fields.get(i), predict instanceof NextCategory);
    }
  }

  private static void predicted(
      Check check, List<FeatureDecl> features, String path, String field, boolean isWord) {
    String kind = isWord ? "category" : "number";
    List<String> kinds = isWord ? List.of("category", "tokens") : List.of("number");
    Optional<FeatureDecl> feature = find(features, field);
    if (feature.isEmpty()) {
      String remedy =
          Spelling.nearest(field, names(features, kinds))
              .map(near -> "Did you mean " + near + "?")
              .orElse("Add it to features as - " + kind + ":");
      check.require(false, path, field, "is not a declared " + kind, remedy);
    } else {
      String declared = kind(feature.get());
      check.require(
          kinds.contains(declared),
          path,
          field,
          "is declared as a " + declared,
          "Predict it as a "
              + (declared.equals("tokens") ? "category" : declared)
              + ", or declare it as a "
              + kind);
    }
  }

  /** The general model knows one number, on the key's own scale. */
  static void start(Check check, List<FeatureDecl> features, ModelDecl model) {
    check.require(
        model.start() == ModelDecl.Start.WAIT
            || generalField(features, model.predict()).isPresent(),
        "model.start",
        "general",
        "needs model.predict to name one number with scale: key",
        "Give that number scale: key, predict it alone, or remove model.start");
  }

  /** Returns the field that the general model would score. */
  static Optional<String> generalField(List<FeatureDecl> features, Prediction predict) {
    return predict.fields().size() == 1
            && find(features, predict.fields().getFirst()).orElse(null) instanceof NumberDecl number
            && number.scale() == FeatureDecl.Scale.KEY
        ? Optional.of(number.field())
        : Optional.empty();
  }

  /** No topic is written by two, or read by its writer. */
  static void topics(
      Check check, String input, Output output, String weights, Optional<String> feedback) {
    Map<String, String> first = new HashMap<>();
    first.put(input, "input.topic");
    distinct(check, first, "output.scores", output.scores());
    distinct(check, first, "output.alerts", output.alerts());
    distinct(check, first, "output.deadLetters", output.deadLetters());
    distinct(check, first, "weights.topic", weights);
    feedback.ifPresent(topic -> distinct(check, first, "alerts.feedback", topic));
  }

  private static void distinct(Check check, Map<String, String> first, String path, String topic) {
    String earlier = first.getOrDefault(topic, path);
    check.require(
        earlier.equals(path), path, topic, "is also " + earlier, "Give each a topic of its own");
    first.putIfAbsent(topic, path);
  }

  /** What is recomputed is read again, and a topic of ours is deleted behind us as it is read. */
  static void rowsEvery(Check check, Input input, StateDecl state) {
    check.require(
        state.rowsEvery().isZero() || input.keyIsRecordKey(),
        "state.rowsEvery",
        Durations.text(state.rowsEvery()),
        "cannot stand beside input.key: "
            + input.key()
            + ", whose events are re-keyed by a topic"
            + " that keeps none",
        "Remove it, or write the key into the records and input.key: record");
  }

  /** The number or category that reads {@code field}. */
  static Optional<FeatureDecl> find(List<FeatureDecl> features, String field) {
    return features.stream()
        .filter(feature -> !(feature instanceof TimeDecl) && feature.name().equals(field))
        .findFirst();
  }

  private static List<String> names(List<FeatureDecl> features, List<String> kinds) {
    return features.stream().filter(f -> kinds.contains(kind(f))).map(FeatureDecl::name).toList();
  }

  private static String kind(FeatureDecl feature) {
    return switch (feature) {
      case NumberDecl _ -> "number";
      case CategoryDecl _ -> "category";
      case TokensDecl _ -> "tokens";
      case TimeDecl _ -> "time";
    };
  }
}
