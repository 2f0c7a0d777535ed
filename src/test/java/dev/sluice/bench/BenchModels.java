package dev.sluice.bench;

import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.head.BinHead;
import dev.sluice.head.Bins;
import dev.sluice.head.Head;
import dev.sluice.head.Linear;
import dev.sluice.head.WordHead;
import dev.sluice.model.Lineage;
import dev.sluice.model.Model;
import dev.sluice.score.Calibration;
import dev.sluice.text.Vocabulary;
import java.util.ArrayList;
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

  static final String TEXT = "text";

  private static final int INPUTS = 3;
  private static final int DIMENSIONS = 16;

  private BenchModels() {}

  static Model of(int hidden) {
    var random = new Random(hidden);
    double scale = 1 / Math.sqrt(hidden);
    CellStack stack = stack(INPUTS, hidden, random);
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
    return model(hidden, features, stack, head);
  }

  /** Returns a model of tokens, with as many words as the other has bins. */
  static Model ofTokens(int hidden) {
    var random = new Random(hidden);
    double scale = 1 / Math.sqrt(hidden);
    List<String> words = new ArrayList<>(List.of(Vocabulary.UNKNOWN_WORD));
    for (int w = 1; w < BINS; w++) {
      words.add(word(w));
    }
    var vocabulary = new Vocabulary(words);
    CellStack stack = stack(DIMENSIONS, hidden, random);
    float[] table = floats(random, BINS * DIMENSIONS, 1);
    var features =
        new FeatureSpec(List.of(new Feature.Category(TEXT, vocabulary, DIMENSIONS, table)));
    var linear =
        new Linear(floats(random, BINS * hidden, scale), floats(random, BINS, 0.1), hidden);
    return model(hidden, features, stack, new WordHead(TEXT, linear, vocabulary));
  }

  /** Returns word {@code number} of the vocabulary, from 1. */
  static String word(int number) {
    return (number < 10 ? "w0" : "w") + number;
  }

  private static CellStack stack(int inputs, int hidden, Random random) {
    double scale = 1 / Math.sqrt(hidden);
    return new CellStack(
        List.of(
            CellLayer.lstm(
                inputs,
                hidden,
                floats(random, 4 * hidden * inputs, scale),
                floats(random, 4 * hidden * hidden, scale),
                floats(random, 4 * hidden, scale))));
  }

  private static Model model(int hidden, FeatureSpec features, CellStack stack, Head head) {
    return new Model(
        ID,
        1,
        features,
        stack,
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
