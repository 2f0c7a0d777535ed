package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stack against the textbook in double precision. */
final class CellStackTest {

  @ParameterizedTest
  @CsvSource({"1,1,1", "5,16,1", "3,17,2", "16,64,1", "8,40,3", "32,128,1"})
  void everyUnitStaysWithinTheRoundingBound(int inputs, int hidden, int depth) {
    CellStack stack = RandomLayers.stack(inputs, hidden, depth, hidden);
    checkAgainstBound(stack, 5);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "5,16,1", "3,17,2", "8,40,3", "32,128,1"})
  void int16WeightsStayWithinTheBoundOfTheirRounding(int inputs, int hidden, int depth) {
    CellStack floats = RandomLayers.stack(inputs, hidden, depth, hidden);
    checkAgainstBound(
        new CellStack(floats.layers().stream().map(CellLayer::withInt16Weights).toList()), 3);
  }

  private static void checkAgainstBound(CellStack stack, int steps) {
    int inputs = stack.inputs();
    List<RoundingBound> bounds = stack.layers().stream().map(RoundingBound::new).toList();
    var player = new Player(stack, 1);
    var random = new Random(inputs);
    for (int step = 0; step < steps; step++) {
      float[] x = RandomLayers.uniform(random, inputs, 2);
      player.step(x);
      double[] input = ReferenceLstm.widen(x);
      double[] inputError = new double[inputs];
      for (int l = 0; l < stack.layers().size(); l++) {
        RoundingBound bound = bounds.get(l);
        bound.step(input, inputError);
        for (int u = 0; u < stack.hidden(); u++) {
          String where = "step " + step + ", layer " + l + ", unit " + u;
          double h = player.memory.get(stack.hiddenAt(l) + u);
          double c = player.memory.get(stack.hiddenAt(l) + Floats.pad(stack.hidden()) + u);
          assertThat(h).as(where).isCloseTo(bound.h[u], within(bound.hError[u]));
          assertThat(c).as(where).isCloseTo(bound.c[u], within(bound.cError[u]));
          // A lost product would be off by a thousandth, so the bound has to be far below.
          assertThat(bound.hError[u]).as(where).isLessThan(1e-3);
        }
        input = bound.h;
        inputError = bound.hError;
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"8,32", "16,64", "32,128"})
  void aThousandStepsDriftByLessThanAMillionth(int inputs, int hidden) {
    CellStack stack = RandomLayers.stack(inputs, hidden, 1, 7);
    var reference = ReferenceLstm.of(stack.layers().getFirst());
    var player = new Player(stack, 1);
    var random = new Random(3);
    double[] h = new double[hidden];
    double[] c = new double[hidden];
    double worst = 0;
    for (int t = 0; t < 1000; t++) {
      float[] x = RandomLayers.uniform(random, inputs, 2);
      player.step(x);
      var step = reference.step(ReferenceLstm.widen(x), h, c);
      h = step.h();
      c = step.c();
      for (int u = 0; u < hidden; u++) {
        worst = Math.max(worst, Math.abs(player.memory.get(u) - h[u]));
      }
    }
    // The derived bound grows with every step, the error does not. Measured: 1.3e-7 to 2.0e-7.
    assertThat(worst).isLessThan(1e-6);
  }

  @Test
  void keysInOneWaveEvolveAsIfEachWereAlone() {
    CellStack stack = RandomLayers.stack(5, 24, 2, 1);
    var wave = new Player(stack, 50);
    List<Player> alone = new ArrayList<>();
    for (int k = 0; k < 50; k++) {
      alone.add(new Player(stack, 1));
    }
    var random = new Random(2);
    for (int step = 0; step < 5; step++) {
      float[] x = RandomLayers.uniform(random, 50 * 5, 2);
      wave.step(x);
      for (int k = 0; k < 50; k++) {
        alone.get(k).step(java.util.Arrays.copyOfRange(x, k * 5, k * 5 + 5));
      }
    }
    for (int k = 0; k < 50; k++) {
      int row = stack.memoryFloats();
      assertThat(wave.memory.toArray((long) k * row, row))
          .isEqualTo(alone.get(k).memory.toArray(0, row));
    }
  }

  @Test
  void theRowIsLaidOutAsDocumented() {
    CellStack stack =
        new CellStack(
            List.of(
                RandomLayers.layer(3, 20, new Random(1)),
                RandomLayers.layer(20, 7, new Random(2))));
    assertThat(stack.inputs()).isEqualTo(3);
    assertThat(stack.hidden()).isEqualTo(7);
    assertThat(stack.hiddenAt(0)).isZero();
    assertThat(stack.hiddenAt()).isEqualTo(64); // h0 and c0 of 20 units, padded to 32 each
    assertThat(stack.memoryFloats()).isEqualTo(96); // and h1 and c1 of 7, padded to 16 each
  }

  @Test
  void theShapeHashDependsOnSizesOnly() {
    assertThat(RandomLayers.stack(3, 8, 2, 1).shapeHash())
        .isEqualTo(RandomLayers.stack(3, 8, 2, 2).shapeHash())
        .isNotEqualTo(RandomLayers.stack(8, 3, 2, 1).shapeHash())
        .isNotEqualTo(RandomLayers.stack(3, 8, 1, 1).shapeHash());
    // Stored with every key's memory: it must never change. FNV-1a by hand over the words 3 and 8.
    int byHand = ((0x811c9dc5 ^ 3) * 0x01000193 ^ 8) * 0x01000193;
    assertThat(RandomLayers.stack(3, 8, 1, 1).shapeHash()).isEqualTo(byHand);
  }

  @Test
  void layersThatDoNotFitAreRefused() {
    var bottom = RandomLayers.layer(3, 20, new Random(1));
    var top = RandomLayers.layer(19, 7, new Random(2));
    assertThatThrownBy(() -> new CellStack(List.of(bottom, top)))
        .hasMessage(
            "Layer 1 takes 19 inputs, the layer below has 20 units. Give layers that fit each"
                + " other");
    assertThatThrownBy(() -> new CellStack(List.of()))
        .hasMessage("A stack of 0 layers is not possible. Give 1 to 16");
  }

  @Test
  void wrongWeightsAreRefusedWithTheirPlace() {
    assertThatThrownBy(() -> CellLayer.lstm(3, 2, new float[23], new float[16], new float[8]))
        .hasMessage("weight_ih: 23 floats, but shape (8, 3) needs 24");
    float[] weights = new float[16];
    weights[5] = Float.NaN;
    assertThatThrownBy(() -> CellLayer.lstm(3, 2, new float[24], weights, new float[8]))
        .hasMessage(
            "weight_hh[2, 1] is NaN. Weights must be finite: train or export the model again");
    assertThatThrownBy(() -> CellLayer.lstm(0, 2, new float[0], weights, new float[8]))
        .hasMessage("inputs: 0 is out of range. Give a whole number from 1 to 65535");
  }

  /** Rows of memory that are stepped together. */
  static final class Player {
    final Floats memory;
    private final CellStack stack;
    private final RowSet rows;
    private final Floats inputs;
    private final int stride;
    private final Scratch scratch;

    Player(CellStack stack, int count) {
      this.stack = stack;
      this.memory = Floats.allocate((long) count * stack.memoryFloats());
      this.rows = new RowSet(count);
      for (int r = 0; r < count; r++) {
        rows.add(memory, (long) r * stack.memoryFloats(), stack.memoryFloats());
      }
      this.stride = Floats.pad(stack.inputs());
      this.inputs = Floats.allocate((long) count * stride);
      this.scratch = stack.scratch(count);
    }

    void step(float[] x) {
      for (int r = 0; r < rows.count(); r++) {
        inputs.write((long) r * stride, x, r * stack.inputs(), stack.inputs());
      }
      stack.step(rows, inputs, stride, scratch);
    }
  }
}
