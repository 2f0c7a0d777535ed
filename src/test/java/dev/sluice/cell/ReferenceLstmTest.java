package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The oracle's own oracle: its gradients against central differences of its losses, all in double
 * precision. With a step of 1e-5 a central difference is off by about 1e-10 of the third derivative
 * and by 1e-16 / 1e-5 of cancellation.
 */
final class ReferenceLstmTest {

  private static final double STEP = 1e-5;
  private static final double RELATIVE = 1e-6;

  @Test
  void gradientsAreWhatFiniteDifferencesSay() {
    int inputs = 3;
    int hidden = 5;
    int steps = 6;
    var random = new Random(1);
    var lstm =
        new ReferenceLstm(
            inputs,
            hidden,
            gaussian(random, 4 * hidden * inputs),
            gaussian(random, 4 * hidden * hidden),
            gaussian(random, 4 * hidden));
    double[][] x = new double[steps][];
    double[][] dHidden = new double[steps][];
    for (int t = 0; t < steps; t++) {
      x[t] = gaussian(random, inputs);
      dHidden[t] = gaussian(random, hidden);
    }
    Supplier<Double> loss = () -> loss(lstm.forward(x), dHidden);
    var gradients = lstm.backward(lstm.forward(x), dHidden);

    check(lstm.inputWeights, gradients.inputWeights(), loss);
    check(lstm.hiddenWeights, gradients.hiddenWeights(), loss);
    check(lstm.bias, gradients.bias(), loss);
    for (int t = 0; t < steps; t++) {
      check(x[t], gradients.inputs()[t], loss);
    }
  }

  /** A loss that is linear in h, so that its gradient by h is given. */
  private static double loss(ReferenceLstm.Step[] steps, double[][] dHidden) {
    double loss = 0;
    for (int t = 0; t < steps.length; t++) {
      for (int u = 0; u < dHidden[t].length; u++) {
        loss += dHidden[t][u] * steps[t].h()[u];
      }
    }
    return loss;
  }

  private static void check(double[] values, double[] gradients, Supplier<Double> loss) {
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      values[i] = value + STEP;
      double above = loss.get();
      values[i] = value - STEP;
      double below = loss.get();
      values[i] = value;
      double difference = (above - below) / (2 * STEP);
      double scale = Math.max(1e-3, Math.abs(gradients[i]));
      assertThat(Math.abs(difference - gradients[i]) / scale).as("%d", i).isLessThan(RELATIVE);
    }
  }

  private static double[] gaussian(Random random, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextGaussian() / 2;
    }
    return values;
  }
}
