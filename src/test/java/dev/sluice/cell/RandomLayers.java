package dev.sluice.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Layers with seeded random weights, uniform in ±1/√H as PyTorch begins. */
public final class RandomLayers {

  private RandomLayers() {}

  /** Returns a stack of {@code depth} layers of {@code hidden} units. */
  public static LstmStack stack(int inputs, int hidden, int depth, long seed) {
    var random = new Random(seed);
    List<LstmLayer> layers = new ArrayList<>();
    for (int l = 0; l < depth; l++) {
      layers.add(layer(l == 0 ? inputs : hidden, hidden, random));
    }
    return new LstmStack(layers);
  }

  static LstmLayer layer(int inputs, int hidden, Random random) {
    double range = 1 / Math.sqrt(hidden);
    return LstmLayer.of(
        inputs,
        hidden,
        uniform(random, 4 * hidden * inputs, range),
        uniform(random, 4 * hidden * hidden, range),
        uniform(random, 4 * hidden, range));
  }

  static float[] uniform(Random random, int count, double range) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * range);
    }
    return values;
  }
}
