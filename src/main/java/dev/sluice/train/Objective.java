package dev.sluice.train;

import dev.sluice.feature.Encoder;
import dev.sluice.head.BinHead;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Head;
import dev.sluice.head.WordHead;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.Scratch;

/**
 * The loss of each kind of head, in nats, and its gradient: cross-entropy against the word that
 * came, or against the value's bin and its neighbours as {@link BinHead#spread} weighs them; for a
 * Gaussian the negative log-likelihood.
 */
final class Objective {

  private static final Kernel KERNEL = Kernel.best();
  private static final double LIMIT = 1.5 * Encoder.LIMIT;
  private static final double LEAST_PROBABILITY = 1e-12;
  private static final double HALF_LOG_TWO_PI = 0.5 * StrictMath.log(2 * StrictMath.PI);

  private final Head head;
  private final Scratch scratch;
  private final float[] outputs; // (O)
  private final float[] wanted; // (O)

  Objective(Head head) {
    this.head = head;
    int size = head.linear().outputs();
    this.scratch = new Scratch(1, 1, 1);
    this.outputs = new float[size];
    this.wanted = new float[size];
  }

  /** Cuts off an absurd value, as bins do by themselves: it must not decide what is learned. */
  static double clipped(double value) {
    return Math.max(-LIMIT, Math.min(LIMIT, value));
  }

  /**
   * Replaces the outputs for one event by the gradient of its loss.
   *
   * @param values outputs of the linear layer from {@code at} on; overwritten
   * @param target what came, not NaN
   * @param scale factor of the gradient
   * @return the surprise as the head bounds it, in nats: otherwise the loss itself, or for bins,
   *     whose loss asks for the neighbours too, a little less
   */
  double differentiate(Floats values, long at, double target, float scale) {
    return switch (head) {
      case BinHead bins -> {
        java.util.Arrays.fill(wanted, 0);
        bins.spread(target, wanted, 0);
        yield crossEntropy(values, at, scale);
      }
      case WordHead _ -> {
        java.util.Arrays.fill(wanted, 0);
        wanted[(int) target] = 1;
        yield crossEntropy(values, at, scale);
      }
      case GaussianHead _ -> gaussian(values, at, clipped(target), scale);
    };
  }

  private double crossEntropy(Floats values, long at, float scale) {
    int size = outputs.length;
    KERNEL.softmax(values, at, size, scratch);
    values.read(at, outputs, 0, size);
    float probability = 0;
    for (int o = 0; o < size; o++) {
      probability += wanted[o] * outputs[o];
      outputs[o] = (outputs[o] - wanted[o]) * scale;
    }
    values.write(at, outputs, 0, size);
    return -StrictMath.log(probability < LEAST_PROBABILITY ? LEAST_PROBABILITY : probability);
  }

  private double gaussian(Floats values, long at, double target, float scale) {
    double mean = values.get(at);
    double free = values.get(at + 1);
    double limit = GaussianHead.LOG_DEVIATION_LIMIT;
    double log = Math.max(-limit, Math.min(limit, free));
    double deviation = StrictMath.exp(log);
    double distance = (target - mean) / deviation;
    double byLog = 1 - distance * distance;
    // Beyond its limits the deviation can only be pulled back.
    boolean stuck = free > limit && byLog < 0 || free < -limit && byLog > 0;
    values.set(at, (float) (-distance / deviation * scale));
    values.set(at + 1, stuck ? 0 : (float) (byLog * scale));
    return Math.min(GaussianHead.MOST_SURPRISE, distance * distance / 2 + log + HALF_LOG_TWO_PI);
  }
}
