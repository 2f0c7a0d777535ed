package dev.sluice.cell;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowBlock;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes batches of sequences through a {@link SequenceStack}.
 *
 * <pre>{@code
 * clear() → first = add(length), fill rows first… of inputs() → … → run() → read outputs()
 * }</pre>
 *
 * <p>The rows of a sequence follow each other, and those of the next sequence follow them: there is
 * no padding. What comes out for a sequence has the same bits whatever else is in the batch.
 *
 * <p>Confined to one thread; allocates nothing once it exists.
 */
public final class SequencePass {

  private final List<List<CellStack>> layers = new ArrayList<>(); // By layer and direction.
  private final RowBlock[] states; // The inputs, and the outputs of each layer: [tokens][W]
  private final int[] starts;
  private final int[] lengths;
  private final Floats memory; // [sequences][m], m of the direction at work
  private final Floats staged; // [sequences][stride], the tokens of one step
  private final RowSet rows;
  private final Scratch scratch;
  private final int tokens;
  private int count;
  private int used;

  SequencePass(SequenceStack stack, int sequences, int tokens) {
    this.tokens = tokens;
    this.states = new RowBlock[stack.layers().size() + 1];
    this.states[0] = rows(tokens, stack.inputs());
    int mostMemory = 0;
    int mostInputs = 0;
    int mostUnits = 0;
    for (SequenceLayer layer : stack.layers()) {
      List<CellStack> directions = new ArrayList<>();
      for (CellLayer direction : layer.directions()) {
        directions.add(new CellStack(List.of(direction)));
        mostMemory = Math.max(mostMemory, direction.memoryFloats());
        mostUnits = Math.max(mostUnits, direction.units());
      }
      layers.add(directions);
      mostInputs = Math.max(mostInputs, layer.inputs());
      states[layers.size()] = rows(tokens, layer.outputs());
    }
    this.starts = new int[sequences];
    this.lengths = new int[sequences];
    this.memory = Floats.allocate((long) sequences * mostMemory);
    this.staged = Floats.allocate((long) sequences * Floats.pad(mostInputs));
    this.rows = new RowSet(sequences);
    this.scratch = new Scratch(sequences, mostInputs, mostUnits, mostUnits);
  }

  private static RowBlock rows(int tokens, int width) {
    return RowBlock.allocate(tokens, width, Floats.pad(width));
  }

  /** Forgets all sequences. */
  public void clear() {
    count = 0;
    used = 0;
  }

  /** Returns whether there is room for another sequence of {@code length} tokens. */
  public boolean fits(int length) {
    return count < starts.length && length <= tokens - used;
  }

  /**
   * Adds a sequence.
   *
   * @param length its tokens; a sequence of none has no outputs
   * @return the row of its first token; the caller fills those rows of {@link #inputs}
   */
  public int add(int length) {
    if (length < 0 || !fits(length)) {
      throw new IllegalArgumentException(
          "No room for " + length + " tokens more. Make a larger pass, or run this one first");
    }
    starts[count] = used;
    lengths[count++] = length;
    used += length;
    return used - length;
  }

  /** Returns how many sequences there is room for. */
  public int capacity() {
    return starts.length;
  }

  /** Returns how many sequences there are. */
  public int count() {
    return count;
  }

  /** Returns how many tokens there are, of all sequences. */
  public int tokens() {
    return used;
  }

  /** Returns the row of the first token of a sequence. */
  public int start(int sequence) {
    return starts[sequence];
  }

  /** Returns the tokens of a sequence. */
  public int length(int sequence) {
    return lengths[sequence];
  }

  /** Returns where the caller puts the inputs, one row of I floats for each token; finite. */
  public RowBlock inputs() {
    return states[0];
  }

  /** Returns what the top layer says of each token, once {@link #run} is done. */
  public RowBlock outputs() {
    return states[states.length - 1];
  }

  /** Takes all sequences through all layers. */
  public void run() {
    for (int l = 0; l < layers.size(); l++) {
      int column = 0;
      for (int d = 0; d < layers.get(l).size(); d++) {
        CellStack cell = layers.get(l).get(d);
        run(cell, d > 0, states[l], states[l + 1], column);
        column += cell.hidden();
      }
    }
  }

  private void run(CellStack cell, boolean backward, RowBlock in, RowBlock out, int column) {
    memory.fill(0, (long) starts.length * cell.memoryFloats(), 0);
    for (int step = 0; stage(cell, step, backward, in); step++) {
      cell.step(rows, staged, in.stride(), scratch);
      for (int s = 0; s < count; s++) {
        if (step < lengths[s]) {
          long to = out.at(row(s, step, backward)) + column;
          Floats.copy(memory, (long) s * cell.memoryFloats(), out.block(), to, cell.hidden());
        }
      }
    }
  }

  /** Lists the sequences that have a token at {@code step}; returns whether there are any. */
  private boolean stage(CellStack cell, int step, boolean backward, RowBlock in) {
    rows.clear();
    for (int s = 0; s < count; s++) {
      if (step < lengths[s]) {
        long to = (long) rows.count() * in.stride();
        Floats.copy(in.block(), in.at(row(s, step, backward)), staged, to, in.width());
        rows.add(memory, (long) s * cell.memoryFloats(), cell.memoryFloats());
      }
    }
    return rows.count() > 0;
  }

  private int row(int sequence, int step, boolean backward) {
    return starts[sequence] + (backward ? lengths[sequence] - 1 - step : step);
  }
}
