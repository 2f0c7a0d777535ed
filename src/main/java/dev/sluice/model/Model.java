package dev.sluice.model;

import dev.sluice.cell.LstmStack;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.head.Head;
import dev.sluice.head.WordHead;
import dev.sluice.score.Calibration;

/**
 * Weights, scaling, vocabulary and calibration that belong together and travel together.
 *
 * @param id the family: versions of one id replace each other
 * @param version at least 1; unique within the family
 * @param features what is read, with scaling and vocabularies
 * @param cell the recurrent layers
 * @param head what is predicted
 * @param calibration when a surprise becomes an alert
 * @param lineage where it comes from
 */
public record Model(
    String id,
    int version,
    FeatureSpec features,
    LstmStack cell,
    Head head,
    Calibration calibration,
    Lineage lineage) {

  /**
   * Checks that the parts fit together.
   *
   * @throws IllegalArgumentException naming the two parts that do not, with both numbers
   */
  public Model {
    if (!id.matches("[a-z][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException("model id '" + id + "' is not [a-z][a-z0-9-]{0,62}");
    }
    if (version < 1) {
      throw new IllegalArgumentException("version " + version + " is less than 1");
    }
    if (features.width() != cell.inputs()) {
      throw new IllegalArgumentException(
          "the features fill " + features.width() + " inputs, the cell reads " + cell.inputs());
    }
    if (head.linear().inputs() != cell.hidden()) {
      throw new IllegalArgumentException(
          "the cell has " + cell.hidden() + " units, the head reads " + head.linear().inputs());
    }
    checkTarget(features.feature(head.field()), head);
  }

  private static void checkTarget(Feature feature, Head head) {
    boolean fits =
        switch (feature) {
          case Feature.Number _ -> !(head instanceof WordHead);
          case Feature.Category category ->
              head instanceof WordHead words && words.vocabulary().equals(category.vocabulary());
          case Feature.Time _ -> false;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "the head cannot predict feature " + feature.name() + ": kinds or vocabularies differ");
    }
  }

  /** Returns the index of the predicted feature among the features. */
  public int targetIndex() {
    for (int i = 0; i < features.features().size(); i++) {
      if (features.features().get(i).name().equals(head.field())) {
        return i;
      }
    }
    throw new IllegalStateException("checked when made");
  }

  /** Returns this model with other recurrent layers, of the same shape. */
  public Model withCell(LstmStack other) {
    return new Model(id, version, features, other, head, calibration, lineage);
  }

  /** Returns this model under another version number. */
  public Model withVersion(int other) {
    return new Model(id, other, features, cell, head, calibration, lineage);
  }
}
