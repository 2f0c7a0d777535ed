package dev.sluice.train;

import dev.sluice.cell.DropMask;
import dev.sluice.cell.Parameter;
import dev.sluice.cell.PoolWindow;
import dev.sluice.cell.SequenceWindow;
import dev.sluice.cell.TrainableLinear;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.LinearPanels;
import dev.sluice.kernel.RowBlock;
import dev.sluice.kernel.Scratch;
import dev.sluice.text.Vocabulary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Takes some messages forward and backward, and leaves the gradients in its own shard of the
 * network. Workers share nothing that they write.
 */
final class MessageWorker {

  private static final Kernel KERNEL = Kernel.best();

  /** Windows are made for lengths that are multiples of this, as they are needed. */
  private static final int LENGTHS = 4;

  private static final double LEAST_PROBABILITY = 1e-12;

  private final MessageNetwork network;
  private final MessageSamples samples;
  private final MessageTraining options;
  private final int lanes;
  private final SplittableRandom random;
  private final Scratch scratch = new Scratch(1, 1, 1);
  private final Map<Integer, Room> rooms = new HashMap<>(); // By steps.
  private int[] messages = {}; // By lane.
  private int[][] ids = {}; // By row t·B + b, and view.
  private double nats;

  /**
   * Creates a worker.
   *
   * @param network a shard of its own
   * @param lanes most messages of a call
   * @param random decides what is dropped
   */
  MessageWorker(
      MessageNetwork network,
      MessageSamples samples,
      MessageTraining options,
      int lanes,
      SplittableRandom random) {
    this.network = network;
    this.samples = samples;
    this.options = options;
    this.lanes = lanes;
    this.random = random;
  }

  /** What is needed for messages of up to T tokens. */
  private record Room(
      SequenceWindow window,
      PoolWindow pool,
      DropMask inputs,
      Reading ofMessages,
      Reading ofTokens) {}

  /** What a head reads, after dropout, and the gradients by it. */
  private record Reading(DropMask mask, RowBlock seen, RowBlock gradients) {

    static Reading of(int rows, int width) {
      int stride = LinearPanels.paddedOutputs(width);
      return new Reading(
          new DropMask(rows * width),
          RowBlock.allocate(rows, width, stride),
          RowBlock.allocate(rows, width, stride));
    }

    void see(RowBlock states, double rate, SplittableRandom random) {
      for (int row = 0; row < states.rows(); row++) {
        Floats.copy(states.block(), states.at(row), seen.block(), seen.at(row), states.width());
      }
      mask.draw(rate, random);
      mask.apply(seen);
    }

    /** Hands the gradients on, over what is there. */
    void handOn(RowBlock into) {
      mask.apply(gradients);
      for (int row = 0; row < into.rows(); row++) {
        Floats.copy(gradients.block(), gradients.at(row), into.block(), into.at(row), into.width());
      }
    }
  }

  /** Factors of the gradient of each message's label and of each token's tag. */
  record Scales(float label, float tag) {}

  MessageNetwork network() {
    return network;
  }

  /** Returns the loss of the last call, in nats times {@link Scales}. */
  double nats() {
    return nats;
  }

  /**
   * Learns from messages.
   *
   * @param batch their numbers, of which those from {@code from} to {@code end} are for this worker
   */
  void run(int[] batch, int from, int end, Scales scales) {
    messages = java.util.Arrays.copyOfRange(batch, from, end);
    nats = 0;
    int longest = 1;
    for (int message : messages) {
      longest = Math.max(longest, samples.length(message));
    }
    int steps = Math.ceilDiv(longest, LENGTHS) * LENGTHS;
    Room room = rooms.computeIfAbsent(steps, this::room);
    place(room);
    room.window().forward(options.dropout().layers(), random);
    RowBlock gradients = room.window().outputGradients();
    gradients.block().fill(0, gradients.block().size(), 0);
    network.tags().ifPresent(head -> learnTags(room, head, scales.tag()));
    network.label().ifPresent(head -> learnLabel(room, head, scales.label()));
    room.window().backward();
    room.inputs().apply(room.window().inputGradients());
    learnWords(room.window());
  }

  private Room room(int steps) {
    SequenceWindow window = network.stack().window(lanes, steps);
    int rows = lanes * steps;
    int width = network.stack().outputs();
    return new Room(
        window,
        network.pool().window(window, network.stack().forwardOutputs()),
        new DropMask(rows * network.stack().inputs()),
        Reading.of(lanes, width),
        Reading.of(rows, width));
  }

  private void place(Room room) {
    SequenceWindow window = room.window();
    ids = new int[lanes * window.steps()][0];
    for (int lane = 0; lane < lanes; lane++) {
      int length = lane < messages.length ? samples.length(messages[lane]) : 0;
      window.length(lane, length);
      for (int t = 0; t < length; t++) {
        place(window.inputs(), t * lanes + lane, messages[lane], t);
      }
    }
    room.inputs().draw(options.dropout().inputs(), random);
    room.inputs().apply(window.inputs());
  }

  private void place(RowBlock inputs, int row, int message, int token) {
    List<Parameter> tables = network.tables();
    ids[row] = new int[tables.size()];
    long at = inputs.at(row);
    for (int view = 0; view < tables.size(); view++) {
      boolean drop = random.nextDouble() < options.dropout().words();
      int id = drop ? Vocabulary.UNKNOWN : samples.id(message, token, view);
      int width = network.width(view);
      Floats.copy(tables.get(view).value(), (long) id * width, inputs.block(), at, width);
      ids[row][view] = id;
      at += width;
    }
  }

  private void learnTags(Room room, TrainableLinear head, float scale) {
    Reading reading = room.ofTokens();
    reading.see(room.window().outputs(), options.dropout().heads(), random);
    RowBlock out = head.allocateOutputs(reading.seen().rows());
    head.forward(reading.seen(), out);
    for (int row = 0; row < out.rows(); row++) {
      boolean isToken = row / lanes < room.window().length(row % lanes);
      int target = isToken ? samples.tag(messages[row % lanes], row / lanes) : MessageSamples.NONE;
      differentiate(out, row, target, scale);
    }
    head.backward(reading.seen(), out, reading.gradients());
    reading.handOn(room.window().outputGradients());
  }

  private void learnLabel(Room room, TrainableLinear head, float scale) {
    Reading reading = room.ofMessages();
    room.pool().forward();
    reading.see(room.pool().contexts(), options.dropout().heads(), random);
    RowBlock out = head.allocateOutputs(lanes);
    head.forward(reading.seen(), out);
    for (int lane = 0; lane < lanes; lane++) {
      int target = lane < messages.length ? samples.label(messages[lane]) : MessageSamples.NONE;
      differentiate(out, lane, target, scale);
    }
    head.backward(reading.seen(), out, reading.gradients());
    reading.handOn(room.pool().contextGradients());
    room.pool().backward();
  }

  /** Replaces logits by the gradient of the cross-entropy, 0 where there is nothing to say. */
  private void differentiate(RowBlock out, int row, int target, float scale) {
    if (target == MessageSamples.NONE) {
      out.block().fill(out.at(row), out.width(), 0);
      return;
    }
    KERNEL.softmax(out.block(), out.at(row), out.width(), scratch);
    double probability = Math.max(LEAST_PROBABILITY, out.get(row, target));
    nats -= StrictMath.log(probability) * scale;
    float others = (float) (options.smoothing() / out.width());
    float wanted = (float) (1 - options.smoothing()) + others;
    for (int k = 0; k < out.width(); k++) {
      out.set(row, k, (out.get(row, k) - (k == target ? wanted : others)) * scale);
    }
  }

  private void learnWords(SequenceWindow window) {
    RowBlock gradients = window.inputGradients();
    List<Parameter> tables = network.tables();
    for (int row = 0; row < ids.length; row++) {
      int column = 0;
      for (int view = 0; view < ids[row].length; view++) {
        int width = network.width(view);
        Floats into = tables.get(view).gradient();
        long at = (long) ids[row][view] * width;
        for (int d = 0; d < width; d++) {
          into.set(at + d, into.get(at + d) + gradients.get(row, column + d));
        }
        column += width;
      }
    }
  }
}
