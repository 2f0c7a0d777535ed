package dev.sluice.cell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;

/** Layers with seeded random weights, uniform in ±1/√H as PyTorch begins. */
public final class RandomLayers {

  private RandomLayers() {}

  /** Returns a stack of {@code depth} layers of {@code hidden} units. */
  public static CellStack stack(int inputs, int hidden, int depth, long seed) {
    var random = new Random(seed);
    List<CellLayer> layers = new ArrayList<>();
    for (int l = 0; l < depth; l++) {
      layers.add(layer(l == 0 ? inputs : hidden, hidden, random));
    }
    return new CellStack(layers);
  }

  static CellLayer layer(int inputs, int hidden, Random random) {
    double range = 1 / Math.sqrt(hidden);
    return CellLayer.lstm(
        inputs,
        hidden,
        uniform(random, 4 * hidden * inputs, range),
        uniform(random, 4 * hidden * hidden, range),
        uniform(random, 4 * hidden, range));
  }

  /** Returns a layer of any kind; a projection has two thirds of its units. */
  public static CellLayer layer(Cell cell, int inputs, int units, Random random) {
    int outputs = cell == Cell.PROJECTED ? Math.max(1, units * 2 / 3) : units;
    var weights = new LinkedHashMap<String, float[]>();
    cell.shapes(inputs, units, outputs)
        .forEach(
            (name, shape) -> {
              int size = shape.length == 1 ? shape[0] : shape[0] * shape[1];
              weights.put(name, uniform(random, size, 1 / Math.sqrt(units)));
            });
    return CellLayer.of(cell, inputs, units, outputs, weights);
  }

  static float[] uniform(Random random, int count, double range) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * range);
    }
    return values;
  }
}
