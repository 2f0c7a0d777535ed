package dev.sluice.bench.train;

import dev.sluice.bench.train.LongTask.Sequence;
import dev.sluice.cell.Adam;
import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.cell.Parameter;
import dev.sluice.cell.StackWindow;
import dev.sluice.cell.TrainableLinear;
import dev.sluice.cell.TrainableStack;
import dev.sluice.kernel.RowBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Whether the trainer bridges long lags: {@code LongMemory TASK LAG [HIDDEN [SEEDS [RATE]]]}, TASK
 * one of {@link LongTask}. Trains until the last 10,000 sequences were all answered right, where
 * the paper was content with 2,000, then counts the mistakes in 2,560 new ones.
 *
 * <p>What is not the paper's: one layer of LSTM cells with forget gates, Adam, batches of 32, and
 * biases of the gates that begin with memories of all spans up to the lag (Tallec and Ollivier
 * 2018).
 */
final class LongMemory {

  private static final int LANES = 32;
  private static final int IN_A_ROW = 10_000;
  private static final int TESTS = 2560;
  private static final int MOST = 2_000_000;
  private static final double CLIP = 1;

  private final LongTask task;
  private final int lag;
  private final TrainableStack stack;
  private final TrainableLinear head;
  private final Adam adam;
  private final double rate;
  private final StackWindow window;
  private final RowBlock out;
  private final RowBlock gradients;
  private final Sequence[] lanes = new Sequence[LANES];
  private final SplittableRandom random;

  private LongMemory(LongTask task, int lag, int hidden, long seed, double rate) {
    this.task = task;
    this.lag = lag;
    this.rate = rate;
    this.random = new SplittableRandom(seed);
    int steps = task.longest(lag);
    this.stack = remembering(TrainableStack.create(task.inputs, new int[] {hidden}, seed), steps);
    this.head = TrainableLinear.create("head", hidden, task.outputs, seed + 1);
    List<Parameter> parameters = new ArrayList<>(stack.parameters());
    parameters.addAll(head.parameters());
    this.adam = new Adam(parameters, Adam.Options.of(rate));
    this.window = stack.window(LANES, steps);
    this.out = head.allocateOutputs(LANES * steps);
    this.gradients = head.allocateOutputs(LANES * steps);
    for (int lane = 0; lane < LANES; lane++) {
      lanes[lane] = new Sequence(task, lag);
    }
  }

  public static void main(String[] args) {
    LongTask task = LongTask.valueOf(args[0].toUpperCase(Locale.ROOT));
    int lag = Integer.parseInt(args[1]);
    int hidden = args.length > 2 ? Integer.parseInt(args[2]) : 16;
    int seeds = args.length > 3 ? Integer.parseInt(args[3]) : 1;
    double rate = args.length > 4 ? Double.parseDouble(args[4]) : 0.005;
    for (int seed = 1; seed <= seeds; seed++) {
      long start = System.nanoTime();
      var one = new LongMemory(task, lag, hidden, seed, rate);
      int needed = one.train();
      System.out.printf(
          Locale.ROOT,
          "%s lag %d seed %d: %s after %,d sequences, %d of %,d wrong, %.0f s%n",
          task,
          lag,
          seed,
          needed < MOST ? "learned" : "NOT learned",
          needed,
          one.wrong(),
          TESTS,
          (System.nanoTime() - start) / 1e9);
    }
  }

  /** Gives forget gates biases log(u) with u in [1, span], and input gates the opposite. */
  private static TrainableStack remembering(TrainableStack stack, int span) {
    CellLayer layer = stack.toStack().layers().getFirst();
    var weights = layer.weights();
    int hidden = layer.hidden();
    float[] bias = layer.bias();
    for (int u = 0; u < hidden; u++) {
      double memory = StrictMath.log(1 + (span - 1.0) * (u + 0.5) / hidden);
      bias[u] = (float) -memory;
      bias[hidden + u] = (float) memory;
    }
    weights.put(Cell.BIAS, bias);
    var begun = CellLayer.of(Cell.LSTM, layer.inputs(), hidden, hidden, weights);
    return TrainableStack.from(new CellStack(List.of(begun)));
  }

  /** Returns how many sequences it took. */
  private int train() {
    int right = 0;
    double wrongLately = 1;
    int seen = 0;
    while (right < IN_A_ROW && seen < MOST) {
      boolean[] mistakes = step(true);
      for (boolean mistake : mistakes) {
        right = mistake ? 0 : right + 1;
        wrongLately += ((mistake ? 1 : 0) - wrongLately) / 500;
      }
      seen += LANES;
      adam.learningRate(rate * Math.clamp(wrongLately * 3, 0.01, 1));
      if (seen % (LANES * 1000) == 0) {
        System.err.printf(Locale.ROOT, "%,d sequences, %.3f wrong%n", seen, wrongLately);
      }
    }
    return seen;
  }

  private int wrong() {
    int wrong = 0;
    for (int i = 0; i < TESTS / LANES; i++) {
      for (boolean mistake : step(false)) {
        wrong += mistake ? 1 : 0;
      }
    }
    return wrong;
  }

  /** Goes through new sequences and, where it learns, back; returns which were answered wrong. */
  private boolean[] step(boolean learn) {
    int steps = window.steps();
    for (int lane = 0; lane < LANES; lane++) {
      task.draw(random, lag, lanes[lane]);
      place(lane, steps - lanes[lane].length);
    }
    window.forward();
    head.forward(window.outputs(), out);
    gradients.block().fill(0, gradients.block().size(), 0);
    boolean[] mistakes = new boolean[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      mistakes[lane] = judge(lane, steps - lanes[lane].length);
    }
    if (learn) {
      head.backward(window.outputs(), gradients, window.outputGradients());
      window.backward();
      adam.step(CLIP);
    }
    return mistakes;
  }

  /** Puts a sequence at the end of its lane, which begins there with an empty memory. */
  private void place(int lane, int first) {
    for (int t = 0; t < window.steps(); t++) {
      window.begin(t, lane, t == first);
      for (int k = 0; k < task.inputs; k++) {
        float x = t < first ? 0 : lanes[lane].x[t - first][k];
        window.inputs().set(t * LANES + lane, k, x);
      }
    }
  }

  private boolean judge(int lane, int first) {
    Sequence sequence = lanes[lane];
    if (!task.isGrammar()) {
      int row = (window.steps() - 1) * LANES + lane;
      return task.outputs == 1 ? value(row, sequence) : kind(row, sequence);
    }
    boolean wrong = false;
    for (int t = 0; t < sequence.length; t++) {
      wrong |= symbol((first + t) * LANES + lane, sequence.legal[t], sequence.next[t]);
    }
    return wrong;
  }

  private boolean value(int row, Sequence sequence) {
    float miss = out.get(row, 0) - sequence.target[0];
    gradients.set(row, 0, 2 * miss / LANES);
    return Math.abs(miss) > task.tolerance;
  }

  /** A class is right when every output is within the tolerance of what it should be. */
  private boolean kind(int row, Sequence sequence) {
    double[] p = softmax(row);
    boolean wrong = false;
    for (int o = 0; o < task.outputs; o++) {
      double miss = p[o] - sequence.target[o];
      gradients.set(row, o, (float) (miss / LANES));
      wrong |= Math.abs(miss) > task.tolerance;
    }
    return wrong;
  }

  /** Symbols are right when every one that may come is likelier than every one that may not. */
  private boolean symbol(int row, boolean[] legal, int next) {
    double[] p = softmax(row);
    double least = 1;
    double most = 0;
    for (int o = 0; o < task.outputs; o++) {
      gradients.set(row, o, (float) ((p[o] - (o == next ? 1 : 0)) / LANES));
      least = legal[o] ? Math.min(least, p[o]) : least;
      most = legal[o] ? most : Math.max(most, p[o]);
    }
    return most >= least;
  }

  private double[] softmax(int row) {
    double[] p = new double[task.outputs];
    double sum = 0;
    for (int o = 0; o < p.length; o++) {
      p[o] = Math.exp(out.get(row, o));
      sum += p[o];
    }
    for (int o = 0; o < p.length; o++) {
      p[o] /= sum;
    }
    return p;
  }
}
