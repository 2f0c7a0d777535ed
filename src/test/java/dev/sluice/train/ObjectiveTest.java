package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.head.BinHead;
import dev.sluice.head.Bins;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Head;
import dev.sluice.head.Judgement;
import dev.sluice.head.Linear;
import dev.sluice.head.WordHead;
import dev.sluice.kernel.Floats;
import dev.sluice.text.Vocabulary;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses against their definitions in double precision, gradients against differences of those. */
final class ObjectiveTest {

  private static final Bins BINS = new Bins(-3, 3, 20);

  private static Linear linear(int outputs) {
    return new Linear(new float[outputs], new float[outputs], 1);
  }

  private static final List<Head> HEADS =
      List.of(
          new BinHead("x", linear(20), BINS),
          new GaussianHead("x", linear(2)),
          new WordHead("w", linear(4), new Vocabulary(List.of("<unknown>", "a", "b", "c"))));

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theGradientIsTheSlopeOfTheLoss(int which) {
    Head head = HEADS.get(which);
    int size = head.linear().outputs();
    var random = new Random(which);
    for (int round = 0; round < 20; round++) {
      float[] outputs = new float[size];
      for (int o = 0; o < size; o++) {
        outputs[o] = (float) random.nextGaussian();
      }
      double target = target(head, random);
      Floats values = Floats.allocate(64);
      values.write(0, outputs, 0, size);

      double surprise = new Objective(head).differentiate(values, 0, target, 0.5f);

      double expected = surprise(head, outputs, target);
      assertThat(surprise).isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
      for (int o = 0; o < size; o++) {
        double slope = slope(head, outputs, target, o) / 2;
        assertThat((double) values.get(o)).isCloseTo(slope, within(1e-4 * (1 + Math.abs(slope))));
      }
    }
  }

  private static double target(Head head, Random random) {
    return switch (head) {
      case WordHead words -> random.nextInt(words.vocabulary().size());
      case BinHead _ -> BINS.low() + random.nextDouble() * (BINS.high() - BINS.low());
      case GaussianHead _ -> 4 * random.nextGaussian();
    };
  }

  /** What the head itself says. */
  private static double surprise(Head head, float[] outputs, double target) {
    float[] judged = outputs.clone();
    if (head.isSoftmax()) {
      double sum = 0;
      for (float output : outputs) {
        sum += Math.exp(output);
      }
      for (int o = 0; o < judged.length; o++) {
        judged[o] = (float) (Math.exp(outputs[o]) / sum);
      }
    }
    var judgement = new Judgement(0.5);
    head.judge(judged, 0, head.isSoftmax() ? target : Objective.clipped(target), judgement);
    return judgement.surprise();
  }

  private static double slope(Head head, float[] outputs, double target, int o) {
    float[] more = outputs.clone();
    float[] less = outputs.clone();
    more[o] += 1f / 512;
    less[o] -= 1f / 512;
    double width = (double) more[o] - less[o];
    return (loss(head, more, target) - loss(head, less, target)) / width;
  }

  /** The textbook's. */
  private static double loss(Head head, float[] outputs, double target) {
    if (head instanceof GaussianHead) {
      double log = Math.clamp((double) outputs[1], -7, 7);
      double distance = (Objective.clipped(target) - outputs[0]) / Math.exp(log);
      return distance * distance / 2 + log + Math.log(2 * Math.PI) / 2;
    }
    float[] wanted = new float[outputs.length];
    if (head instanceof BinHead bins) {
      bins.spread(target, wanted, 0);
    } else {
      wanted[(int) target] = 1;
    }
    double sum = 0;
    for (float output : outputs) {
      sum += Math.exp(output);
    }
    double loss = 0;
    for (int o = 0; o < outputs.length; o++) {
      loss -= wanted[o] * Math.log(Math.exp(outputs[o]) / sum);
    }
    return loss;
  }

  @Test
  void aDeviationBeyondItsLimitsIsOnlyPulledBack() {
    var objective = new Objective(HEADS.get(1));
    Floats values = Floats.of(0, 8);
    objective.differentiate(values, 0, 12, 1); // Tighter would fit better.
    assertThat(values.get(1)).isPositive();

    Floats tight = Floats.of(0, -8);
    objective.differentiate(tight, 0, 0, 1); // Tighter still would fit better.
    assertThat(tight.get(1)).isZero();
  }
}
