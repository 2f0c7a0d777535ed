package dev.sluice.proof;

import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.head.BinHead;
import dev.sluice.head.Bins;
import dev.sluice.head.Linear;
import dev.sluice.model.Lineage;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.ModelSource;
import dev.sluice.registry.Timeline;
import dev.sluice.score.Calibration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Untrained models: every weight counts, and what comes out is as hard to get right as any. */
public final class ProofModels {

  private static final int INPUTS = 3;
  private static final int HIDDEN = 24;
  private static final int BINS = 40;

  private ProofModels() {}

  /** Returns version {@code version} of model {@code readings}; versions fit each other. */
  public static Model version(int version) {
    return version(version, HIDDEN);
  }

  /** Returns version {@code version} of model {@code readings} with so many units. */
  static Model version(int version, int hidden) {
    var random = new Random(version);
    var layer =
        CellLayer.lstm(
            INPUTS,
            hidden,
            floats(random, 4 * hidden * INPUTS, 0.4),
            floats(random, 4 * hidden * hidden, 0.3),
            floats(random, 4 * hidden, 0.3));
    var features =
        new FeatureSpec(
            List.of(
                new Feature.Number("value", new Scaling.PerKey(), false),
                new Feature.Time(Feature.Kind.OF_DAY)));
    var head =
        new BinHead(
            "value",
            new Linear(floats(random, BINS * hidden, 0.5), floats(random, BINS, 0.1), hidden),
            new Bins(-4, 4, BINS));
    return new Model(
        "readings",
        version,
        features,
        new CellStack(List.of(layer)),
        List.of(head),
        new Calibration(0.8, 50, 10),
        new Lineage("proof", 0, 0, 0, "proof", Map.of()));
  }

  /** Returns the models as a file scorer has them: 1, and 2 for events from a time on. */
  public static ModelSource<Model> swappedAt(long millis) {
    Timeline timeline =
        Timeline.empty("readings")
            .plus(1, Timeline.IMMEDIATE, 0, Timeline.What.PUBLISH)
            .plus(2, millis, 0, Timeline.What.PUBLISH);
    return FixedModels.of(timeline, Map.of(1, version(1), 2, version(2)));
  }

  /** Returns the models of a history as a file scorer has them. */
  static ModelSource<Model> of(Timeline timeline) {
    Map<Integer, Model> models = new HashMap<>();
    timeline.versions().forEach(version -> models.put(version, version(version)));
    return FixedModels.of(timeline, models);
  }

  private static float[] floats(Random random, int count, double scale) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) ((2 * random.nextDouble() - 1) * scale);
    }
    return floats;
  }
}
