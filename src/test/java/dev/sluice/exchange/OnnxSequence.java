package dev.sluice.exchange;

import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.exchange.OnnxCells.Direction;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import java.util.Arrays;
import java.util.List;

/**
 * An operator of ONNX over sequences that end, by single steps of our kernel. Because they end, one
 * that runs backward is the same kernel over the reversed sequence.
 *
 * @param lengths steps of each sequence that count
 */
record OnnxSequence(OnnxCells cells, float[] x, int steps, int[] lengths) {

  /** Memory, by direction and sequence in the order of the operator's layout. */
  record Memory(float[] h, float[] c) {}

  /** What the operator gives: every h, and the last memory. */
  record Outputs(float[] y, Memory last) {}

  /** Returns a memory of zeros. */
  Memory zeros() {
    int size = cells.layers().size() * batch() * units();
    return new Memory(new float[size], new float[size]);
  }

  /** Returns what comes of a memory, which is changed. */
  Outputs run(Memory memory) {
    float[] y = new float[steps * cells.layers().size() * batch() * units()];
    for (int d = 0; d < cells.layers().size(); d++) {
      for (int b = 0; b < batch(); b++) {
        run(d, b, memory, y);
      }
    }
    return new Outputs(y, memory);
  }

  private void run(int direction, int b, Memory memory, float[] y) {
    CellLayer layer = cells.layers().get(direction);
    var stack = new CellStack(List.of(layer));
    Floats row = Floats.allocate(stack.memoryFloats());
    int at =
        units()
            * (cells.isBatchFirst()
                ? b * cells.layers().size() + direction
                : direction * batch() + b);
    row.write(0, memory.h(), at, units());
    if (layer.cell().hasCellState()) {
      row.write(Floats.pad(units()), memory.c(), at, units());
    }
    var rows = new RowSet(1);
    rows.add(row, 0, stack.memoryFloats());
    int stride = Floats.pad(layer.inputs());
    Floats inputs = Floats.allocate(stride);
    Scratch scratch = stack.scratch(1);
    boolean isBackward = cells.direction() == Direction.REVERSE || direction == 1;
    for (int s = 0; s < lengths[b]; s++) {
      int t = isBackward ? lengths[b] - 1 - s : s;
      int sequence = cells.isBatchFirst() ? b * steps + t : t * batch() + b;
      inputs.write(0, x, sequence * layer.inputs(), layer.inputs());
      stack.step(rows, inputs, stride, scratch);
      row.read(0, y, yAt(t, direction, b), units());
    }
    row.read(0, memory.h(), at, units());
    if (layer.cell().hasCellState()) {
      row.read(Floats.pad(units()), memory.c(), at, units());
    }
  }

  private int yAt(int t, int direction, int b) {
    int directions = cells.layers().size();
    int index =
        cells.isBatchFirst()
            ? (b * steps + t) * directions + direction
            : (t * directions + direction) * batch() + b;
    return index * units();
  }

  private int batch() {
    return lengths.length;
  }

  private int units() {
    return cells.layers().getFirst().units();
  }

  /** Returns lengths of sequences of which every step counts. */
  static int[] whole(int steps, int batch) {
    int[] lengths = new int[batch];
    Arrays.fill(lengths, steps);
    return lengths;
  }
}
