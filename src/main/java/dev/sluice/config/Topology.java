package dev.sluice.config;

import java.util.List;
import java.util.Optional;

/**
 * A topology file: one stream, what is learned from it, and where the results go.
 *
 * @param name of the topology and, to Kafka, of the application: a lower-case letter, then up to 62
 *     lower-case letters, digits or hyphens
 * @param input which events are read
 * @param features what the model sees of them, 1 to 256, in the order of the model's inputs
 * @param model the network and what it predicts
 * @param training how it is learned
 * @param score when surprise is an alert
 * @param alerts which high scores are alerts
 * @param state what becomes of memories
 * @param output where results go
 * @param weights where models come from
 * @param delivery how results are delivered
 * @param kafka client properties
 */
public record Topology(
    String name,
    Input input,
    List<FeatureDecl> features,
    ModelDecl model,
    Training training,
    ScoreDecl score,
    AlertsDecl alerts,
    StateDecl state,
    Output output,
    Weights weights,
    Delivery delivery,
    KafkaProperties kafka) {

  /**
   * Checks what concerns more than one section.
   *
   * @throws TopologyException naming every field at fault
   */
  public Topology {
    features = List.copyOf(features);
    var check = new Check("");
    CrossRules.name(check, name);
    CrossRules.features(check, features);
    CrossRules.predicted(check, features, model.predict());
    CrossRules.tokens(check, features, model.predict());
    CrossRules.elapsed(check, features, model.predict());
    CrossRules.messages(check, features, model);
    CrossRules.start(check, features, model);
    CrossRules.topics(check, input.topic(), output, weights.topic(), alerts.feedback());
    CrossRules.rowsEvery(check, input, state);
    check.done();
  }

  /** What the model's versions are published under. */
  public String modelId() {
    return model.id();
  }

  /** The number that the general model would score; empty where it cannot. */
  public Optional<String> generalField() {
    return CrossRules.generalField(features, model.predict());
  }

  /**
   * Requires a model with memories of keys.
   *
   * @throws TopologyException if it says labels of messages, which is done for files so far
   */
  public void requireMemory() {
    if (model.predict() instanceof Prediction.Labels) {
      throw new TopologyException(
          List.of(
              new Problem(
                  new Place(name, 0, 0),
                  Check.PREDICT,
                  String.join(", ", model.predict().descriptions()),
                  "is learned and said for files only so far",
                  "Use sluice train --input, and sluice score")));
    }
  }

  /** The features that the model predicts; a label of a message is none. */
  public List<FeatureDecl> predicted() {
    return model.predict().fields().stream()
        .flatMap(field -> CrossRules.find(features, field).stream())
        .toList();
  }
}
