package dev.sluice.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A {@link SequenceStack} that is being trained. The weights are here; what happens to them in a
 * batch of sequences is in {@link SequenceWindow}.
 */
public final class TrainableSequences {

  private final List<List<TrainableStack>> layers; // By layer and direction.

  private TrainableSequences(List<List<TrainableStack>> layers) {
    this.layers = List.copyOf(layers);
  }

  /**
   * What the layers are like.
   *
   * @param cell of all layers, {@link Cell#isTrainable}
   * @param units of each direction of each layer, bottom first
   * @param bothWays whether layers read backward too
   */
  public record Shape(Cell cell, List<Integer> units, boolean bothWays) {

    /** Keeps a copy of the units. */
    public Shape {
      units = List.copyOf(units);
    }
  }

  /** Returns a stack with weights as {@link TrainableStack#create} draws them. */
  public static TrainableSequences create(Shape shape, int inputs, long seed) {
    var random = new Random(seed);
    List<List<TrainableStack>> layers = new ArrayList<>();
    int directions = shape.bothWays() ? 2 : 1;
    int below = inputs;
    for (int units : shape.units()) {
      List<TrainableStack> layer = new ArrayList<>();
      for (int d = 0; d < directions; d++) {
        layer.add(
            TrainableStack.create(
                List.of(shape.cell()), below, new int[] {units}, random.nextLong()));
      }
      layers.add(layer);
      below = directions * units;
    }
    return new TrainableSequences(layers);
  }

  /** Returns a stack that goes on from weights learned before. */
  public static TrainableSequences from(SequenceStack stack) {
    List<List<TrainableStack>> layers = new ArrayList<>();
    for (SequenceLayer layer : stack.layers()) {
      layers.add(
          layer.directions().stream()
              .map(direction -> TrainableStack.from(new CellStack(List.of(direction))))
              .toList());
    }
    return new TrainableSequences(layers);
  }

  /** Returns a stack that shares the weights and collects gradients of its own. */
  public TrainableSequences shard() {
    return new TrainableSequences(
        layers.stream().map(l -> l.stream().map(TrainableStack::shard).toList()).toList());
  }

  /** Returns the weights, layer by layer, the forward direction first. */
  public List<Parameter> parameters() {
    return layers.stream().flatMap(List::stream).flatMap(d -> d.parameters().stream()).toList();
  }

  /** Returns the present weights, ready for inference. */
  public SequenceStack toStack() {
    List<SequenceLayer> now = new ArrayList<>();
    for (List<TrainableStack> layer : layers) {
      now.add(new SequenceLayer(layer.stream().map(d -> d.toStack().layers().getFirst()).toList()));
    }
    return new SequenceStack(now);
  }

  /**
   * Makes room for batches of sequences.
   *
   * @param lanes sequences side by side, at least 1
   * @param steps tokens of the longest, at least 1
   */
  public SequenceWindow window(int lanes, int steps) {
    return new SequenceWindow(layers, lanes, steps);
  }

  /** Returns the number of inputs of the bottom layer. */
  public int inputs() {
    return layers.getFirst().getFirst().inputs();
  }

  /** Returns the floats that the top layer says of a token. */
  public int outputs() {
    return layers.getLast().stream().mapToInt(TrainableStack::hidden).sum();
  }

  /** Returns how many of {@link #outputs} the forward direction has; they come first. */
  public int forwardOutputs() {
    return layers.getLast().getFirst().hidden();
  }
}
