package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernel.RowBlock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sequences with an end, read both ways and pooled, against their equations in double. */
final class SequenceTest {

  private static final int INPUTS = 3;
  private static final int[] LENGTHS = {4, 1, 0, 7, 2};

  static Stream<Pooling> poolings() {
    var random = new Random(9);
    int width = 18 + 5;
    return Stream.of(
        new Pooling.Additive(
            RandomLayers.uniform(random, 6 * width, 1),
            RandomLayers.uniform(random, 6, 1),
            RandomLayers.uniform(random, 6, 2)),
        new Pooling.Dot(RandomLayers.uniform(random, width, 2)),
        Pooling.Plain.LAST,
        Pooling.Plain.MEAN,
        Pooling.Plain.MAX);
  }

  /** Two layers, of which each direction has its own width. */
  static SequenceStack stack(Cell cell) {
    var random = new Random(5);
    return new SequenceStack(
        List.of(
            new SequenceLayer(
                List.of(
                    RandomLayers.layer(cell, INPUTS, 17, random),
                    RandomLayers.layer(Cell.LSTM, INPUTS, 4, random))),
            new SequenceLayer(
                List.of(
                    RandomLayers.layer(Cell.GRU, outputs(cell), 18, random),
                    RandomLayers.layer(Cell.LSTM, outputs(cell), 5, random)))));
  }

  private static int outputs(Cell cell) {
    return (cell == Cell.PROJECTED ? 17 * 2 / 3 : 17) + 4;
  }

  private static double[][] sequence(int length, long seed) {
    var random = new Random(seed);
    double[][] inputs = new double[length][INPUTS];
    for (double[] row : inputs) {
      for (int k = 0; k < INPUTS; k++) {
        row[k] = 2 * random.nextFloat() - 1;
      }
    }
    return inputs;
  }

  private static void place(double[][] sequence, RowBlock into, int first, int step) {
    for (int t = 0; t < sequence.length; t++) {
      for (int k = 0; k < INPUTS; k++) {
        into.set(first + t * step, k, (float) sequence[t][k]);
      }
    }
  }

  /** What a pass says of one sequence: states, weights and context. */
  private static List<Float> said(SequencePass pass, Pool pool, int s) {
    List<Float> said = new ArrayList<>();
    for (int row = pass.start(s); row < pass.start(s) + pass.length(s); row++) {
      for (int k = 0; k < pass.outputs().width(); k++) {
        said.add(pass.outputs().get(row, k));
      }
      said.add(pool.weight(row));
    }
    for (int k = 0; k < pool.contexts().width(); k++) {
      said.add(pool.contexts().get(s, k));
    }
    return said;
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfCellReadsBothWaysAsTheEquationsDo(Cell cell) {
    SequenceStack stack = stack(cell);
    Pooling pooling = poolings().findFirst().orElseThrow();
    SequencePass pass = stack.pass(5, 14);
    var pool = new Pool(pooling, pass, stack.forwardOutputs());
    for (int length : LENGTHS) {
      place(sequence(length, length), pass.inputs(), pass.add(length), 1);
    }
    pass.run();
    pool.run();
    var reference = new ReferenceSequences(stack, pooling);
    for (int s = 0; s < LENGTHS.length; s++) {
      double[][] states = reference.states(sequence(LENGTHS[s], LENGTHS[s]));
      double[] weights = reference.weights(states);
      List<Double> expected = new ArrayList<>();
      for (int t = 0; t < states.length; t++) {
        for (double h : states[t]) {
          expected.add(h);
        }
        expected.add(weights[t]);
      }
      for (double value : reference.context(states, stack.outputs())) {
        expected.add(value);
      }
      List<Float> said = said(pass, pool, s);
      assertThat(said).hasSameSizeAs(expected);
      for (int i = 0; i < said.size(); i++) {
        assertThat((double) said.get(i)).isCloseTo(expected.get(i), within(2e-6));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("poolings")
  void theBatchDoesNotChangeABit(Pooling pooling) {
    SequenceStack stack = stack(Cell.PEEPHOLE);
    SequencePass many = stack.pass(70, 400);
    var pool = new Pool(pooling, many, stack.forwardOutputs());
    SequencePass single = stack.pass(1, 7);
    var singlePool = new Pool(pooling, single, stack.forwardOutputs());
    for (int round = 0; round < 2; round++) { // The second on what the first left.
      many.clear();
      for (int s = 0; s < 70 - 30 * round; s++) {
        int length = LENGTHS[(s + round) % LENGTHS.length];
        place(sequence(length, s), many.inputs(), many.add(length), 1);
      }
      many.run();
      pool.run();
      for (int s = 0; s < many.count(); s++) {
        single.clear();
        place(sequence(many.length(s), s), single.inputs(), single.add(many.length(s)), 1);
        single.run();
        singlePool.run();
        assertThat(said(many, pool, s)).isEqualTo(said(single, singlePool, 0));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("poolings")
  void trainingComputesWhatInferenceDoes(Pooling pooling) {
    SequenceStack stack = stack(Cell.COUPLED);
    TrainableSequences trainable = TrainableSequences.from(stack);
    SequenceWindow window = trainable.window(LENGTHS.length, 9);
    PoolWindow pooled = TrainablePool.from(pooling).window(window, stack.forwardOutputs());
    SequencePass pass = stack.pass(5, 14);
    var pool = new Pool(pooling, pass, stack.forwardOutputs());
    for (int b = 0; b < LENGTHS.length; b++) {
      double[][] sequence = sequence(LENGTHS[b], b);
      window.length(b, LENGTHS[b]);
      place(sequence, window.inputs(), b, LENGTHS.length);
      place(sequence, pass.inputs(), pass.add(LENGTHS[b]), 1);
    }
    window.forward(0, new SplittableRandom(1));
    pooled.forward();
    pass.run();
    pool.run();
    for (int b = 0; b < LENGTHS.length; b++) {
      for (int k = 0; k < stack.outputs(); k++) {
        for (int t = 0; t < LENGTHS[b]; t++) {
          float h = window.outputs().get(t * LENGTHS.length + b, k);
          assertThat(pass.outputs().get(pass.start(b) + t, k)).isCloseTo(h, within(1e-5f));
        }
        float said = pooled.contexts().get(b, k);
        assertThat(pool.contexts().get(b, k)).isCloseTo(said, within(1e-5f));
      }
    }
    SequenceStack back = trainable.toStack();
    for (int l = 0; l < 2; l++) {
      for (int d = 0; d < 2; d++) {
        CellLayer expected = stack.layers().get(l).directions().get(d);
        CellLayer found = back.layers().get(l).directions().get(d);
        assertThat(found.inputWeights()).isEqualTo(expected.inputWeights());
        assertThat(found.cell()).isEqualTo(expected.cell());
      }
    }
    assertThat(TrainablePool.from(pooling).toPooling())
        .usingRecursiveComparison()
        .isEqualTo(pooling);
  }

  @ParameterizedTest
  @MethodSource("poolings")
  void gradientsAreTheSlopesOfTheLoss(Pooling pooling) {
    SequenceStack stack = stack(Cell.GRU);
    TrainableSequences trainable = TrainableSequences.from(stack);
    TrainablePool pool = TrainablePool.from(pooling);
    var loss = new Loss(stack, pooling);
    SequenceWindow window = trainable.window(LENGTHS.length, 9);
    PoolWindow pooled = pool.window(window, stack.forwardOutputs());
    for (int round = 0; round < 2; round++) { // What the first leaves must not matter.
      loss.place(window);
      trainable.parameters().forEach(p -> p.gradient().fill(0, p.gradient().size(), 0));
      pool.parameters().forEach(p -> p.gradient().fill(0, p.gradient().size(), 0));
      window.forward(0, new SplittableRandom(1));
      pooled.forward();
      loss.placeGradients(window, pooled);
      pooled.backward();
      window.backward();
    }
    loss.check("inputs", window.inputGradients());
    int p = 0;
    for (int l = 0; l < 2; l++) {
      for (int d = 0; d < 2; d++) {
        Parameter parameter = trainable.parameters().get(p++);
        CellLayer layer = stack.layers().get(l).directions().get(d);
        Map<String, double[]> weights = loss.reference.layers.get(l).get(d).weights;
        EveryCellTest.gradients(layer, List.of(parameter))
            .forEach((name, found) -> loss.check(l0(name), weights.get(name), found));
      }
    }
    Map<String, float[]> found = poolGradients(pooling, pool);
    int i = 0;
    for (float[] values : found.values()) {
      loss.check("pooling", loss.reference.pooling[i++], values);
    }
  }

  private static String l0(String name) {
    return "weights " + name;
  }

  /** Returns the gradients in the order of {@link ReferenceSequences#pooling}. */
  private static Map<String, float[]> poolGradients(Pooling pooling, TrainablePool pool) {
    var found = new LinkedHashMap<String, float[]>();
    List<Parameter> parameters = pool.parameters();
    switch (pooling) {
      case Pooling.Additive(var w, var b, var q) -> {
        float[] query = new float[q.length];
        float[] weights = new float[w.length];
        float[] bias = new float[b.length];
        dev.sluice.kernel.LinearPanels.layBack(parameters.get(1).gradient(), query, new float[1]);
        dev.sluice.kernel.LinearPanels.layBack(parameters.get(0).gradient(), weights, bias);
        found.put("query", query);
        found.put("weights", weights);
        found.put("bias", bias);
      }
      case Pooling.Dot(var q) -> {
        float[] query = new float[q.length];
        dev.sluice.kernel.LinearPanels.layBack(parameters.get(0).gradient(), query, new float[1]);
        found.put("query", query);
      }
      case Pooling.Plain _ -> {}
    }
    return found;
  }

  /** A random linear function of all states and contexts. */
  private static final class Loss {
    final ReferenceSequences reference;
    private final double[][][] inputs = new double[LENGTHS.length][][];
    private final double[][][] byState = new double[LENGTHS.length][][];
    private final double[][] byContext = new double[LENGTHS.length][];
    private final int width;

    Loss(SequenceStack stack, Pooling pooling) {
      this.reference = new ReferenceSequences(stack, pooling);
      this.width = stack.outputs();
      var random = new Random(8);
      for (int b = 0; b < LENGTHS.length; b++) {
        inputs[b] = sequence(LENGTHS[b], b);
        byContext[b] = ReferenceLstm.widen(RandomLayers.uniform(random, width, 1));
        byState[b] = new double[LENGTHS[b]][];
        for (int t = 0; t < LENGTHS[b]; t++) {
          byState[b][t] = ReferenceLstm.widen(RandomLayers.uniform(random, width, 0.3));
        }
      }
    }

    void place(SequenceWindow window) {
      for (int b = 0; b < LENGTHS.length; b++) {
        window.length(b, LENGTHS[b]);
        SequenceTest.place(inputs[b], window.inputs(), b, LENGTHS.length);
      }
    }

    void placeGradients(SequenceWindow window, PoolWindow pooled) {
      for (int b = 0; b < LENGTHS.length; b++) {
        for (int k = 0; k < width; k++) {
          pooled.contextGradients().set(b, k, (float) byContext[b][k]);
          for (int t = 0; t < LENGTHS[b]; t++) {
            window.outputGradients().set(t * LENGTHS.length + b, k, (float) byState[b][t][k]);
          }
        }
      }
    }

    private double loss() {
      double loss = 0;
      for (int b = 0; b < LENGTHS.length; b++) {
        double[][] states = reference.states(inputs[b]);
        double[] context = reference.context(states, width);
        for (int k = 0; k < width; k++) {
          loss += byContext[b][k] * context[k];
          for (int t = 0; t < states.length; t++) {
            loss += byState[b][t][k] * states[t][k];
          }
        }
      }
      return loss;
    }

    private double slope(double[] values, int i) {
      double kept = values[i];
      double step = 1e-5;
      values[i] = kept + step;
      double above = loss();
      values[i] = kept - step;
      double below = loss();
      values[i] = kept;
      return (above - below) / (2 * step);
    }

    void check(String name, double[] values, float[] found) {
      for (int i = 0; i < values.length; i += Math.max(1, values.length / 40)) {
        double slope = slope(values, i);
        assertThat((double) found[i]).as("%s %d", name, i).isCloseTo(slope, within(5e-5));
      }
    }

    void check(String name, RowBlock found) {
      for (int b = 0; b < LENGTHS.length; b++) {
        for (int t = 0; t < LENGTHS[b]; t++) {
          for (int k = 0; k < INPUTS; k++) {
            double slope = slope(inputs[b][t], k);
            double gradient = found.get(t * LENGTHS.length + b, k);
            assertThat(gradient).as("%s %d %d %d", name, b, t, k).isCloseTo(slope, within(5e-5));
          }
        }
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    var random = new Random(1);
    var layer = new SequenceLayer(List.of(RandomLayers.layer(Cell.LSTM, 3, 4, random)));
    assertThatThrownBy(() -> new SequenceStack(List.of(layer, layer)))
        .hasMessage(
            "Layer 1 takes 3 inputs, the layer below has 4 outputs. Give layers that fit each"
                + " other");
    SequencePass pass = new SequenceStack(List.of(layer)).pass(2, 5);
    pass.add(3);
    assertThat(pass.fits(3)).isFalse();
    assertThatThrownBy(() -> pass.add(3))
        .hasMessage("No room for 3 tokens more. Make a larger pass, or run this one first");
    assertThatThrownBy(() -> new Pool(new Pooling.Dot(new float[7]), pass, 4))
        .hasMessage(
            "the attention reads 7 floats a token, the layers have 4. Give a pooling that fits the"
                + " layers");
  }
}
