package dev.sluice.cell;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The equations of every kind of cell, in double precision with {@link StrictMath} and the weights
 * as {@link Cell#shapes} has them, not as the kernel packs them. Its gradients are differences: it
 * has no backward pass that could share a mistake.
 */
final class ReferenceCell {

  private final Cell cell;
  private final int inputs;
  private final int units;
  private final int outputs;
  final Map<String, double[]> weights = new LinkedHashMap<>();
  double[] h;
  double[] c;

  ReferenceCell(CellLayer layer) {
    this.cell = layer.cell();
    this.inputs = layer.inputs();
    this.units = layer.units();
    this.outputs = layer.hidden();
    layer.weights().forEach((name, values) -> weights.put(name, ReferenceLstm.widen(values)));
    forget();
  }

  void forget() {
    h = new double[outputs];
    c = new double[units];
  }

  /** Advances the memory by one step and returns the new h. */
  double[] step(double[] x) {
    switch (cell) {
      case GRU, GRU_RESET_BEFORE -> gru(x);
      default -> lstm(x);
    }
    return h;
  }

  private void lstm(double[] x) {
    double[] ofInputs = product(Cell.INPUTS, x, inputs);
    double[] ofHidden = product(Cell.HIDDEN, h, outputs);
    if (cell == Cell.NORMALISED) {
      ofInputs = normalised(ofInputs, Cell.INPUT_GAIN);
      ofHidden = normalised(ofHidden, Cell.HIDDEN_GAIN);
    }
    double[] shown = new double[units];
    double[] output = new double[units];
    for (int u = 0; u < units; u++) {
      double[] z = new double[cell.gates()];
      for (int g = 0; g < z.length; g++) {
        int row = g * units + u;
        z[g] = ofInputs[row] + ofHidden[row] + weights.get(Cell.BIAS)[row];
      }
      double before = c[u];
      double in = sigmoid(z[0] + peephole(0, u, before));
      double forget = cell == Cell.COUPLED ? 1 - in : sigmoid(z[1] + peephole(1, u, before));
      int candidate = cell == Cell.COUPLED ? 1 : 2;
      c[u] = forget * before + in * StrictMath.tanh(z[candidate]);
      output[u] = sigmoid(z[candidate + 1] + peephole(2, u, c[u]));
      shown[u] = c[u];
    }
    if (cell == Cell.NORMALISED) {
      shown = normalised(shown, Cell.CELL_GAIN);
      for (int u = 0; u < units; u++) {
        shown[u] += weights.get(Cell.CELL_BIAS)[u];
      }
    }
    for (int u = 0; u < units; u++) {
      shown[u] = output[u] * StrictMath.tanh(shown[u]);
    }
    h = cell == Cell.PROJECTED ? product(Cell.PROJECTION, shown, units) : shown;
  }

  private double peephole(int gate, int unit, double memory) {
    return cell == Cell.PEEPHOLE ? weights.get(Cell.PEEPHOLES)[gate * units + unit] * memory : 0;
  }

  private void gru(double[] x) {
    double[] ofInputs = product(Cell.INPUTS, x, inputs);
    double[] ofHidden = product(Cell.HIDDEN, h, outputs);
    double[] bias = weights.get(Cell.BIAS);
    double[] reset = new double[units];
    double[] held = new double[units];
    for (int u = 0; u < units; u++) {
      reset[u] = sigmoid(ofInputs[u] + ofHidden[u] + bias[u]);
      held[u] = reset[u] * h[u];
    }
    double[] ofHeld = product(Cell.HIDDEN, held, outputs);
    double[] next = new double[units];
    for (int u = 0; u < units; u++) {
      int row = 2 * units + u;
      double within =
          cell == Cell.GRU
              ? reset[u] * (ofHidden[row] + weights.get(Cell.RESET_BIAS)[u])
              : ofHeld[row];
      double n = StrictMath.tanh(ofInputs[row] + bias[row] + within);
      double z = sigmoid(ofInputs[units + u] + ofHidden[units + u] + bias[units + u]);
      next[u] = (1 - z) * n + z * h[u];
    }
    h = next;
  }

  private double[] product(String name, double[] x, int width) {
    double[] matrix = weights.get(name);
    double[] sums = new double[matrix.length / width];
    for (int row = 0; row < sums.length; row++) {
      for (int k = 0; k < width; k++) {
        sums[row] += matrix[row * width + k] * x[k];
      }
    }
    return sums;
  }

  private double[] normalised(double[] values, String gain) {
    double mean = 0;
    double variance = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    for (double value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = weights.get(gain)[i] * (values[i] - mean) / StrictMath.sqrt(variance + 1e-5);
    }
    return result;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  /**
   * Returns the derivative, by weight {@code at} of {@code name}, of Σ h·dHidden over a sequence
   * from an empty memory.
   *
   * @param x [T][I]
   * @param dHidden [T][R]
   */
  double slope(String name, int at, double[][] x, double[][] dHidden) {
    double[] values = weights.get(name);
    double kept = values[at];
    double step = 1e-5;
    values[at] = kept + step;
    double above = loss(x, dHidden);
    values[at] = kept - step;
    double below = loss(x, dHidden);
    values[at] = kept;
    return (above - below) / (2 * step);
  }

  private double loss(double[][] x, double[][] dHidden) {
    forget();
    double sum = 0;
    for (int t = 0; t < x.length; t++) {
      double[] now = step(x[t]);
      for (int u = 0; u < outputs; u++) {
        sum += now[u] * dHidden[t][u];
      }
    }
    return sum;
  }
}
