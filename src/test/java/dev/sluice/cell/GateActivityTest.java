package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowSet;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gates beside the textbook's, and beside what the kernel makes of the memory. */
final class GateActivityTest {

  private static final int START = 16;

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "5, 16, 1", "3, 17, 2", "20, 9, 3"})
  void gatesAreThoseOfTheTextbook(int inputs, int hidden, int depth) {
    CellStack stack = RandomLayers.stack(inputs, hidden, depth, 7);
    var random = new Random(hidden);
    var memory = Floats.allocate(START + stack.memoryFloats());
    var rows = new RowSet(1);
    rows.add(memory, START, stack.memoryFloats());
    Floats input = Floats.allocate(Floats.pad(inputs));
    var activity = new GateActivity(stack);
    for (int step = 0; step < 5; step++) {
      float[] event = new float[inputs];
      for (int k = 0; k < inputs; k++) {
        event[k] = (float) random.nextGaussian();
      }
      float[] before = memory.toArray(0, (int) memory.size());

      GateActivity.Gates gates = activity.of(memory, START, event);

      assertThat(memory.toArray(0, (int) memory.size())).isEqualTo(before);
      double[] expected = textbook(stack, memory, event);
      assertThat(gates.input()).isCloseTo(expected[0], within(1e-6));
      assertThat(gates.forget()).isCloseTo(expected[1], within(1e-6));
      assertThat(gates.output()).isCloseTo(expected[2], within(1e-6));
      input.write(0, event, 0, inputs);
      stack.step(rows, input, (int) input.size(), stack.scratch(1));
    }
  }

  /** Means of the input, forget and output gates over all units. */
  private static double[] textbook(CellStack stack, Floats memory, float[] event) {
    double[] sums = new double[3];
    int units = 0;
    double[] x = new double[event.length];
    for (int k = 0; k < x.length; k++) {
      x[k] = event[k];
    }
    for (int l = 0; l < stack.layers().size(); l++) {
      int size = stack.layers().get(l).hidden();
      double[] h = new double[size];
      double[] c = new double[size];
      for (int u = 0; u < size; u++) {
        h[u] = memory.get(START + stack.hiddenAt(l) + u);
        c[u] = memory.get(START + stack.hiddenAt(l) + Floats.pad(size) + u);
      }
      ReferenceLstm.Step step = ReferenceLstm.of(stack.layers().get(l)).step(x, h, c);
      for (int u = 0; u < size; u++) {
        sums[0] += step.gates()[u];
        sums[1] += step.gates()[size + u];
        sums[2] += step.gates()[3 * size + u];
      }
      units += size;
      x = step.h();
    }
    return new double[] {sums[0] / units, sums[1] / units, sums[2] / units};
  }
}
