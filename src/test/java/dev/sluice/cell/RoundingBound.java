package dev.sluice.cell;

/**
 * One layer in double precision, together with a bound on how far the float kernel can be from it.
 *
 * <p>With u = 2^-24 and γ(n) = n·u / (1 - n·u) (Higham, Accuracy and Stability of Numerical
 * Algorithms, 2nd ed., section 3.1):
 *
 * <ul>
 *   <li>a gate's sum over K products and a bias is off by γ(K + 3)·(|b| + Σ|w·x|), two roundings
 *       being those of the scaled weight, plus Σ|w| times the errors of the inputs;
 *   <li>an int16 weight is off by half of its row's largest / 32767, a little more because the
 *       scale is rounded too; the rounding that scales the sum takes the place of one of a weight;
 *   <li>the exponential has the relative error ε = 1.8e-7 (ExponentialTest); the derivatives of
 *       sigmoid and tanh by the logarithm of their exponential are at most 1/4 and 1/2, by their
 *       argument 1/4 and 1; the clamp at 2^±40 changes either by less than 1e-11;
 *   <li>the fused update makes at most 8 roundings of each of its two terms, h at most 6;
 *   <li>errors of factors add up as |a|·eb + |b|·ea + ea·eb.
 * </ul>
 */
final class RoundingBound {

  private static final double EPSILON = 1.8e-7;
  private static final double CLAMP = 1e-11;
  private static final double FLUSH = 1e-30;

  final double[] h;
  final double[] c;
  final double[] hError;
  final double[] cError;
  private final ReferenceLstm layer;

  private final double[] weightError; // (4H), of every weight of a row

  RoundingBound(CellLayer layer) {
    this.layer = ReferenceLstm.of(layer);
    this.weightError = new double[4 * layer.hidden()];
    if (layer.hasInt16Weights()) {
      for (int row = 0; row < weightError.length; row++) {
        weightError[row] = largestWeight(row) / (2 * 32_767) * 1.001;
      }
    }
    this.h = new double[layer.hidden()];
    this.c = new double[layer.hidden()];
    this.hError = new double[layer.hidden()];
    this.cError = new double[layer.hidden()];
  }

  void step(double[] x, double[] xError) {
    var step = layer.step(x, h, c);
    int hidden = layer.hidden;
    double[] gateError = new double[4 * hidden];
    for (int row = 0; row < 4 * hidden; row++) {
      double slope = row / hidden == 2 ? 1 : 0.25;
      double curve = row / hidden == 2 ? 0.5 : 0.25;
      gateError[row] = slope * sumError(row, x, xError) + curve * 1.01 * EPSILON + CLAMP;
    }
    for (int u = 0; u < hidden; u++) {
      double i = step.gates()[u];
      double f = step.gates()[hidden + u];
      double g = step.gates()[2 * hidden + u];
      double o = step.gates()[3 * hidden + u];
      double kept = product(f, gateError[hidden + u], c[u], cError[u]);
      double added = product(i, gateError[u], g, gateError[2 * hidden + u]);
      double rounded = gamma(8) * (Math.abs(f * c[u]) + kept + Math.abs(i * g) + added);
      cError[u] = kept + added + rounded + FLUSH;
      double tanh = StrictMath.tanh(step.c()[u]);
      double tanhError =
          cError[u] + 0.5 * 1.01 * EPSILON + CLAMP + gamma(2) * Math.abs(step.c()[u]);
      hError[u] = product(o, gateError[3 * hidden + u], tanh, tanhError) + gamma(6);
    }
    System.arraycopy(step.h(), 0, h, 0, hidden);
    System.arraycopy(step.c(), 0, c, 0, hidden);
  }

  private double sumError(int row, double[] x, double[] xError) {
    double magnitude = Math.abs(layer.bias[row]);
    double inherited = 0;
    for (int k = 0; k < layer.inputs; k++) {
      double w = Math.abs(layer.inputWeights[row * layer.inputs + k]);
      magnitude += (w + weightError[row]) * (Math.abs(x[k]) + xError[k]);
      inherited += product(w, weightError[row], x[k], xError[k]);
    }
    for (int k = 0; k < layer.hidden; k++) {
      double w = Math.abs(layer.hiddenWeights[row * layer.hidden + k]);
      magnitude += (w + weightError[row]) * (Math.abs(h[k]) + hError[k]);
      inherited += product(w, weightError[row], h[k], hError[k]);
    }
    return gamma(layer.inputs + layer.hidden + 3) * magnitude + inherited;
  }

  private double largestWeight(int row) {
    double most = 0;
    for (int k = 0; k < layer.inputs; k++) {
      most = Math.max(most, Math.abs(layer.inputWeights[row * layer.inputs + k]));
    }
    for (int k = 0; k < layer.hidden; k++) {
      most = Math.max(most, Math.abs(layer.hiddenWeights[row * layer.hidden + k]));
    }
    return most;
  }

  private static double product(double a, double aError, double b, double bError) {
    return Math.abs(a) * bError + Math.abs(b) * aError + aError * bError;
  }

  private static double gamma(int n) {
    return n * 0x1p-24 / (1 - n * 0x1p-24);
  }
}
