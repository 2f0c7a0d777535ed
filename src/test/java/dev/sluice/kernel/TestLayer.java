package dev.sluice.kernel;

import java.util.Random;

/**
 * A layer with random weights, in the order of PyTorch and packed.
 *
 * @param inputWeights (4H, I)
 * @param hiddenWeights (4H, H)
 * @param bias (4H)
 */
record TestLayer(
    int inputs,
    int hidden,
    float[] inputWeights,
    float[] hiddenWeights,
    float[] bias,
    GatePanels panels) {

  static TestLayer random(int inputs, int hidden, long seed) {
    var random = new Random(seed);
    double range = 1 / Math.sqrt(hidden);
    float[] inputWeights = uniform(random, 4 * hidden * inputs, range);
    float[] hiddenWeights = uniform(random, 4 * hidden * hidden, range);
    float[] bias = uniform(random, 4 * hidden, range);
    var panels = GatePanels.pack(inputWeights, hiddenWeights, bias, inputs, hidden);
    return new TestLayer(inputs, hidden, inputWeights, hiddenWeights, bias, panels);
  }

  /** Returns this layer with int16 weights. */
  TestLayer int16() {
    return new TestLayer(inputs, hidden, inputWeights, hiddenWeights, bias, panels.toInt16());
  }

  static float[] uniform(Random random, int count, double range) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * range);
    }
    return values;
  }

  /** Returns zeroed rows of [h | c]. */
  static Floats memory(int rows, int hidden) {
    return Floats.allocate((long) rows * 2 * Floats.pad(hidden));
  }

  static RowSet rows(Floats memory, int rows, int hidden) {
    int length = 2 * Floats.pad(hidden);
    var set = new RowSet(rows);
    for (int r = 0; r < rows; r++) {
      set.add(memory, (long) r * length, length);
    }
    return set;
  }
}
