package dev.sluice.artifact;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.cell.RandomLayers;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.head.BinHead;
import dev.sluice.head.Bins;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Linear;
import dev.sluice.head.WordHead;
import dev.sluice.model.Lineage;
import dev.sluice.model.Model;
import dev.sluice.score.Calibration;
import dev.sluice.text.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small models with seeded weights, one for each kind of head. */
final class SampleModels {

  private static final Vocabulary STATES =
      new Vocabulary(List.of(Vocabulary.UNKNOWN_WORD, "ok", "größer \"als\"\n"));

  private SampleModels() {}

  /** Every kind of cell, one on top of the other. */
  static Model everyCell() {
    var random = new Random(1);
    List<CellLayer> layers = new ArrayList<>();
    int inputs = 1;
    for (Cell cell : Cell.values()) {
      CellLayer layer = RandomLayers.layer(cell, inputs, 3, random);
      layers.add(layer);
      inputs = layer.hidden();
    }
    return with(new CellStack(layers));
  }

  /** One kind in all layers, which the document says once. */
  static Model gru() {
    return with(new CellStack(List.of(RandomLayers.layer(Cell.GRU, 1, 2, new Random(3)))));
  }

  private static Model with(CellStack stack) {
    Model plain = smallest();
    return new Model(
        plain.id(),
        plain.version(),
        plain.features(),
        stack,
        List.of(new GaussianHead("t", linear(new Random(2), 2, stack.hidden()))),
        plain.calibration(),
        plain.lineage());
  }

  /** One number, one layer of two units, a Gaussian: small enough to write out in bytes. */
  static Model smallest() {
    return new Model(
        "temps",
        1,
        new FeatureSpec(List.of(new Feature.Number("t", new Scaling.Learned(20.5, 0.1), false))),
        stack(new Random(1), 1, 2),
        List.of(new GaussianHead("t", linear(new Random(2), 2, 2))),
        new Calibration(0.8, 100, 20),
        new Lineage("temps.csv", 3, 4, 0, "0.1.0", Map.of()));
  }

  /** Every kind of feature, two layers, and bins. */
  static Model rich() {
    var random = new Random(3);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("validationNats", 1.25);
    metrics.put("aFigureThatSortsFirst", -1e-7);
    FeatureSpec features = features(random);
    return new Model(
        "readings",
        7,
        features,
        stack(random, features.width(), 5, 5),
        List.of(new BinHead("sensor.value", linear(random, 6, 5), new Bins(-4, 4.5, 6))),
        new Calibration(0.99, 0, 1_000_000),
        new Lineage("readings[0]@0-41", Long.MAX_VALUE, Long.MIN_VALUE, 6, "0.1.0", metrics));
  }

  /** A number in all its views and another one, each with a head of its own. */
  static Model several() {
    var random = new Random(4);
    var features =
        new FeatureSpec(
            List.of(
                new Feature.Number(
                    "a", new Scaling.PerKey(List.of(Scaling.View.DAY, Scaling.View.RANGE)), true),
                new Feature.Number("b", new Scaling.Learned(1, 2), false)));
    return new Model(
        "several",
        3,
        features,
        stack(random, features.width(), 5),
        List.of(
            new BinHead("a", 0, linear(random, 6, 5), new Bins(-4, 4.5, 6)),
            new BinHead("a", 1, linear(random, 5, 5), new Bins(-3, 3, 5)),
            new GaussianHead("a", 2, linear(random, 2, 5)),
            new GaussianHead("b", linear(random, 2, 5))),
        new Calibration(0.5, 1, 2),
        new Lineage("test", 1, 2, 3, "0.1.0", Map.of()));
  }

  /** As {@link #rich}, but predicts a word. */
  static Model words() {
    var random = new Random(5);
    FeatureSpec features = features(random);
    return new Model(
        "states",
        2,
        features,
        stack(random, features.width(), 3, 17),
        List.of(new WordHead("state", linear(random, STATES.size(), 17), STATES)),
        new Calibration(1, 3, 0),
        new Lineage("", 0, -1, 1, "", Map.of("x", 0.1)));
  }

  private static FeatureSpec features(Random random) {
    return new FeatureSpec(
        List.of(
            new Feature.Number("sensor.value", new Scaling.Learned(-0.1, 1e-300), false),
            new Feature.Number("load", new Scaling.PerKey(), true),
            new Feature.Category("state", STATES, 4, uniform(random, STATES.size() * 4)),
            new Feature.Time(Feature.Kind.OF_DAY),
            new Feature.Time(Feature.Kind.ELAPSED)));
  }

  private static CellStack stack(Random random, int inputs, int... hidden) {
    var layers = new ArrayList<CellLayer>();
    int width = inputs;
    for (int units : hidden) {
      layers.add(
          CellLayer.lstm(
              width,
              units,
              uniform(random, 4 * units * width),
              uniform(random, 4 * units * units),
              uniform(random, 4 * units)));
      width = units;
    }
    return new CellStack(layers);
  }

  private static Linear linear(Random random, int outputs, int hidden) {
    return new Linear(uniform(random, outputs * hidden), uniform(random, outputs), hidden);
  }

  static float[] uniform(Random random, int length) {
    var numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return numbers;
  }
}
