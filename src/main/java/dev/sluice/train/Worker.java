package dev.sluice.train;

import dev.sluice.cell.StackWindow;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowBlock;
import java.util.SplittableRandom;

/**
 * Takes some lanes through a window, forward and backward, and leaves the gradients in its own
 * shard of the network. Workers share nothing that they write, so that they may run at once; what
 * they compute does not depend on whether they do.
 */
final class Worker {

  /** Outputs of the head that are in memory at once: 1 MB. */
  private static final int OUTPUT_FLOATS = 1 << 18;

  private final Network network;
  private final Samples samples;
  private final Lanes plan;
  private final int firstLane;
  private final int lanes;
  private final int steps;
  private final double dropout;
  private final SplittableRandom random;
  private final Objective[] objectives; // By head.
  private final StackWindow window;
  private final Floats[] tables;
  private final Floats[] tableGradients;
  private final RowBlock[] outputs; // By head: [chunk][O]
  private final RowBlock noMemory; // [chunk][H], zeros
  private final RowBlock spare; // [chunk][H]: gradients to be added to others, or to nothing.
  private final float[] mask; // [T · B][H]
  private final float[] inputGradient; // (I)
  private double nats;
  private long predicted;

  /**
   * Creates a worker.
   *
   * @param network a shard of its own
   * @param plan which events to take; those of {@code lanes} lanes from {@code firstLane} on
   * @param random decides what is dropped
   */
  Worker(
      Network network,
      Samples samples,
      Lanes plan,
      Range lanes,
      Shape shape,
      SplittableRandom random) {
    this.network = network;
    this.samples = samples;
    this.plan = plan;
    this.firstLane = lanes.first();
    this.lanes = lanes.count();
    this.steps = shape.steps();
    this.dropout = shape.dropout();
    this.random = random;
    this.objectives = network.heads().stream().map(Objective::new).toArray(Objective[]::new);
    this.window = network.lstm().window(lanes.count(), steps);
    this.tables = network.tables();
    this.tableGradients = network.tableGradients();
    int rows = lanes.count() * steps;
    int width =
        network.linears().stream().mapToInt(l -> l.allocateOutputs(1).stride()).max().orElse(1);
    int chunk = Math.clamp(OUTPUT_FLOATS / width, 1, rows);
    int hidden = network.lstm().hidden();
    this.outputs =
        network.linears().stream().map(l -> l.allocateOutputs(chunk)).toArray(RowBlock[]::new);
    this.noMemory = RowBlock.allocate(chunk, hidden, window.outputs().stride());
    this.spare = RowBlock.allocate(chunk, hidden, window.outputGradients().stride());
    this.mask = new float[dropout > 0 ? rows * hidden : 0];
    this.inputGradient = new float[samples.width()];
  }

  /** Some lanes. */
  record Range(int first, int count) {}

  /** What all workers have in common. */
  record Shape(int steps, double dropout) {}

  /**
   * Goes through the window that the plan is at.
   *
   * @param scale factor of every event's gradient
   */
  void run(float scale) {
    nats = 0;
    predicted = 0;
    place();
    if (dropout > 0) {
      window.forward(dropout, random);
      drop();
    } else {
      window.forward();
    }
    judgeSteps(scale);
    judgeFirsts(scale);
    if (dropout > 0) {
      multiply(window.outputGradients());
    }
    if (tables.length == 0) {
      window.backward();
    } else {
      window.backwardToInputs();
      learnWords();
    }
  }

  private void place() {
    RowBlock inputs = window.inputs();
    for (int step = 0; step < steps; step++) {
      for (int lane = 0; lane < lanes; lane++) {
        int event = plan.event(step, firstLane + lane);
        window.begin(step, lane, plan.begins(step, firstLane + lane));
        if (event != Lanes.NONE) {
          samples.inputs(event, tables, inputs.block(), inputs.at(step * lanes + lane));
        }
      }
    }
  }

  /** The connections to the head are dropped like those between the layers. */
  private void drop() {
    float kept = (float) (1 / (1 - dropout));
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextDouble() < dropout ? 0 : kept;
    }
    multiply(window.outputs());
  }

  private void multiply(RowBlock rows) {
    int i = 0;
    for (int row = 0; row < rows.rows(); row++) {
      for (int column = 0; column < rows.width(); column++) {
        rows.set(row, column, rows.get(row, column) * mask[i++]);
      }
    }
  }

  /** The memory after each step predicts the next event of its key. */
  private void judgeSteps(float scale) {
    RowBlock hidden = window.outputs();
    int chunk = spare.rows();
    for (int first = 0; first < hidden.rows(); first += chunk) {
      int count = Math.min(chunk, hidden.rows() - first);
      RowBlock in = part(hidden, first, count);
      RowBlock gradients = part(window.outputGradients(), first, count);
      for (int h = 0; h < objectives.length; h++) {
        RowBlock out = part(outputs[h], 0, count);
        network.linears().get(h).forward(in, out);
        for (int i = 0; i < count; i++) {
          int row = first + i;
          judge(h, out.at(i), plan.predicted(row / lanes, firstLane + row % lanes), scale);
        }
        backward(h, in, out, gradients);
      }
    }
  }

  /** Sets the gradients by the hidden units for the first head, and adds for the others. */
  private void backward(int h, RowBlock in, RowBlock out, RowBlock gradients) {
    if (h == 0) {
      network.linears().get(h).backward(in, out, gradients);
      return;
    }
    RowBlock more = part(spare, 0, in.rows());
    network.linears().get(h).backward(in, out, more);
    for (int row = 0; row < in.rows(); row++) {
      for (int k = 0; k < more.width(); k++) {
        gradients.set(row, k, gradients.get(row, k) + more.get(row, k));
      }
    }
  }

  /** The first event of a key is predicted from an empty memory. */
  private void judgeFirsts(float scale) {
    // One worker does it for all lanes: there is nothing of a lane in it.
    int firsts = firstLane == 0 ? plan.firstCount() : 0;
    int chunk = spare.rows();
    for (int first = 0; first < firsts; first += chunk) {
      int count = Math.min(chunk, firsts - first);
      RowBlock in = part(noMemory, 0, count);
      for (int h = 0; h < objectives.length; h++) {
        RowBlock out = part(outputs[h], 0, count);
        network.linears().get(h).forward(in, out);
        for (int i = 0; i < count; i++) {
          judge(h, out.at(i), plan.first(first + i), scale);
        }
        network.linears().get(h).backward(in, out, part(spare, 0, count));
      }
    }
  }

  /** Replaces outputs by their gradient, 0 where there is nothing to predict. */
  private void judge(int h, long at, int event, float scale) {
    Floats block = outputs[h].block();
    if (event == Lanes.NONE || Double.isNaN(samples.target(h, event))) {
      block.fill(at, outputs[h].width(), 0);
      return;
    }
    nats += objectives[h].differentiate(block, at, samples.target(h, event), scale);
    predicted++;
  }

  private static RowBlock part(RowBlock rows, int first, int count) {
    return new RowBlock(rows.block(), rows.at(first), rows.stride(), count, rows.width());
  }

  private void learnWords() {
    RowBlock gradients = window.inputGradients();
    for (int step = 0; step < steps; step++) {
      for (int lane = 0; lane < lanes; lane++) {
        int event = plan.event(step, firstLane + lane);
        if (event != Lanes.NONE) {
          long at = gradients.at(step * lanes + lane);
          gradients.block().read(at, inputGradient, 0, inputGradient.length);
          learnWords(event);
        }
      }
    }
  }

  private void learnWords(int event) {
    for (int w = 0; w < tables.length; w++) {
      int dimensions = samples.dimensions(w);
      long at = (long) samples.wordId(w, event) * dimensions;
      for (int d = 0; d < dimensions; d++) {
        float sum = tableGradients[w].get(at + d) + inputGradient[samples.column(w) + d];
        tableGradients[w].set(at + d, sum);
      }
    }
  }

  Network network() {
    return network;
  }

  /** Returns the sum of the surprises of the last window, in nats. */
  double nats() {
    return nats;
  }

  /** Returns how many predictions of a head there were in the last window. */
  long predicted() {
    return predicted;
  }
}
