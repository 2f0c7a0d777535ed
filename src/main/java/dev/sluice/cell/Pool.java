package dev.sluice.cell;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.LinearPanels;
import dev.sluice.kernel.RowBlock;
import dev.sluice.kernel.Scratch;
import dev.sluice.kernel.Tanh;
import org.jspecify.annotations.Nullable;

/**
 * Pools the outputs of a {@link SequencePass}, by attention or otherwise.
 *
 * <p>Confined to one thread. As of the pass, what comes out for a sequence does not depend on the
 * others.
 */
public final class Pool {

  private static final Kernel KERNEL = Kernel.best();

  private final Pooling pooling;
  private final SequencePass pass;
  private final PoolRows rows;
  private final int forward;
  private final @Nullable Hidden hidden;
  private final float[] weights; // By token.
  private final RowBlock contexts; // [sequences][W]

  /** The layer below additive scores. */
  private record Hidden(LinearPanels panels, Floats outputs, Scratch scratch) {

    static Hidden of(Pooling.Additive additive, int width, int tokens) {
      int units = additive.query().length;
      var panels = LinearPanels.pack(additive.weights(), additive.bias(), units, width);
      return new Hidden(
          panels,
          Floats.allocate((long) tokens * panels.paddedOutputs()),
          new Scratch(tokens, width, Math.max(1, panels.paddedOutputs() / 4)));
    }
  }

  /**
   * Makes room for what {@code pass} has room for.
   *
   * @param forward floats of the forward direction, which come first
   */
  public Pool(Pooling pooling, SequencePass pass, int forward) {
    this.pooling = pooling;
    this.pass = pass;
    this.forward = forward;
    RowBlock states = pass.outputs();
    this.rows = new PoolRows(states, 1);
    pooling.check(states.width());
    this.hidden =
        pooling instanceof Pooling.Additive a ? Hidden.of(a, states.width(), states.rows()) : null;
    this.weights = new float[states.rows()];
    this.contexts = RowBlock.allocate(pass.capacity(), states.width(), Floats.pad(states.width()));
  }

  /** Returns what is said of each sequence, row by row, once {@link #run} is done. */
  public RowBlock contexts() {
    return contexts;
  }

  /**
   * Returns how much of the context of its sequence a token is: those of a sequence sum to 1, if it
   * has tokens. 0 where the pooling does not weigh tokens.
   *
   * @param row of the token in the pass
   */
  public float weight(int row) {
    return weights[row];
  }

  /** Pools every sequence that is in the pass, which has run. */
  public void run() {
    if (pass.tokens() > 0 && pooling instanceof Pooling.Additive additive && hidden != null) {
      scoreByLayer(additive, hidden);
    }
    for (int s = 0; s < pass.count(); s++) {
      pool(s);
    }
  }

  private void pool(int sequence) {
    int at = pass.start(sequence);
    rows.at(at, pass.length(sequence));
    switch (pooling) {
      case Pooling.Additive _ -> attend(sequence);
      case Pooling.Dot(float[] query) -> {
        for (int t = 0; t < rows.length(); t++) {
          weights[at + t] = dot(query, pass.outputs().block(), pass.outputs().at(at + t));
        }
        attend(sequence);
      }
      case Pooling.Plain.LAST -> rows.last(forward, contexts, sequence);
      case Pooling.Plain.MAX -> rows.max(contexts, sequence);
      case Pooling.Plain.MEAN -> {
        java.util.Arrays.fill(weights, at, at + rows.length(), 1f / rows.length());
        rows.weigh(weights, at, contexts, sequence);
      }
    }
  }

  private void attend(int sequence) {
    int at = pass.start(sequence);
    PoolRows.softmax(weights, at, rows.length());
    rows.weigh(weights, at, contexts, sequence);
  }

  private void scoreByLayer(Pooling.Additive additive, Hidden layer) {
    RowBlock states = pass.outputs();
    int stride = layer.panels().paddedOutputs();
    int tokens = pass.tokens();
    KERNEL.linear(
        layer.panels(), states.block(), states.stride(), tokens, layer.outputs(), layer.scratch());
    Tanh.apply(layer.outputs(), 0, (long) tokens * stride);
    for (int row = 0; row < tokens; row++) {
      weights[row] = dot(additive.query(), layer.outputs(), (long) row * stride);
    }
  }

  private static float dot(float[] query, Floats values, long at) {
    float sum = 0;
    for (int k = 0; k < query.length; k++) {
      sum = Math.fma(query[k], values.get(at + k), sum);
    }
    return sum;
  }
}
