package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stack against ONNX Runtime, over a thousand steps. */
final class OnnxRuntimeTest {

  private static final int STEPS = 1000;

  /** Agreed, not derived: our share of it is below 1e-6, see CellStackTest. */
  private static final float BOUND = 1e-5f;

  @ParameterizedTest
  @CsvSource({"5,33,1,1", "16,64,1,3", "8,32,2,2"})
  void aThousandStepsAgree(int inputs, int hidden, int depth, int rows) throws OrtException {
    CellStack stack = RandomLayers.stack(inputs, hidden, depth, 11);
    float[] x = RandomLayers.uniform(new Random(12), STEPS * rows * inputs, 2);
    float[] expected = x;
    for (CellLayer layer : stack.layers()) {
      expected = OnnxLstm.run(layer, expected, STEPS, rows);
    }
    var player = new CellStackTest.Player(stack, rows);
    for (int t = 0; t < STEPS; t++) {
      player.step(Arrays.copyOfRange(x, t * rows * inputs, (t + 1) * rows * inputs));
      for (int r = 0; r < rows; r++) {
        for (int u = 0; u < hidden; u++) {
          float h = player.memory.get((long) r * stack.memoryFloats() + stack.hiddenAt() + u);
          assertThat(h)
              .as("step %d, row %d, unit %d", t, r, u)
              .isCloseTo(expected[(t * rows + r) * hidden + u], within(BOUND));
        }
      }
    }
  }
}
