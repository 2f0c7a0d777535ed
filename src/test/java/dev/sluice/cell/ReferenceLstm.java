package dev.sluice.cell;

import java.util.Arrays;

/**
 * The equations of the textbook for one layer, in double precision with {@link StrictMath},
 * forwards and backwards through time. Slow, short, and independent of the kernels: their oracle.
 */
public final class ReferenceLstm {

  final int inputs;
  final int hidden;
  final double[] inputWeights; // (4H, I)
  final double[] hiddenWeights; // (4H, H)
  final double[] bias; // (4H)

  /** Copies weights in the gate order i, f, g, o. */
  public ReferenceLstm(
      int inputs, int hidden, double[] inputWeights, double[] hiddenWeights, double[] bias) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.inputWeights = inputWeights.clone();
    this.hiddenWeights = hiddenWeights.clone();
    this.bias = bias.clone();
  }

  /** Widens the weights of {@code layer}. */
  public static ReferenceLstm of(CellLayer layer) {
    return new ReferenceLstm(
        layer.inputs(),
        layer.hidden(),
        widen(layer.inputWeights()),
        widen(layer.hiddenWeights()),
        widen(layer.bias()));
  }

  /**
   * What one step computed.
   *
   * @param x (I)
   * @param hBefore (H)
   * @param cBefore (H)
   * @param gates i, f, g, o after their activations, (4H)
   * @param c (H)
   * @param h (H)
   */
  public record Step(
      double[] x, double[] hBefore, double[] cBefore, double[] gates, double[] c, double[] h) {}

  /** Advances (h, c) by one step. */
  public Step step(double[] x, double[] h, double[] c) {
    double[] gates = new double[4 * hidden];
    for (int row = 0; row < 4 * hidden; row++) {
      double sum = bias[row];
      for (int k = 0; k < inputs; k++) {
        sum += inputWeights[row * inputs + k] * x[k];
      }
      for (int k = 0; k < hidden; k++) {
        sum += hiddenWeights[row * hidden + k] * h[k];
      }
      gates[row] = row / hidden == 2 ? StrictMath.tanh(sum) : 1 / (1 + StrictMath.exp(-sum));
    }
    double[] cAfter = new double[hidden];
    double[] hAfter = new double[hidden];
    for (int u = 0; u < hidden; u++) {
      cAfter[u] = gates[hidden + u] * c[u] + gates[u] * gates[2 * hidden + u];
      hAfter[u] = gates[3 * hidden + u] * StrictMath.tanh(cAfter[u]);
    }
    return new Step(x.clone(), h.clone(), c.clone(), gates, cAfter, hAfter);
  }

  /** Returns the steps over a window from zero memory; {@code x} has shape [T][I]. */
  public Step[] forward(double[][] x) {
    Step[] steps = new Step[x.length];
    double[] h = new double[hidden];
    double[] c = new double[hidden];
    for (int t = 0; t < x.length; t++) {
      steps[t] = step(x[t], h, c);
      h = steps[t].h();
      c = steps[t].c();
    }
    return steps;
  }

  /**
   * Gradients of a loss, in the shapes of the weights, and of the inputs.
   *
   * @param inputWeights (4H, I)
   * @param hiddenWeights (4H, H)
   * @param bias (4H)
   * @param inputs [T][I]
   */
  public record Gradients(
      double[] inputWeights, double[] hiddenWeights, double[] bias, double[][] inputs) {}

  /**
   * Goes back through a window.
   *
   * @param dHidden [T][H], the loss by each step's h, as seen from above
   */
  public Gradients backward(Step[] steps, double[][] dHidden) {
    var gradients =
        new Gradients(
            new double[inputWeights.length],
            new double[hiddenWeights.length],
            new double[bias.length],
            new double[steps.length][inputs]);
    double[] dh = new double[hidden];
    double[] dc = new double[hidden];
    for (int t = steps.length - 1; t >= 0; t--) {
      for (int u = 0; u < hidden; u++) {
        dh[u] += dHidden[t][u];
      }
      double[] dz = gateGradients(steps[t], dh, dc);
      Arrays.fill(dh, 0);
      accumulate(steps[t], dz, dh, gradients.inputs()[t], gradients);
    }
    return gradients;
  }

  /** Returns the gradient by the sums of the gates, and turns dc into that of the step before. */
  private double[] gateGradients(Step step, double[] dh, double[] dc) {
    double[] dz = new double[4 * hidden];
    for (int u = 0; u < hidden; u++) {
      double i = step.gates()[u];
      double f = step.gates()[hidden + u];
      double g = step.gates()[2 * hidden + u];
      double o = step.gates()[3 * hidden + u];
      double tanh = StrictMath.tanh(step.c()[u]);
      double d = dc[u] + dh[u] * o * (1 - tanh * tanh);
      dz[u] = d * g * i * (1 - i);
      dz[hidden + u] = d * step.cBefore()[u] * f * (1 - f);
      dz[2 * hidden + u] = d * i * (1 - g * g);
      dz[3 * hidden + u] = dh[u] * tanh * o * (1 - o);
      dc[u] = d * f;
    }
    return dz;
  }

  private void accumulate(Step step, double[] dz, double[] dh, double[] dx, Gradients gradients) {
    for (int row = 0; row < 4 * hidden; row++) {
      gradients.bias()[row] += dz[row];
      for (int k = 0; k < inputs; k++) {
        gradients.inputWeights()[row * inputs + k] += dz[row] * step.x()[k];
        dx[k] += dz[row] * inputWeights[row * inputs + k];
      }
      for (int k = 0; k < hidden; k++) {
        gradients.hiddenWeights()[row * hidden + k] += dz[row] * step.hBefore()[k];
        dh[k] += dz[row] * hiddenWeights[row * hidden + k];
      }
    }
  }

  static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
