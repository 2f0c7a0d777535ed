package dev.sluice.cell;

/** Checks of weights that come from elsewhere. */
final class Weights {

  private Weights() {}

  /** Refuses a matrix of another shape, and one that holds a NaN or an infinity. */
  static void check(String name, float[] weights, int rows, int columns) {
    if (weights.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          name
              + ": "
              + weights.length
              + " floats, but shape ("
              + rows
              + ", "
              + columns
              + ") needs "
              + (long) rows * columns);
    }
    for (int i = 0; i < weights.length; i++) {
      if (!Float.isFinite(weights[i])) {
        throw new IllegalArgumentException(
            name
                + "["
                + i / columns
                + ", "
                + i % columns
                + "] is "
                + weights[i]
                + ". Weights must be finite: train or export the model again");
      }
    }
  }
}
