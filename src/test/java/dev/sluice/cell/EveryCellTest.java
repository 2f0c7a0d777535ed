package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernel.CellPanels;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.GatePanels;
import dev.sluice.kernel.RowBlock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of cell against its equations in double precision. */
final class EveryCellTest {

  @ParameterizedTest
  @EnumSource
  void aThousandStepsDriftByLessThanAMillionth(Cell cell) {
    for (int hidden : new int[] {1, 20, 64}) {
      CellLayer layer = RandomLayers.layer(cell, 7, hidden, new Random(hidden));
      var reference = new ReferenceCell(layer);
      var player = new CellStackTest.Player(new CellStack(List.of(layer)), 1);
      var random = new Random(3);
      double worst = 0;
      for (int t = 0; t < 1000; t++) {
        float[] x = RandomLayers.uniform(random, 7, 2);
        player.step(x);
        double[] h = reference.step(ReferenceLstm.widen(x));
        for (int u = 0; u < layer.hidden(); u++) {
          worst = Math.max(worst, Math.abs(player.memory.get(u) - h[u]));
        }
      }
      // Measured: 1e-7 to 6e-7, most where normalisation divides by a small deviation.
      assertThat(worst).as("%d units", hidden).isLessThan(2e-6);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Cell.class,
      names = {"LSTM", "PEEPHOLE", "COUPLED", "GRU"})
  void gradientsAreTheSlopesOfTheLoss(Cell cell) {
    CellLayer layer = RandomLayers.layer(cell, 3, 18, new Random(5));
    TrainableStack stack = TrainableStack.from(new CellStack(List.of(layer)));
    int steps = 5;
    StackWindow window = stack.window(1, steps);
    double[][] x = fill(window.inputs(), 2);
    double[][] dHidden = fill(window.outputGradients(), 3);
    window.forward();
    window.backward();

    var reference = new ReferenceCell(layer);
    Map<String, float[]> gradients = gradients(layer, stack.parameters());
    gradients.forEach(
        (name, values) -> {
          for (int i = 0; i < values.length; i += name.equals(Cell.HIDDEN) ? 7 : 1) {
            double slope = reference.slope(name, i, x, dHidden);
            // Of a pair of tied weights each has half.
            boolean tied = cell == Cell.COUPLED && i < values.length / 3;
            double found = tied ? 2 * values[i] : values[i];
            assertThat(found).as("%s %d", name, i).isCloseTo(slope, within(2e-5));
          }
        });
  }

  /** Returns the gradients by name, as the weights are. */
  static Map<String, float[]> gradients(CellLayer layer, List<Parameter> parameters) {
    int hidden = layer.hidden();
    var gates =
        new CellPanels.Gates(
            new float[4 * hidden * layer.inputs()],
            new float[4 * hidden * hidden],
            new float[4 * hidden],
            hidden);
    Floats gradient = parameters.getFirst().gradient();
    GatePanels.layBack(gradient, gates.inputs(), gates.hidden(), gates.bias(), hidden);
    var result = new LinkedHashMap<String, float[]>();
    layer.weights().forEach((name, values) -> result.put(name, new float[values.length]));
    CellPacking.takeBack(layer.cell(), gates, result);
    if (layer.cell() == Cell.PEEPHOLE) {
      float[] peepholes = result.get(Cell.PEEPHOLES);
      for (int k = 0; k < peepholes.length; k++) {
        long at = TrainableStack.Layer.peepholeAt(k, hidden);
        peepholes[k] = parameters.get(1).gradient().get(at);
      }
    }
    return result;
  }

  @ParameterizedTest
  @EnumSource(
      value = Cell.class,
      names = {"LSTM", "PEEPHOLE", "COUPLED", "GRU"})
  void whatIsTrainedStaysACellOfItsKindAndIsWhatInferenceComputes(Cell cell) {
    var stack = TrainableStack.create(List.of(cell, cell), 4, new int[] {20, 12}, 6);
    StackWindow window = stack.window(2, 6);
    var adam = new Adam(stack.parameters(), Adam.Options.of(0.02));
    for (int round = 0; round < 5; round++) {
      fill(window.inputs(), round);
      fill(window.outputGradients(), 100 + round);
      window.reset();
      window.forward();
      window.backward();
      adam.step(1);
    }
    window.reset();
    double[][] x = fill(window.inputs(), 8);
    window.forward();
    CellStack trained = stack.toStack();
    // What the packing of a kind leaves out would show here.
    assertThat(bits(TrainableStack.from(trained))).isEqualTo(bits(stack));
    var player = new CellStackTest.Player(trained, 1);
    for (int t = 0; t < 6; t++) {
      float[] row = new float[4];
      for (int k = 0; k < 4; k++) {
        row[k] = (float) x[2 * t][k];
      }
      player.step(row);
      for (int u = 0; u < 12; u++) {
        float h = player.memory.get(trained.hiddenAt() + u);
        assertThat(window.outputs().get(2 * t, u)).isCloseTo(h, within(2e-6f));
      }
    }
  }

  private static List<List<Float>> bits(TrainableStack stack) {
    List<List<Float>> all = new ArrayList<>();
    for (Parameter parameter : stack.parameters()) {
      List<Float> values = new ArrayList<>();
      for (float value : parameter.value().toArray(0, (int) parameter.value().size())) {
        values.add(value);
      }
      all.add(values);
    }
    return all;
  }

  @Test
  void kindsCanBeStackedOnEachOther() {
    var random = new Random(1);
    var layers =
        List.of(
            RandomLayers.layer(Cell.GRU, 3, 20, random),
            RandomLayers.layer(Cell.PROJECTED, 20, 18, random),
            RandomLayers.layer(Cell.NORMALISED, 12, 9, random),
            RandomLayers.layer(Cell.COUPLED, 9, 7, random));
    var stack = new CellStack(layers);
    // h0 of 20; h1 of 12 and c1 of 18; h2 and c2 of 9; h3 and c3 of 7: each padded to 16.
    assertThat(stack.memoryFloats()).isEqualTo(32 + 16 + 32 + 16 + 16 + 16 + 16);
    var references = layers.stream().map(ReferenceCell::new).toList();
    var player = new CellStackTest.Player(stack, 40);
    for (int t = 0; t < 50; t++) {
      float[] x = RandomLayers.uniform(random, 40 * 3, 2);
      System.arraycopy(x, 0, x, 39 * 3, 3); // The last row sees what the first sees.
      player.step(x);
      double[] h = {x[0], x[1], x[2]};
      for (ReferenceCell reference : references) {
        h = reference.step(h);
      }
      for (int u = 0; u < 7; u++) {
        float first = player.memory.get(stack.hiddenAt() + u);
        float last = player.memory.get(39L * stack.memoryFloats() + stack.hiddenAt() + u);
        assertThat((double) first).isCloseTo(h[u], within(2e-6));
        assertThat(last).isEqualTo(first);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void gatesAreExplainedAsTheEquationsHaveThem(Cell cell) {
    CellLayer below = RandomLayers.layer(cell, 3, 18, new Random(5));
    CellLayer above = RandomLayers.layer(Cell.COUPLED, below.hidden(), 9, new Random(6));
    var stack = new CellStack(List.of(below, above));
    var player = new CellStackTest.Player(stack, 1);
    var random = new Random(7);
    for (int t = 0; t < 5; t++) {
      player.step(RandomLayers.uniform(random, 3, 1));
    }
    float[] event = RandomLayers.uniform(random, 3, 1);
    var gates = new GateActivity(stack).of(player.memory, 0, event);
    // In what lies above, f = 1 - i; so it only holds if the h of the layer below was right too.
    var single = new CellStack(List.of(below));
    var ofBelow = new GateActivity(single).of(player.memory, 0, event);
    double inputAbove = (gates.input() * 27 - ofBelow.input() * 18) / 9;
    double forgetAbove = (gates.forget() * 27 - ofBelow.forget() * 18) / 9;
    assertThat(inputAbove + forgetAbove).isCloseTo(1, within(1e-9));
    assertThat(inputAbove).isCloseTo(inputGate(above, below, player, stack, event), within(1e-5));
  }

  /** Returns the mean input gate of the upper layer from what the kernel makes of the lower one. */
  private static double inputGate(
      CellLayer above,
      CellLayer below,
      CellStackTest.Player player,
      CellStack stack,
      float[] event) {
    double[] h = new double[above.hidden()];
    for (int u = 0; u < h.length; u++) {
      h[u] = player.memory.get(stack.hiddenAt() + u);
    }
    player.step(event);
    double mean = 0;
    for (int u = 0; u < above.units(); u++) {
      double sum = above.bias()[u];
      for (int k = 0; k < below.hidden(); k++) {
        sum += above.inputWeights()[u * below.hidden() + k] * (double) player.memory.get(k);
      }
      for (int k = 0; k < h.length; k++) {
        sum += above.hiddenWeights()[u * h.length + k] * h[k];
      }
      mean += 1 / (1 + Math.exp(-sum)) / above.units();
    }
    return mean;
  }

  @Test
  void shapesOfDifferentKindsAreNeverTakenForEachOther() {
    var hashes = new java.util.HashSet<Integer>();
    for (Cell cell : Cell.values()) {
      hashes.add(new CellStack(List.of(RandomLayers.layer(cell, 3, 8, new Random(1)))).shapeHash());
    }
    assertThat(hashes).hasSize(Cell.values().length);
  }

  @Test
  void weightsThatAreNotThoseOfTheKindAreRefused() {
    Map<String, float[]> weights = RandomLayers.layer(Cell.GRU, 3, 8, new Random(1)).weights();
    assertThatThrownBy(() -> CellLayer.of(Cell.LSTM, 3, 8, 8, weights))
        .hasMessageContaining("a lstm layer has [weight_ih, weight_hh, bias]");
    assertThatThrownBy(() -> CellLayer.of(Cell.GRU, 3, 8, 7, weights))
        .hasMessage(
            "7 outputs of 8 units are not possible for gru. Give as many, or fewer to a projected"
                + " cell");
    CellLayer projected = RandomLayers.layer(Cell.PROJECTED, 3, 8, new Random(1));
    assertThatThrownBy(() -> TrainableStack.from(new CellStack(List.of(projected))))
        .hasMessage("Layer 0 of projected cells cannot be trained here");
  }

  /** Fills rows and returns what was filled in. */
  private static double[][] fill(RowBlock rows, long seed) {
    var random = new Random(seed);
    double[][] filled = new double[rows.rows()][rows.width()];
    for (int r = 0; r < rows.rows(); r++) {
      for (int column = 0; column < rows.width(); column++) {
        float value = 2 * random.nextFloat() - 1;
        rows.set(r, column, value);
        filled[r][column] = value;
      }
    }
    return filled;
  }
}
