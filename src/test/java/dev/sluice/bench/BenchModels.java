package dev.sluice.bench;

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
import dev.sluice.score.Calibration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Models of any size with random weights, as PyTorch initializes them: a step costs the same. */
final class BenchModels {

  static final String ID = "readings";
  static final String FIELD = "value";
  static final int BINS = 40;
  static final double THRESHOLD = 0.95;
  static final int WARM_UP = 100;
  static final int QUIET = 20;

  private static final int INPUTS = 3;

  private BenchModels() {}

  static Model of(int hidden) {
    var random = new Random(hidden);
    double scale = 1 / Math.sqrt(hidden);
    var layer =
        CellLayer.lstm(
            INPUTS,
            hidden,
            floats(random, 4 * hidden * INPUTS, scale),
            floats(random, 4 * hidden * hidden, scale),
            floats(random, 4 * hidden, scale));
    var features =
        new FeatureSpec(
            List.of(
                new Feature.Number(FIELD, new Scaling.PerKey(), false),
                new Feature.Time(Feature.Kind.OF_DAY)));
    var head =
        new BinHead(
            FIELD,
            new Linear(floats(random, BINS * hidden, scale), floats(random, BINS, 0.1), hidden),
            new Bins(-4, 4, BINS));
    return new Model(
        ID,
        1,
        features,
        new CellStack(List.of(layer)),
        List.of(head),
        new Calibration(THRESHOLD, WARM_UP, QUIET),
        new Lineage("bench", 0, hidden, 0, "bench", Map.of()));
  }

  private static float[] floats(Random random, int count, double scale) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) ((2 * random.nextDouble() - 1) * scale);
    }
    return floats;
  }
}
