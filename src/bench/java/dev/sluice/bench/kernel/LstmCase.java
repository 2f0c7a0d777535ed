package dev.sluice.bench.kernel;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.GatePanels;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import java.util.Random;

/**
 * One step of one layer for everybody: the same weights, the same inputs, the same memory before,
 * and what comes out. I = H / 4, as in published figures.
 */
final class LstmCase {

  /** How far a peer may be from this kernel after one step: beyond it, it does other work. */
  private static final double TOLERANCE = 1e-5;

  final int batch;
  final int hidden;
  final int inputs;
  final float[] inputWeights; // (4H, I), gates i, f, g, o
  final float[] hiddenWeights; // (4H, H)
  final float[] bias; // (4H)
  final float[] x; // (B, I)
  final float[] h; // (B, H)
  final float[] c; // (B, H)

  private LstmCase(int batch, int hidden) {
    this.batch = batch;
    this.hidden = hidden;
    this.inputs = hidden / 4;
    var random = new Random(hidden);
    double range = 1 / Math.sqrt(hidden);
    inputWeights = uniform(random, 4 * hidden * inputs, range);
    hiddenWeights = uniform(random, 4 * hidden * hidden, range);
    bias = uniform(random, 4 * hidden, range);
    x = uniform(random, batch * inputs, 2);
    h = uniform(random, batch * hidden, 1);
    c = uniform(random, batch * hidden, 1);
  }

  /** Returns the case named {@code BxH}, such as {@code 32x128}. */
  static LstmCase of(String size) {
    String[] parts = size.split("x", -1);
    return new LstmCase(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  /** Returns the floating-point operations of the multiplications of one step. */
  double flops() {
    return 2.0 * batch * 4 * hidden * (inputs + hidden);
  }

  /** Returns the bytes of the weights, which a single row reads once a step. */
  double weightBytes() {
    return 4.0 * 4 * hidden * (1 + inputs + hidden);
  }

  GatePanels panels() {
    return GatePanels.pack(inputWeights, hiddenWeights, bias, inputs, hidden);
  }

  /** Returns rows of [h | c] as they are before the step. */
  Floats memory() {
    int length = 2 * hidden;
    Floats memory = Floats.allocate((long) batch * length);
    for (int r = 0; r < batch; r++) {
      memory.write((long) r * length, h, r * hidden, hidden);
      memory.write((long) r * length + hidden, c, r * hidden, hidden);
    }
    return memory;
  }

  RowSet rows(Floats memory) {
    var rows = new RowSet(batch);
    for (int r = 0; r < batch; r++) {
      rows.add(memory, 2L * r * hidden, 2 * hidden);
    }
    return rows;
  }

  int stride() {
    return Floats.pad(inputs);
  }

  Floats inputBlock() {
    Floats block = Floats.allocate((long) batch * stride());
    for (int r = 0; r < batch; r++) {
      block.write((long) r * stride(), x, r * inputs, inputs);
    }
    return block;
  }

  Scratch scratch() {
    return new Scratch(batch, inputs, hidden);
  }

  /** Refuses a peer whose first step is not this kernel's. */
  void check(String peer, float[] peerH, float[] peerC) {
    Floats memory = memory();
    Kernel.best().step(panels(), inputBlock(), stride(), rows(memory), 0, scratch());
    double worst = 0;
    for (int r = 0; r < batch; r++) {
      for (int u = 0; u < hidden; u++) {
        long at = 2L * r * hidden + u;
        worst = Math.max(worst, Math.abs(memory.get(at) - peerH[r * hidden + u]));
        worst = Math.max(worst, Math.abs(memory.get(at + hidden) - peerC[r * hidden + u]));
      }
    }
    if (!(worst <= TOLERANCE)) {
      throw new IllegalStateException(
          peer + " at " + batch + "x" + hidden + " is " + worst + " off: not the same work");
    }
  }

  /** Transposes (4H, columns) to (columns, 4H). */
  float[] transpose(float[] weights, int columns) {
    int rows = weights.length / columns;
    float[] transposed = new float[weights.length];
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < columns; k++) {
        transposed[k * rows + r] = weights[r * columns + k];
      }
    }
    return transposed;
  }

  private static float[] uniform(Random random, int count, double range) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * range);
    }
    return values;
  }
}
