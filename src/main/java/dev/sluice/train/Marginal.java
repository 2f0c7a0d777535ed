package dev.sluice.train;

import dev.sluice.head.BinHead;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Head;
import dev.sluice.head.Judgement;
import dev.sluice.head.WordHead;

/**
 * What a head can say that knows nothing of the past: the distribution of the training part. Where
 * training begins, and the measure of what was learned.
 */
final class Marginal {

  private final Head head;
  private final int target;
  private final float[] outputs; // (O), as the head judges by
  private final float[] bias; // (O), what the layer below must say for that

  private Marginal(Head head, int target, float[] outputs, float[] bias) {
    this.head = head;
    this.target = target;
    this.outputs = outputs;
    this.bias = bias;
  }

  /**
   * Learns the distribution.
   *
   * @param target which of the samples' targets the head predicts
   * @throws TrainingException if the training part holds nothing to be predicted
   */
  static Marginal of(Head head, int target, Samples samples, Split split) {
    double[] sums = new double[Math.max(3, head.linear().outputs())];
    long count = 0;
    float[] spread = new float[head.linear().outputs()];
    History history = samples.history();
    for (int k = 0; k < history.keys(); k++) {
      for (int i = history.start(k); i < split.boundary(k); i++) {
        if (!Double.isNaN(samples.target(target, i))) {
          count++;
          add(head, samples.target(target, i), spread, sums);
        }
      }
    }
    if (count == 0) {
      throw missing(head, split.trainEvents(), "to learn from");
    }
    return head instanceof GaussianHead
        ? gaussian(head, target, sums, count)
        : softmax(head, target, sums, count);
  }

  private static TrainingException missing(Head head, int events, String whatFor) {
    return new TrainingException(
        "model.predict: field "
            + head.field()
            + " is missing in all "
            + events
            + " events "
            + whatFor
            + ". Check its name, or predict another one");
  }

  private static void add(Head head, double target, float[] spread, double[] sums) {
    switch (head) {
      case BinHead bins -> {
        java.util.Arrays.fill(spread, 0);
        bins.spread(target, spread, 0);
        for (int o = 0; o < spread.length; o++) {
          sums[o] += spread[o];
        }
      }
      case WordHead _ -> sums[(int) target]++;
      case GaussianHead _ -> {
        double value = Objective.clipped(target);
        sums[0] += value;
        sums[1] += value * value;
      }
    }
  }

  private static Marginal gaussian(Head head, int target, double[] sums, long count) {
    double mean = sums[0] / count;
    double variance = Math.max(1e-6, sums[1] / count - mean * mean);
    float[] outputs = {(float) mean, (float) (StrictMath.log(variance) / 2)};
    return new Marginal(head, target, outputs, outputs);
  }

  /** What was never seen is given a share of one observation, so that it is not impossible. */
  private static Marginal softmax(Head head, int target, double[] sums, long count) {
    int size = head.linear().outputs();
    float[] outputs = new float[size];
    float[] bias = new float[size];
    for (int o = 0; o < size; o++) {
      double probability = (sums[o] + 1.0 / size) / (count + 1.0);
      outputs[o] = (float) probability;
      bias[o] = (float) StrictMath.log(probability);
    }
    return new Marginal(head, target, outputs, bias);
  }

  /** Returns the outputs of a layer that says this of every event, shape (O). */
  float[] bias() {
    return bias;
  }

  /**
   * Returns the mean surprise at the validation part, in nats.
   *
   * @throws TrainingException if it holds nothing to be predicted
   */
  double validationNats(Samples samples, Split split) {
    var judgement = new Judgement(0.5);
    double nats = 0;
    long count = 0;
    History history = samples.history();
    for (int k = 0; k < history.keys(); k++) {
      for (int i = split.boundary(k); i < history.end(k); i++) {
        if (!Double.isNaN(samples.target(target, i))) {
          head.judge(outputs, 0, samples.target(target, i), judgement);
          nats += judgement.surprise();
          count++;
        }
      }
    }
    if (count == 0) {
      throw missing(head, history.events() - split.trainEvents(), "to validate with");
    }
    return nats / count;
  }
}
