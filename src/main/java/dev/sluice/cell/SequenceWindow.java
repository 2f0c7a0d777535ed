package dev.sluice.cell;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.LinearPanels;
import dev.sluice.kernel.RowBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A batch of B sequences of at most T tokens going through {@link TrainableSequences}.
 *
 * <pre>{@code
 * length() of each lane, fill inputs() → forward() → read outputs(), fill outputGradients() →
 * backward() → read inputGradients()
 * }</pre>
 *
 * <p>Rows are in the order t·B + b. What is beyond a sequence's end does not count: inputs there
 * may be anything finite, and gradients there are taken for 0.
 *
 * <p>Confined to one thread.
 */
public final class SequenceWindow {

  private final int lanes;
  private final int steps;
  private final List<List<StackWindow>> layers = new ArrayList<>(); // By layer and direction.
  private final List<RowBlock> states = new ArrayList<>(); // The inputs, each layer's outputs.
  private final List<RowBlock> gradients = new ArrayList<>(); // By the same.
  private final List<DropMask> masks = new ArrayList<>(); // Of each layer's outputs but the last's.
  private final int[] lengths;

  SequenceWindow(List<List<TrainableStack>> stacks, int lanes, int steps) {
    this.lanes = lanes;
    this.steps = steps;
    this.lengths = new int[lanes];
    add(stacks.getFirst().getFirst().inputs());
    for (List<TrainableStack> stack : stacks) {
      layers.add(stack.stream().map(d -> d.window(lanes, steps)).toList());
      int width = stack.stream().mapToInt(TrainableStack::hidden).sum();
      masks.add(new DropMask(layers.size() < stacks.size() ? lanes * steps * width : 0));
      add(width);
    }
  }

  private void add(int width) {
    int rows = lanes * steps;
    states.add(RowBlock.allocate(rows, width, Floats.pad(width)));
    gradients.add(RowBlock.allocate(rows, width, LinearPanels.paddedOutputs(width)));
  }

  /** Returns B. */
  public int lanes() {
    return lanes;
  }

  /** Returns T. */
  public int steps() {
    return steps;
  }

  /** Says how many tokens the sequence in {@code lane} has, 0 to T. */
  public void length(int lane, int length) {
    if (length < 0 || length > steps) {
      throw new IllegalArgumentException(
          "A sequence of " + length + " tokens. Give at most " + steps);
    }
    lengths[lane] = length;
  }

  /** Returns how many tokens the sequence in {@code lane} has. */
  public int length(int lane) {
    return lengths[lane];
  }

  /** Returns where the caller puts the inputs: rows of I floats, row t·B + b. */
  public RowBlock inputs() {
    return states.getFirst();
  }

  /** Returns what the top layer says of each token, row t·B + b. */
  public RowBlock outputs() {
    return states.getLast();
  }

  /** Returns where the caller puts the loss's gradients by {@link #outputs}. */
  public RowBlock outputGradients() {
    return gradients.getLast();
  }

  /** Returns the gradients by the inputs, once {@link #backward} has computed them. */
  public RowBlock inputGradients() {
    return gradients.getFirst();
  }

  /**
   * Goes forward.
   *
   * @param dropout rate at which the outputs of a layer are kept from the layer above
   * @param random decides which; the same generator gives the same
   */
  public void forward(double dropout, SplittableRandom random) {
    for (int l = 0; l < layers.size(); l++) {
      RowBlock out = states.get(l + 1);
      int column = 0;
      for (int d = 0; d < layers.get(l).size(); d++) {
        StackWindow window = layers.get(l).get(d);
        move(d > 0, slice(states.get(l), 0, window.inputs().width()), window.inputs());
        window.reset();
        window.forward();
        int width = window.outputs().width();
        move(d > 0, window.outputs(), slice(out, column, width));
        column += width;
      }
      if (l + 1 < layers.size()) {
        masks.get(l).draw(dropout, random);
        masks.get(l).apply(out);
      }
    }
  }

  /** Goes back from {@link #outputGradients}, adding to the gradients of all weights. */
  public void backward() {
    for (int l = layers.size() - 1; l >= 0; l--) {
      if (l + 1 < layers.size()) {
        masks.get(l).apply(gradients.get(l + 1));
      }
      RowBlock below = gradients.get(l);
      below.block().fill(0, below.block().size(), 0);
      int column = 0;
      for (int d = 0; d < layers.get(l).size(); d++) {
        StackWindow window = layers.get(l).get(d);
        RowBlock above = window.outputGradients();
        above.block().fill(0, above.block().size(), 0);
        move(d > 0, slice(gradients.get(l + 1), column, above.width()), above);
        window.backwardToInputs();
        add(d > 0, window.inputGradients(), below);
        column += above.width();
      }
    }
  }

  private static RowBlock slice(RowBlock rows, int column, int width) {
    return new RowBlock(rows.block(), rows.start() + column, rows.stride(), rows.rows(), width);
  }

  /** Copies the rows of all tokens, those of each sequence in reverse if {@code backward}. */
  private void move(boolean backward, RowBlock from, RowBlock to) {
    for (int lane = 0; lane < lanes; lane++) {
      for (int t = 0; t < lengths[lane]; t++) {
        long at = to.at(row(lane, t, backward));
        Floats.copy(from.block(), from.at(t * lanes + lane), to.block(), at, to.width());
      }
    }
  }

  private void add(boolean backward, RowBlock from, RowBlock to) {
    for (int lane = 0; lane < lanes; lane++) {
      for (int t = 0; t < lengths[lane]; t++) {
        int target = row(lane, t, backward);
        for (int k = 0; k < to.width(); k++) {
          to.set(target, k, to.get(target, k) + from.get(t * lanes + lane, k));
        }
      }
    }
  }

  private int row(int lane, int t, boolean backward) {
    return (backward ? lengths[lane] - 1 - t : t) * lanes + lane;
  }
}
