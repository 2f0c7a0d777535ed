package dev.sluice.cell;

import dev.sluice.kernel.RowBlock;

/**
 * The part of pooling that inference and training share: one sequence at a time, whose tokens are
 * the rows {@code first}, {@code first + step}, …. An object that is reused, not one a sequence:
 * what runs per message allocates nothing.
 */
final class PoolRows {

  private final RowBlock states;
  private final int step;
  private int first;
  private int length;

  PoolRows(RowBlock states, int step) {
    this.states = states;
    this.step = step;
  }

  /** Turns to another sequence. */
  PoolRows at(int firstRow, int tokens) {
    first = firstRow;
    length = tokens;
    return this;
  }

  int length() {
    return length;
  }

  float get(int token, int column) {
    return states.get(row(token), column);
  }

  int row(int token) {
    return first + token * step;
  }

  /** Replaces scores by weights that sum to 1. */
  static void softmax(float[] scores, int at, int count) {
    float most = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + count; i++) {
      most = Math.max(most, scores[i]);
    }
    double sum = 0;
    for (int i = at; i < at + count; i++) {
      scores[i] = (float) StrictMath.exp(scores[i] - most);
      sum += scores[i];
    }
    for (int i = at; i < at + count; i++) {
      scores[i] = (float) (scores[i] / sum);
    }
  }

  /** Writes Σ a_t h_t into a row. */
  void weigh(float[] weights, int at, RowBlock into, int row) {
    clear(into, row);
    for (int t = 0; t < length; t++) {
      float weight = weights[at + t];
      for (int k = 0; k < states.width(); k++) {
        into.set(row, k, Math.fma(weight, states.get(row(t), k), into.get(row, k)));
      }
    }
  }

  /** Writes what is read last into a row: the first {@code forward} floats at the end. */
  void last(int forward, RowBlock into, int row) {
    clear(into, row);
    for (int k = 0; length > 0 && k < states.width(); k++) {
      into.set(row, k, states.get(row(k < forward ? length - 1 : 0), k));
    }
  }

  /** Writes the largest values into a row. */
  void max(RowBlock into, int row) {
    clear(into, row);
    for (int k = 0; length > 0 && k < states.width(); k++) {
      into.set(row, k, states.get(row(largest(k)), k));
    }
  }

  /** Returns the first token with the largest value in a column. */
  int largest(int column) {
    int largest = 0;
    for (int t = 1; t < length; t++) {
      if (states.get(row(t), column) > states.get(row(largest), column)) {
        largest = t;
      }
    }
    return largest;
  }

  private static void clear(RowBlock into, int row) {
    for (int k = 0; k < into.width(); k++) {
      into.set(row, k, 0);
    }
  }
}
