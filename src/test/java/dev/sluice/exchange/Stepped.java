package dev.sluice.exchange;

import dev.sluice.cell.CellStack;
import dev.sluice.head.Linear;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;

/** Layers from elsewhere over the events of one key. */
final class Stepped {

  private final CellStack stack;
  private final Linear head;
  private final Floats memory;
  private final RowSet row = new RowSet(1);
  private final Floats inputs;
  private final Scratch scratch;

  Stepped(CellStack stack, Linear head) {
    this.stack = stack;
    this.head = head;
    this.memory = Floats.allocate(stack.memoryFloats());
    this.row.add(memory, 0, stack.memoryFloats());
    this.inputs = Floats.allocate(Floats.pad(stack.inputs()));
    this.scratch = stack.scratch(1);
  }

  /** Returns input {@code k} of step {@code t}, the same as in the scripts. */
  static float input(int t, int k) {
    return (float) (((t * 7919 + k * 104729) % 2001 - 1000) / 500.0);
  }

  /** Takes step {@code t} and returns the outputs of the head. */
  double[] next(int t) {
    for (int k = 0; k < stack.inputs(); k++) {
      inputs.set(k, input(t, k));
    }
    stack.step(row, inputs, Floats.pad(stack.inputs()), scratch);
    float[] h = memory.toArray(stack.hiddenAt(), stack.hidden());
    double[] outputs = new double[head.outputs()];
    for (int o = 0; o < outputs.length; o++) {
      outputs[o] = head.bias()[o];
      for (int u = 0; u < h.length; u++) {
        outputs[o] += head.weights()[o * h.length + u] * (double) h[u];
      }
    }
    return outputs;
  }
}
