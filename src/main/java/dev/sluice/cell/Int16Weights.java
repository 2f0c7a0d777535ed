package dev.sluice.cell;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import java.util.Random;

/**
 * Stacks with int16 weights: a single key's step then reads half the bytes. Worth it for layers
 * whose weights are too many for the second cache; the others stay as they are.
 */
public final class Int16Weights {

  /** Fewest units of a layer that gains by it. */
  public static final int LEAST_HIDDEN = 384;

  /** Steps that {@link #differences} takes. */
  public static final int STEPS = 1000;

  private static final long SEED = 1;

  private Int16Weights() {}

  /** Returns {@code stack} with int16 weights in every layer of {@value #LEAST_HIDDEN} units. */
  public static CellStack of(CellStack stack) {
    return new CellStack(
        stack.layers().stream()
            .map(layer -> layer.hidden() < LEAST_HIDDEN ? layer : layer.withInt16Weights())
            .toList());
  }

  /**
   * Steps two stacks of one shape side by side, with the same {@value #STEPS} inputs drawn from the
   * normal distribution, from an empty memory on.
   *
   * @return for each layer, by how much a hidden unit of the one differed at most from the other's
   */
  public static double[] differences(CellStack one, CellStack other) {
    var runs = new Run[] {new Run(one), new Run(other)};
    var random = new Random(SEED);
    double[] worst = new double[one.layers().size()];
    for (int step = 0; step < STEPS; step++) {
      for (int i = 0; i < one.inputs(); i++) {
        float x = (float) random.nextGaussian();
        runs[0].inputs.set(i, x);
        runs[1].inputs.set(i, x);
      }
      runs[0].step();
      runs[1].step();
      for (int l = 0; l < worst.length; l++) {
        for (int u = 0; u < one.layers().get(l).hidden(); u++) {
          int at = one.hiddenAt(l) + u;
          double difference = (double) runs[0].memory.get(at) - runs[1].memory.get(at);
          worst[l] = Math.max(worst[l], Math.abs(difference));
        }
      }
    }
    return worst;
  }

  /** One key's memory, advanced by one of the stacks. */
  private static final class Run {
    final Floats inputs;
    final Floats memory;
    private final CellStack stack;
    private final RowSet rows = new RowSet(1);
    private final Scratch scratch;

    Run(CellStack stack) {
      this.stack = stack;
      this.inputs = Floats.allocate(Floats.pad(stack.inputs()));
      this.memory = Floats.allocate(stack.memoryFloats());
      this.scratch = stack.scratch(1);
      rows.add(memory, 0, stack.memoryFloats());
    }

    void step() {
      stack.step(rows, inputs, (int) inputs.size(), scratch);
    }
  }
}
