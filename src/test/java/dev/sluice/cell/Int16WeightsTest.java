package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernel.Floats;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Int16WeightsTest {

  @Test
  void onlyLayersOf384UnitsOrMoreAreRounded() {
    var random = new Random(1);
    CellStack stack =
        new CellStack(
            List.of(
                RandomLayers.layer(3, 383, random),
                RandomLayers.layer(383, 384, random),
                RandomLayers.layer(384, 16, random)));
    CellStack rounded = Int16Weights.of(stack);
    assertThat(rounded.layers())
        .extracting(CellLayer::hasInt16Weights)
        .containsExactly(false, true, false);
    assertThat(stack.layers()).noneMatch(CellLayer::hasInt16Weights);
    assertThat(rounded.shapeHash()).isEqualTo(stack.shapeHash()); // Memories go on.
    assertThat(rounded.layers().get(1).hiddenWeights())
        .isEqualTo(stack.layers().get(1).hiddenWeights()); // As an artifact would hold them.
  }

  @Test
  void theDifferenceIsThatOfAThousandStepsToTheTextbookInDoublePrecision() {
    CellStack floats = RandomLayers.stack(16, 384, 1, 7);
    CellStack rounded = Int16Weights.of(floats);
    var reference = ReferenceLstm.of(floats.layers().getFirst());
    var player = new CellStackTest.Player(rounded, 1);
    var random = new Random(1);
    double[] h = new double[384];
    double[] c = new double[384];
    double worst = 0;
    for (int t = 0; t < Int16Weights.STEPS; t++) {
      float[] x = new float[16];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      player.step(x);
      var step = reference.step(ReferenceLstm.widen(x), h, c);
      h = step.h();
      c = step.c();
      for (int u = 0; u < 384; u++) {
        worst = Math.max(worst, Math.abs(player.memory.get(u) - h[u]));
      }
    }
    double measured = Int16Weights.differences(floats, rounded)[0];
    // Float32 itself drifts by less than a millionth, as CellStackTest shows.
    assertThat(measured).isCloseTo(worst, within(1e-6)).isBetween(1e-6, 1e-4);
  }

  @Test
  void aStackDoesNotDifferFromItself() {
    CellStack stack = RandomLayers.stack(3, 20, 2, 1);
    assertThat(Int16Weights.differences(stack, stack)).containsExactly(0, 0);
  }

  @Test
  void keysInOneWaveEvolveAsIfEachWereAlone() {
    CellStack stack = Int16Weights.of(RandomLayers.stack(5, 384, 1, 1));
    int keys = 40;
    var wave = new CellStackTest.Player(stack, keys);
    var alone = new CellStackTest.Player(stack, 1);
    var random = new Random(4);
    float[] x = RandomLayers.uniform(random, keys * 5, 2);
    wave.step(x);
    wave.step(x);
    for (int key = 0; key < keys; key++) {
      float[] own = new float[5];
      System.arraycopy(x, 5 * key, own, 0, 5);
      alone.memory.fill(0, alone.memory.size(), 0);
      alone.step(own);
      alone.step(own);
      int floats = 2 * Floats.pad(384);
      assertThat(wave.memory.toArray((long) key * floats, floats))
          .isEqualTo(alone.memory.toArray(0, floats));
    }
  }
}
