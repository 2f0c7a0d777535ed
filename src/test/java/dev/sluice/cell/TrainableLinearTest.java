package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernel.LinearPanels;
import dev.sluice.kernel.RowBlock;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The linear layer against sums in double precision, with the bound of Higham, section 3.1. */
final class TrainableLinearTest {

  private static final int ROWS = 150; // More than one chunk of the gradient.

  @ParameterizedTest
  @CsvSource({"1,1", "7,3", "64,40", "70,130"})
  void outputsAndGradientsAreSumsOfProducts(int inputs, int outputs) {
    var layer = TrainableLinear.create("head", inputs, outputs, 1);
    float[] weights = layer.weights();
    RowBlock in = filled(RowBlock.allocate(ROWS, inputs, inputs + 3), 2);
    RowBlock out = layer.allocateOutputs(ROWS);
    RowBlock outGradients = filled(layer.allocateOutputs(ROWS), 3);
    RowBlock inGradients = RowBlock.allocate(ROWS, inputs, LinearPanels.paddedOutputs(inputs));
    layer.forward(in, out);
    layer.backward(in, outGradients, inGradients);
    float[] weightGradients = new float[outputs * inputs];
    float[] biasGradients = new float[outputs];
    LinearPanels.layBack(layer.parameters().getFirst().gradient(), weightGradients, biasGradients);

    for (int r = 0; r < ROWS; r += 13) {
      for (int o = 0; o < outputs; o++) {
        var sum = new Sum();
        for (int k = 0; k < inputs; k++) {
          sum.add(weights[o * inputs + k], in.get(r, k));
        }
        sum.check(out.get(r, o));
      }
      for (int k = 0; k < inputs; k++) {
        var sum = new Sum();
        for (int o = 0; o < outputs; o++) {
          sum.add(weights[o * inputs + k], outGradients.get(r, o));
        }
        sum.check(inGradients.get(r, k));
      }
    }
    for (int o = 0; o < outputs; o++) {
      var bias = new Sum();
      var weight = new Sum();
      for (int r = 0; r < ROWS; r++) {
        bias.add(outGradients.get(r, o), 1);
        weight.add(outGradients.get(r, o), in.get(r, inputs - 1));
      }
      bias.check(biasGradients[o]);
      weight.check(weightGradients[o * inputs + inputs - 1]);
    }
  }

  @Test
  void shardsAddUpToTheGradientOfAllRows() {
    var whole = TrainableLinear.create("head", 5, 3, 1);
    var split = TrainableLinear.create("head", 5, 3, 1);
    var shard = split.shard();
    RowBlock in = filled(RowBlock.allocate(8, 5, 16), 2);
    RowBlock gradients = filled(whole.allocateOutputs(8), 3);
    whole.backward(in, gradients);
    split.backward(rows(in, 0, 4), rows(gradients, 0, 4));
    shard.backward(rows(in, 4, 4), rows(gradients, 4, 4));
    split.parameters().getFirst().collect(shard.parameters().getFirst());

    float[] expected = gradient(whole);
    float[] actual = gradient(split);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-6f)); // 8 roundings of sums below 8
    }
    assertThat(gradient(shard)).containsOnly(0);
  }

  private static float[] gradient(TrainableLinear layer) {
    Parameter parameter = layer.parameters().getFirst();
    return parameter.gradient().toArray(0, (int) parameter.gradient().size());
  }

  private static RowBlock rows(RowBlock all, int first, int count) {
    return new RowBlock(all.block(), all.at(first), all.stride(), count, all.width());
  }

  private static RowBlock filled(RowBlock rows, long seed) {
    var random = new Random(seed);
    for (int r = 0; r < rows.rows(); r++) {
      for (int column = 0; column < rows.width(); column++) {
        rows.set(r, column, (float) (2 * random.nextDouble() - 1));
      }
    }
    return rows;
  }

  /** A sum of products in double, and the bound on a float's way to it. */
  private static final class Sum {
    private double exact;
    private double magnitude;
    private int terms;

    void add(double a, double b) {
      exact += a * b;
      magnitude += Math.abs(a * b);
      terms++;
    }

    void check(float actual) {
      double gamma = (terms + 1) * 0x1p-24 / (1 - (terms + 1) * 0x1p-24);
      assertThat((double) actual).isCloseTo(exact, within(gamma * magnitude));
    }
  }
}
