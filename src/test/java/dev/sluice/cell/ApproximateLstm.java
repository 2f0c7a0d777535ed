package dev.sluice.cell;

import java.util.Arrays;

/**
 * The equations of {@link ReferenceLstm} with bounds on the float trainer's errors: its gradients
 * have to be within them.
 */
final class ApproximateLstm {

  private static final Approximate ONE = Approximate.exactly(1);

  final Approximate[] inputWeights; // (4H, I), gradients
  final Approximate[] hiddenWeights; // (4H, H)
  final Approximate[] bias; // (4H)
  final Approximate[][] inputs; // [T][I]
  final Approximate[][] h; // [T][H]
  private final ReferenceLstm weights;
  private final int hidden;
  private final Approximate[][] x;
  private final Approximate[][] c;
  private final Approximate[][] gates;

  /** Goes forward through {@code x} from zero memory and back from {@code dHidden}. */
  ApproximateLstm(ReferenceLstm weights, Approximate[][] x) {
    int steps = x.length;
    this.weights = weights;
    this.hidden = weights.hidden;
    this.x = x;
    this.h = new Approximate[steps][];
    this.c = new Approximate[steps][];
    this.gates = new Approximate[steps][];
    this.inputWeights = zeros(weights.inputWeights.length);
    this.hiddenWeights = zeros(weights.hiddenWeights.length);
    this.bias = zeros(weights.bias.length);
    this.inputs = new Approximate[steps][];
    for (int t = 0; t < steps; t++) {
      forward(t);
    }
  }

  private void forward(int t) {
    Approximate[] hBefore = t == 0 ? zeros(hidden) : h[t - 1];
    Approximate[] cBefore = t == 0 ? zeros(hidden) : c[t - 1];
    gates[t] = new Approximate[4 * hidden];
    for (int row = 0; row < 4 * hidden; row++) {
      Approximate sum = Approximate.exactly(weights.bias[row]);
      for (int k = 0; k < weights.inputs; k++) {
        sum = sum.plus(weight(weights.inputWeights, row * weights.inputs + k), x[t][k]);
      }
      for (int k = 0; k < hidden; k++) {
        sum = sum.plus(weight(weights.hiddenWeights, row * hidden + k), hBefore[k]);
      }
      gates[t][row] = row / hidden == 2 ? sum.tanh() : sum.sigmoid();
    }
    h[t] = new Approximate[hidden];
    c[t] = new Approximate[hidden];
    for (int u = 0; u < hidden; u++) {
      Approximate kept = gates[t][hidden + u].times(cBefore[u]);
      c[t][u] = kept.plus(gates[t][u], gates[t][2 * hidden + u]);
      h[t][u] = gates[t][3 * hidden + u].times(c[t][u].tanh());
    }
  }

  ApproximateLstm backward(Approximate[][] dHidden) {
    Approximate[] dh = zeros(hidden);
    Approximate[] dc = zeros(hidden);
    for (int t = x.length - 1; t >= 0; t--) {
      for (int u = 0; u < hidden; u++) {
        dh[u] = dh[u].plus(dHidden[t][u]);
      }
      Approximate[] dz = gateGradients(t, dh, dc);
      Arrays.fill(dh, Approximate.ZERO);
      inputs[t] = zeros(weights.inputs);
      accumulate(t, dz, dh);
    }
    return this;
  }

  private Approximate[] gateGradients(int t, Approximate[] dh, Approximate[] dc) {
    Approximate[] dz = new Approximate[4 * hidden];
    for (int u = 0; u < hidden; u++) {
      Approximate i = gates[t][u];
      Approximate f = gates[t][hidden + u];
      Approximate g = gates[t][2 * hidden + u];
      Approximate o = gates[t][3 * hidden + u];
      Approximate tanh = c[t][u].tanh();
      Approximate before = t == 0 ? Approximate.ZERO : c[t - 1][u];
      Approximate d = dc[u].plus(dh[u].times(o), ONE.minus(tanh.times(tanh)));
      dz[u] = d.times(g).times(i.times(ONE.minus(i)));
      dz[hidden + u] = d.times(before).times(f.times(ONE.minus(f)));
      dz[2 * hidden + u] = d.times(i).times(ONE.minus(g.times(g)));
      dz[3 * hidden + u] = dh[u].times(tanh).times(o.times(ONE.minus(o)));
      dc[u] = d.times(f);
    }
    return dz;
  }

  private void accumulate(int t, Approximate[] dz, Approximate[] dh) {
    for (int row = 0; row < 4 * hidden; row++) {
      bias[row] = bias[row].plus(dz[row]);
      for (int k = 0; k < weights.inputs; k++) {
        int at = row * weights.inputs + k;
        inputWeights[at] = inputWeights[at].plus(dz[row], x[t][k]);
        inputs[t][k] = inputs[t][k].plus(dz[row], weight(weights.inputWeights, at));
      }
      for (int k = 0; k < hidden; k++) {
        int at = row * hidden + k;
        hiddenWeights[at] =
            hiddenWeights[at].plus(dz[row], t == 0 ? Approximate.ZERO : h[t - 1][k]);
        dh[k] = dh[k].plus(dz[row], weight(weights.hiddenWeights, at));
      }
    }
  }

  private static Approximate weight(double[] weights, int at) {
    return Approximate.exactly(weights[at]);
  }

  static Approximate[] zeros(int count) {
    Approximate[] zeros = new Approximate[count];
    Arrays.fill(zeros, Approximate.ZERO);
    return zeros;
  }

  static Approximate[] exactly(float[] values, int from, int count) {
    Approximate[] exact = new Approximate[count];
    for (int i = 0; i < count; i++) {
      exact[i] = Approximate.exactly(values[from + i]);
    }
    return exact;
  }
}
