package dev.sluice.bench.train;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The experiments of Hochreiter and Schmidhuber 1997 (Neural Computation 9) that need a memory:
 * what a sequence looks like, what is asked of the network, and when an answer is right.
 */
enum LongTask {
  /** Experiment 1: an embedded Reber grammar; the second symbol has to be kept to the end. */
  REBER(7, 7, 0),
  /** Experiment 4: two marked numbers far back are to be added. */
  ADDING(2, 1, 0.04),
  /** Experiment 5: the same, to be multiplied. */
  MULTIPLICATION(2, 1, 0.04),
  /** Experiment 6a: in which order two symbols came, four classes. */
  ORDER2(8, 4, 0.3),
  /** Experiment 6b: in which order three symbols came, eight classes. */
  ORDER3(8, 8, 0.3);

  private static final int LONGEST_REBER = 40;
  private static final double FOURTH = 0.25;
  private static final String SYMBOLS = "BTPSXVE";

  /** Where the Reber grammar goes: by node, pairs of symbol and next node. */
  private static final int[][] REBER_GRAPH = {
    {1, 1, 2, 2}, // T or P
    {3, 1, 4, 3}, // S stays, X
    {1, 2, 5, 4}, // T stays, V
    {3, 5, 4, 2}, // S ends, X
    {5, 5, 2, 3}, // V ends, P
  };

  private static final int REBER_END = 5;

  final int inputs;
  final int outputs;
  final double tolerance;

  LongTask(int inputs, int outputs, double tolerance) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.tolerance = tolerance;
  }

  /** A sequence and what is asked; reuse it. */
  static final class Sequence {
    final float[][] x;
    int length;

    /** What is to be said at the end. */
    final float[] target;

    /** After each step, which symbols may come; of the grammar alone. */
    final boolean[][] legal;

    /** After each step, which one comes. */
    final int[] next;

    Sequence(LongTask task, int lag) {
      int steps = task.longest(lag);
      this.x = new float[steps][task.inputs];
      this.target = new float[task.outputs];
      this.legal = new boolean[steps][task.outputs];
      this.next = new int[steps];
    }
  }

  /** Returns the steps of the longest sequence at a lag of {@code lag}. */
  int longest(int lag) {
    return this == REBER ? LONGEST_REBER : lag + lag / 10;
  }

  boolean isGrammar() {
    return this == REBER;
  }

  void draw(SplittableRandom random, int lag, Sequence into) {
    for (float[] row : into.x) {
      Arrays.fill(row, 0);
    }
    switch (this) {
      case REBER -> reber(random, into);
      case ADDING, MULTIPLICATION -> numbers(random, lag, into);
      case ORDER2 -> order(random, lag, into, new int[][] {{10, 20}, {50, 60}});
      case ORDER3 -> order(random, lag, into, new int[][] {{10, 20}, {33, 43}, {66, 76}});
    }
  }

  private void numbers(SplittableRandom random, int lag, Sequence into) {
    into.length = lag + random.nextInt(lag / 10 + 1);
    double low = this == ADDING ? -1 : 0;
    for (int t = 0; t < into.length; t++) {
      into.x[t][0] = (float) random.nextDouble(low, 1);
    }
    into.x[0][1] = -1;
    into.x[into.length - 1][1] = -1;
    int first = random.nextInt(10);
    int second = first;
    while (second == first) {
      second = random.nextInt(lag / 2 - 1);
    }
    double a = mark(into, first);
    double b = mark(into, second);
    into.target[0] = (float) (this == ADDING ? 0.5 + (a + b) * FOURTH : a * b);
  }

  /** The first of all is no number when it is marked, as in the paper. */
  private static double mark(Sequence into, int at) {
    into.x[at][1] = 1;
    if (at == 0) {
      into.x[0][0] = 0;
    }
    return into.x[at][0];
  }

  private void order(SplittableRandom random, int lag, Sequence into, int[][] spans) {
    into.length = lag + random.nextInt(lag / 10 + 1);
    for (int t = 0; t < into.length; t++) {
      into.x[t][random.nextInt(4)] = 1; // a, b, c or d: noise.
    }
    set(into.x[0], 4); // E begins, B triggers.
    set(into.x[into.length - 1], 5);
    int answer = 0;
    for (int[] span : spans) {
      int which = random.nextInt(2);
      int at = lag * (span[0] + random.nextInt(span[1] - span[0] + 1)) / 100;
      set(into.x[at], 6 + which);
      answer = 2 * answer + which;
    }
    Arrays.fill(into.target, 0);
    into.target[answer] = 1;
  }

  private static void set(float[] row, int symbol) {
    Arrays.fill(row, 0);
    row[symbol] = 1;
  }

  private void reber(SplittableRandom random, Sequence into) {
    do {
      for (boolean[] row : into.legal) {
        Arrays.fill(row, false);
      }
      into.length = 0;
      int branch = 1 + random.nextInt(2); // T or P, to come again before the end.
      say(into, symbol('B'), 1, 2);
      say(into, branch, symbol('B'));
      say(into, symbol('B'), 1, 2);
      int node = 0;
      while (node < REBER_END && into.length < LONGEST_REBER - 4) {
        int[] edges = REBER_GRAPH[node];
        int edge = random.nextInt(2);
        node = edges[2 * edge + 1];
        if (node < REBER_END) {
          say(into, edges[2 * edge], REBER_GRAPH[node][0], REBER_GRAPH[node][2]);
        } else {
          say(into, edges[2 * edge], symbol('E'));
        }
      }
      if (node == REBER_END) {
        say(into, symbol('E'), branch);
        say(into, branch, symbol('E'));
        return;
      }
    } while (true);
  }

  private static int symbol(char c) {
    return SYMBOLS.indexOf(c);
  }

  private static void say(Sequence into, int symbol, int... then) {
    int t = into.length++;
    set(into.x[t], symbol);
    for (int one : then) {
      into.legal[t][one] = true;
    }
    if (t > 0) {
      into.next[t - 1] = symbol;
    }
    into.next[t] = then[0]; // Of the last step: E.
  }
}
