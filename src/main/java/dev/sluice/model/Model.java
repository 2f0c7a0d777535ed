package dev.sluice.model;

import dev.sluice.cell.CellStack;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.head.BinHead;
import dev.sluice.head.Head;
import dev.sluice.head.WordHead;
import dev.sluice.score.Calibration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Weights, scaling, vocabulary and calibration that belong together and travel together.
 *
 * @param id the family: versions of one id replace each other
 * @param version at least 1; unique within the family
 * @param features what is read, with scaling and vocabularies
 * @param cell the recurrent layers
 * @param heads what is predicted: at least one, each of another field or in another view
 * @param calibration when a surprise becomes an alert
 * @param lineage where it comes from
 */
public record Model(
    String id,
    int version,
    FeatureSpec features,
    CellStack cell,
    List<Head> heads,
    Calibration calibration,
    Lineage lineage) {

  /**
   * Checks that the parts fit together.
   *
   * @throws IllegalArgumentException naming the two parts that do not, with both numbers
   */
  public Model {
    ModelName.check(id, version);
    if (features.width() != cell.inputs()) {
      throw new IllegalArgumentException(
          "the features fill " + features.width() + " inputs, the cell reads " + cell.inputs());
    }
    heads = List.copyOf(heads);
    if (heads.isEmpty()) {
      throw new IllegalArgumentException("a model needs a head");
    }
    Set<String> targets = new HashSet<>();
    for (Head head : heads) {
      if (head.linear().inputs() != cell.hidden()) {
        throw new IllegalArgumentException(
            "the cell has " + cell.hidden() + " units, the head reads " + head.linear().inputs());
      }
      checkTarget(features.feature(head.field()), head);
      if (!targets.add(head.view() + head.field())) {
        throw new IllegalArgumentException("feature " + head.field() + " is predicted twice");
      }
    }
  }

  private static void checkTarget(Feature feature, Head head) {
    boolean fits =
        switch (feature) {
          case Feature.Number number ->
              !(head instanceof WordHead) && head.view() < number.scaling().views();
          case Feature.Category category ->
              head instanceof WordHead words && words.vocabulary().equals(category.vocabulary());
          case Feature.Time(Feature.Kind kind) ->
              kind == Feature.Kind.ELAPSED && head instanceof BinHead && head.view() == 0;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "the head cannot predict feature "
              + feature.name()
              + ": kinds, scales or vocabularies differ");
    }
  }

  /** Returns the first of the heads: what a result is about unless another field is stranger. */
  public Head head() {
    return heads.getFirst();
  }

  /** Returns the names of the predicted fields, each once. */
  public List<String> predicted() {
    return heads.stream().map(Head::field).distinct().toList();
  }

  /** Returns the index among the features of the one that {@code head} predicts. */
  public int targetIndex(Head head) {
    List<Feature> list = features.features();
    return list.indexOf(features.feature(head.field()));
  }

  /** Returns this model with other recurrent layers, of the same shape. */
  public Model withCell(CellStack other) {
    return new Model(id, version, features, other, heads, calibration, lineage);
  }

  /** Returns this model under another version number. */
  public Model withVersion(int other) {
    return new Model(id, other, features, cell, heads, calibration, lineage);
  }
}
