package dev.sluice.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cell.CellStack;
import dev.sluice.head.Linear;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowSet;
import dev.sluice.model.Model;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Our file in the hands of PyTorch: {@code src/test/scripts/torch_outputs.py} loaded {@code
 * rich.safetensors} into {@code torch.nn.LSTM} and {@code torch.nn.Linear}, strictly, and wrote
 * down what torch 1.13.1 computes with it.
 */
final class ArtifactTorchTest {

  /**
   * Both sides compute in single precision. A pre-activation is a sum of 16 terms whose magnitudes
   * add up to less than 20 (weights up to 1/2, inputs up to 3), so each side is within γ(16) · 20 =
   * 2e-5 of the exact one (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section
   * 3.1). Two sides and the memory, which keeps about half of an error from step to step, make less
   * than 1e-4. A gate or a bias out of place is off by 1e-2 and more.
   */
  private static final double TOLERANCE = 1e-4;

  @Test
  void theFileThatTorchLoadedIsWhatWeWrite() throws IOException {
    assertThat(ArtifactWriter.write(SampleModels.rich()))
        .isEqualTo(SafetensorsTest.fixture("rich"));
  }

  @Test
  void theModelComputesWhatTorchComputes() throws IOException {
    Model model = ArtifactReader.read(SafetensorsTest.fixture("rich"), "rich");
    Map<String, Tensor> torch =
        Safetensors.read(SafetensorsTest.fixture("rich-torch"), "rich-torch").tensors();
    Tensor inputs = torch.get("inputs");
    int steps = inputs.shape().getFirst();
    CellStack cell = model.cell();
    Floats memory = Floats.allocate(cell.memoryFloats());
    var row = new RowSet(1);
    row.add(memory, 0, cell.memoryFloats());
    Floats input = Floats.allocate(Floats.pad(cell.inputs()));

    for (int step = 0; step < steps; step++) {
      input.write(0, inputs.data(), step * cell.inputs(), cell.inputs());
      cell.step(row, input, Floats.pad(cell.inputs()), cell.scratch(1));

      float[] hidden = memory.toArray(cell.hiddenAt(), cell.hidden());
      assertClose(hidden, torch.get("hidden"), step);
      assertClose(apply(model.head().linear(), hidden), torch.get("outputs"), step);
    }
  }

  private static void assertClose(float[] found, Tensor expected, int step) {
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i])
          .as("%s, step %d, unit %d", expected.name(), step, i)
          .isCloseTo(expected.data()[step * found.length + i], within(TOLERANCE));
    }
  }

  private static float[] apply(Linear linear, float[] hidden) {
    var outputs = new float[linear.outputs()];
    for (int o = 0; o < outputs.length; o++) {
      double sum = linear.bias()[o];
      for (int h = 0; h < hidden.length; h++) {
        sum += (double) linear.weights()[o * hidden.length + h] * hidden[h];
      }
      outputs[o] = (float) sum;
    }
    return outputs;
  }
}
