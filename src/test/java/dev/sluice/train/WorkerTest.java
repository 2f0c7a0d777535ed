package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Parameter;
import dev.sluice.cell.TrainableStack;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.head.Head;
import dev.sluice.head.Linear;
import dev.sluice.kernel.Floats;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient of everything that is learned, from the embeddings to the head, as a whole. */
final class WorkerTest {

  private static final int STEPS = 40; // All of the history: nothing is truncated.

  @ParameterizedTest
  @ValueSource(ints = {0, 5}) // Words alone, and words with keys that follow each other in a lane.
  void everyGradientIsTheSlopeOfTheLoss(int shortKeys) {
    Lab lab =
        Lab.of(
            """
            features: [{category: w, dimensions: 3}, {time: elapsed}]
            model: {hidden: 5, layers: 2, predict: {category: w}}
            """);
    var random = new Random(1);
    for (int i = 0; i < 20; i++) {
      lab.word("long", 1000L * i, "w" + random.nextInt(4));
    }
    for (int k = 0; k < shortKeys; k++) {
      lab.word("short" + k, 7, "w" + k % 2).word("short" + k, 2000, "w" + random.nextInt(4));
    }
    check(lab, random, lab.history().events(), 4); // Two layers, the head, the embeddings.
  }

  /** What several heads ask of the memory adds up. */
  @Test
  void theGradientsOfSeveralHeadsAreThoseOfTheLoss() {
    Lab lab =
        Lab.of(
            """
            features:
              - {number: x, scale: key, views: [range, day]}
              - {number: y, optional: true}
            model: {hidden: 5, layers: 2, predict: {gaussian: [x, y]}}
            """);
    var random = new Random(1);
    int missing = 0;
    for (int i = 0; i < 20; i++) {
      boolean isThere = i % 3 > 0;
      missing += isThere ? 0 : 1;
      double y = isThere ? random.nextGaussian() : Double.NaN;
      lab.numbers("long", 1000L * i, 3 + random.nextGaussian(), y);
    }
    check(lab, random, 4 * 20 - missing, 6); // Two layers, three heads of x and one of y.
  }

  private static void check(Lab lab, Random random, int predictions, int parameters) {
    History history = lab.history();
    Split split = Split.at(history, Long.MAX_VALUE);
    FeatureSpec spec = Fit.features(lab.topology(), history, split);
    Samples samples = Samples.encode(history, spec, Fit.targets(lab.topology(), spec));
    Network network = network(lab, spec, samples, split, random);
    var plan = new Lanes(history, split, 1, STEPS);
    plan.deal(random);
    plan.advance();
    Worker worker =
        new Worker(
            network,
            samples,
            plan,
            new Worker.Range(0, 1),
            new Worker.Shape(STEPS, 0),
            new SplittableRandom(1));

    worker.run(1);

    assertThat(worker.predicted()).isEqualTo(predictions);
    List<float[]> gradients =
        network.parameters().stream()
            .map(p -> p.gradient().toArray(0, (int) p.value().size()))
            .toList();
    assertThat(gradients).hasSize(parameters);
    for (int p = 0; p < gradients.size(); p++) {
      check(worker, network.parameters().get(p), gradients.get(p));
    }
  }

  private static Network network(
      Lab lab, FeatureSpec spec, Samples samples, Split split, Random random) {
    List<Head> knowing = new ArrayList<>();
    for (Head head : Fit.heads(lab.topology(), spec, samples, split)) {
      float[] weights = new float[head.linear().weights().length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) random.nextGaussian();
      }
      knowing.add(Fit.with(head, new Linear(weights, head.linear().bias(), 5)));
    }
    Network fresh =
        Network.fresh(List.of(Cell.LSTM, Cell.LSTM), spec, knowing, new int[] {5, 5}, 3);
    TrainableStack lstm = fresh.lstm();
    return Network.of(fresh.features(), knowing, lstm);
  }

  /** Moves every number that has a gradient, and some that have none. */
  private static void check(Worker worker, Parameter parameter, float[] gradient) {
    int moved = 0;
    for (int i = 0; i < gradient.length; i++) {
      if (gradient[i] != 0 || i % 16 == 0) {
        double slope = slope(worker, parameter.value(), i);
        assertThat((double) gradient[i])
            .as("%s[%d]", parameter.name(), i)
            .isCloseTo(slope, within(2e-3 * (1 + Math.abs(slope))));
        moved += gradient[i] != 0 ? 1 : 0;
      }
    }
    assertThat(moved).as(parameter.name()).isGreaterThan(10);
  }

  private static double slope(Worker worker, Floats values, int i) {
    float before = values.get(i);
    float more = before + 0x1p-7f;
    float less = before - 0x1p-7f;
    values.set(i, more);
    worker.run(1);
    double above = worker.nats();
    values.set(i, less);
    worker.run(1);
    double below = worker.nats();
    values.set(i, before);
    return (above - below) / ((double) more - less);
  }
}
