package dev.sluice.river;

import dev.sluice.cell.CellStack;
import dev.sluice.cell.RandomLayers;
import dev.sluice.event.EventSchema;
import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.head.BinHead;
import dev.sluice.head.Bins;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Head;
import dev.sluice.head.Linear;
import dev.sluice.head.WordHead;
import dev.sluice.model.Lineage;
import dev.sluice.model.Model;
import dev.sluice.score.Calibration;
import dev.sluice.text.Vocabulary;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Models with random weights over one schema: every kind of feature, every kind of head. */
final class TestModels {

  /** What is predicted. */
  enum Kind {
    /** Number v, which each key scales by itself, in bins. */
    BINS,
    /** Number u, of a learned scale, as a Gaussian. */
    GAUSSIAN,
    /** Category w. */
    WORDS,
    /** Category w, and the time elapsed in bins. */
    WHEN,
    /** Number v in all its views, in bins, and number u as a Gaussian. */
    SEVERAL
  }

  static final EventSchema SCHEMA =
      new EventSchema(
          List.of(new Field("v", true), new Field("u", true)),
          List.of(new Field("w", false)),
          null,
          new TimeSource.OfRecord(),
          10_000);

  static final Vocabulary WORDS = new Vocabulary(List.of("<unknown>", "ok", "bad"));

  /** Alerts come easily, so that there are some to compare. */
  static final Calibration CALIBRATION = new Calibration(0.7, 10, 5);

  private static final int BIN_COUNT = 12;

  private TestModels() {}

  /** Returns a model of two layers, random by its version. */
  static Model random(int version, Kind kind, int hidden) {
    var random = new Random(version);
    float[] table = new float[WORDS.size() * 3];
    for (int i = 0; i < table.length; i++) {
      table[i] = random.nextFloat() - 0.5f;
    }
    var features =
        new FeatureSpec(
            List.of(
                new Feature.Number("v", new Scaling.PerKey(views(kind)), true),
                new Feature.Number("u", new Scaling.Learned(10, 3), true),
                new Feature.Category("w", WORDS, 3, table),
                new Feature.Time(Feature.Kind.OF_DAY),
                new Feature.Time(Feature.Kind.ELAPSED)));
    CellStack cell = RandomLayers.stack(features.width(), hidden, 2, version);
    return model(version, features, cell, heads(kind, hidden, random));
  }

  private static List<Scaling.View> views(Kind kind) {
    return kind == Kind.SEVERAL ? List.of(Scaling.View.values()) : List.of();
  }

  static Model model(int version, FeatureSpec features, CellStack cell, List<Head> heads) {
    var lineage = new Lineage("test", 0, 1, 0, "test", Map.of());
    return new Model("test", version, features, cell, heads, CALIBRATION, lineage);
  }

  private static List<Head> heads(Kind kind, int hidden, Random random) {
    return switch (kind) {
      case BINS -> List.of(bins(0, hidden, random));
      case GAUSSIAN -> List.of(new GaussianHead("u", linear(2, hidden, random)));
      case WORDS -> List.of(new WordHead("w", linear(WORDS.size(), hidden, random), WORDS));
      case WHEN ->
          List.of(
              new WordHead("w", linear(WORDS.size(), hidden, random), WORDS),
              new BinHead(
                  Feature.Kind.ELAPSED.feature(),
                  linear(BIN_COUNT, hidden, random),
                  new Bins(0, 1.2, BIN_COUNT)));
      case SEVERAL ->
          List.of(
              bins(0, hidden, random),
              bins(1, hidden, random),
              bins(2, hidden, random),
              new GaussianHead("u", linear(2, hidden, random)));
    };
  }

  private static Head bins(int view, int hidden, Random random) {
    return new BinHead("v", view, linear(BIN_COUNT, hidden, random), new Bins(-4, 4, BIN_COUNT));
  }

  static Linear linear(int outputs, int hidden, Random random) {
    float[] weights = new float[outputs * hidden];
    float[] bias = new float[outputs];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < bias.length; i++) {
      bias[i] = (float) random.nextGaussian();
    }
    return new Linear(weights, bias, hidden);
  }
}
