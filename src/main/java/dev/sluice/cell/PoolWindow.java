package dev.sluice.cell;

import dev.sluice.kernel.LinearPanels;
import dev.sluice.kernel.RowBlock;
import dev.sluice.kernel.Tanh;
import org.jspecify.annotations.Nullable;

/**
 * Pools the outputs of a {@link SequenceWindow}, and goes back. Confined to one thread.
 *
 * <p>Which weights a token has is learned: with a_t = softmax(s)_t and context = Σ a_t h_t, ds_t =
 * a_t (g·h_t - Σ a g·h) where g is the gradient by the context.
 */
public final class PoolWindow {

  private final TrainablePool pool;
  private final SequenceWindow window;
  private final PoolRows rows;
  private final int forward;
  private final float[] weights; // [B][T]
  private final float[] slopes; // (T), g·h
  private final RowBlock contexts; // [B][W]
  private final RowBlock contextGradients; // [B][W]
  private final @Nullable Scores scores;

  /** What attention computes on the way to the weights, rows t·B + b. */
  private record Scores(
      TrainableLinear query,
      RowBlock values, // (1)
      RowBlock gradients, // (1)
      @Nullable RowBlock hidden, // (A), after tanh
      @Nullable RowBlock hiddenGradients, // (A)
      RowBlock stateGradients) {} // (W)

  PoolWindow(TrainablePool pool, SequenceWindow window, int forward) {
    this.pool = pool;
    this.window = window;
    this.rows = new PoolRows(window.outputs(), window.lanes());
    this.forward = forward;
    this.weights = new float[window.lanes() * window.steps()];
    this.slopes = new float[window.steps()];
    int width = window.outputs().width();
    this.contexts = padded(window.lanes(), width);
    this.contextGradients = padded(window.lanes(), width);
    this.scores = scores(pool, window);
  }

  private static @Nullable Scores scores(TrainablePool pool, SequenceWindow window) {
    TrainableLinear query = pool.query();
    if (query == null) {
      return null;
    }
    int rows = window.outputs().rows();
    TrainableLinear hidden = pool.hidden();
    return new Scores(
        query,
        query.allocateOutputs(rows),
        query.allocateOutputs(rows),
        hidden == null ? null : hidden.allocateOutputs(rows),
        hidden == null ? null : hidden.allocateOutputs(rows),
        padded(rows, window.outputs().width()));
  }

  private static RowBlock padded(int rows, int width) {
    return RowBlock.allocate(rows, width, LinearPanels.paddedOutputs(width));
  }

  /** Returns what is said of each lane's sequence, row by row. */
  public RowBlock contexts() {
    return contexts;
  }

  /** Returns where the caller puts the loss's gradients by {@link #contexts}. */
  public RowBlock contextGradients() {
    return contextGradients;
  }

  /** Pools the outputs of the window, which has gone forward. */
  public void forward() {
    if (scores != null) {
      score(scores);
    }
    for (int lane = 0; lane < window.lanes(); lane++) {
      turnTo(lane);
      int at = lane * window.steps();
      switch (pool.pooling()) {
        case Pooling.Plain.LAST -> rows.last(forward, contexts, lane);
        case Pooling.Plain.MAX -> rows.max(contexts, lane);
        case Pooling.Plain.MEAN -> {
          java.util.Arrays.fill(weights, at, at + rows.length(), 1f / rows.length());
          rows.weigh(weights, at, contexts, lane);
        }
        case Pooling.Additive _, Pooling.Dot _ -> {
          PoolRows.softmax(weights, at, rows.length());
          rows.weigh(weights, at, contexts, lane);
        }
      }
    }
  }

  private void turnTo(int lane) {
    rows.at(lane, window.length(lane));
  }

  private void score(Scores parts) {
    RowBlock below = window.outputs();
    TrainableLinear hidden = pool.hidden();
    RowBlock units = parts.hidden();
    if (hidden != null && units != null) {
      hidden.forward(below, units);
      Tanh.apply(units.block(), 0, units.block().size());
      below = units;
    }
    parts.query().forward(below, parts.values());
    for (int lane = 0; lane < window.lanes(); lane++) {
      for (int t = 0; t < window.length(lane); t++) {
        weights[lane * window.steps() + t] = parts.values().get(t * window.lanes() + lane, 0);
      }
    }
  }

  /** Goes back, adding to the gradients by the window's outputs and by the weights. */
  public void backward() {
    RowBlock into = window.outputGradients();
    for (int lane = 0; lane < window.lanes(); lane++) {
      turnTo(lane);
      switch (pool.pooling()) {
        case Pooling.Plain.LAST -> backLast(lane, into);
        case Pooling.Plain.MAX -> backMax(lane, into);
        default -> backWeighed(lane, into);
      }
    }
    if (scores != null) {
      backScores(scores, into);
    }
  }

  private void backLast(int lane, RowBlock into) {
    for (int k = 0; rows.length() > 0 && k < into.width(); k++) {
      add(into, rows.row(k < forward ? rows.length() - 1 : 0), k, contextGradients.get(lane, k));
    }
  }

  private void backMax(int lane, RowBlock into) {
    for (int k = 0; rows.length() > 0 && k < into.width(); k++) {
      add(into, rows.row(rows.largest(k)), k, contextGradients.get(lane, k));
    }
  }

  private void backWeighed(int lane, RowBlock into) {
    int at = lane * window.steps();
    float mean = 0;
    for (int t = 0; t < rows.length(); t++) {
      float slope = 0;
      for (int k = 0; k < into.width(); k++) {
        float gradient = contextGradients.get(lane, k);
        slope += gradient * rows.get(t, k);
        add(into, rows.row(t), k, weights[at + t] * gradient);
      }
      slopes[t] = slope;
      mean += weights[at + t] * slope;
    }
    for (int t = 0; scores != null && t < window.steps(); t++) {
      boolean padding = t >= rows.length();
      float gradient = padding ? 0 : weights[at + t] * (slopes[t] - mean);
      scores.gradients().set(rows.row(t), 0, gradient);
    }
  }

  private void backScores(Scores parts, RowBlock into) {
    RowBlock states = window.outputs();
    RowBlock units = parts.hidden();
    RowBlock unitGradients = parts.hiddenGradients();
    TrainableLinear hidden = pool.hidden();
    if (hidden == null || units == null || unitGradients == null) {
      parts.query().backward(states, parts.gradients(), parts.stateGradients());
    } else {
      parts.query().backward(units, parts.gradients(), unitGradients);
      for (int row = 0; row < units.rows(); row++) {
        for (int k = 0; k < units.width(); k++) {
          float value = units.get(row, k);
          unitGradients.set(row, k, unitGradients.get(row, k) * (1 - value * value));
        }
      }
      hidden.backward(states, unitGradients, parts.stateGradients());
    }
    for (int row = 0; row < into.rows(); row++) {
      for (int k = 0; k < into.width(); k++) {
        add(into, row, k, parts.stateGradients().get(row, k));
      }
    }
  }

  private static void add(RowBlock into, int row, int column, float value) {
    into.set(row, column, into.get(row, column) + value);
  }
}
