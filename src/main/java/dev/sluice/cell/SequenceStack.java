package dev.sluice.cell;

import java.util.List;

/**
 * Recurrent layers for sequences that have an end, such as the tokens of a message: memory begins
 * at zero with each sequence, and a layer may read it in both directions. A layer above reads, at
 * each token, [h forward, h backward] of the layer below.
 *
 * <p>Immutable; one instance serves all threads. What changes is in a {@link SequencePass}.
 */
public final class SequenceStack {

  private final List<SequenceLayer> layers;

  /**
   * Stacks {@code layers}, the first at the bottom.
   *
   * @throws IllegalArgumentException if there are none or more than {@value CellStack#MAX_LAYERS},
   *     or if one does not take as many inputs as the one below has outputs
   */
  public SequenceStack(List<SequenceLayer> layers) {
    if (layers.isEmpty() || layers.size() > CellStack.MAX_LAYERS) {
      throw new IllegalArgumentException(
          "A stack of "
              + layers.size()
              + " layers is not possible. Give 1 to "
              + CellStack.MAX_LAYERS);
    }
    this.layers = List.copyOf(layers);
    for (int l = 1; l < layers.size(); l++) {
      int below = layers.get(l - 1).outputs();
      if (layers.get(l).inputs() != below) {
        throw new IllegalArgumentException(
            "Layer "
                + l
                + " takes "
                + layers.get(l).inputs()
                + " inputs, the layer below has "
                + below
                + " outputs. Give layers that fit each other");
      }
    }
  }

  /** Returns the layers, the first at the bottom. */
  public List<SequenceLayer> layers() {
    return layers;
  }

  /** Returns the number of inputs of the bottom layer. */
  public int inputs() {
    return layers.getFirst().inputs();
  }

  /** Returns the floats that the top layer says of a token. */
  public int outputs() {
    return layers.getLast().outputs();
  }

  /** Returns how many of {@link #outputs} the forward direction has; they come first. */
  public int forwardOutputs() {
    return layers.getLast().forwardOutputs();
  }

  /**
   * Makes room for batches of sequences.
   *
   * @param sequences most of a batch, at least 1
   * @param tokens most of all sequences of a batch together, at least 1
   */
  public SequencePass pass(int sequences, int tokens) {
    return new SequencePass(this, sequences, tokens);
  }
}
