package dev.sluice.cell;

import dev.sluice.kernel.GatePanels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A stack of LSTM layers that is being trained by truncated back-propagation through time. The
 * weights are here; what happens to them in a batch of sequences is in {@link LstmWindow}.
 */
public final class TrainableLstm {

  private final List<Layer> layers;

  /**
   * One layer.
   *
   * @param inputs I
   * @param hidden H
   * @param parameter [panels][1 + I + H][64], row 0 of a panel the bias
   */
  record Layer(int inputs, int hidden, Parameter parameter) {

    LstmLayer toLayer() {
      float[] inputWeights = new float[LstmLayer.GATES * hidden * inputs];
      float[] hiddenWeights = new float[LstmLayer.GATES * hidden * hidden];
      float[] bias = new float[LstmLayer.GATES * hidden];
      GatePanels.layBack(parameter.value(), inputWeights, hiddenWeights, bias, hidden);
      return LstmLayer.of(inputs, hidden, inputWeights, hiddenWeights, bias);
    }
  }

  private TrainableLstm(List<Layer> layers) {
    this.layers = List.copyOf(layers);
  }

  /**
   * Returns a stack with weights uniform in ±1/√H, the biases of the forget gates 1, so that a
   * young cell remembers (Jozefowicz, Zaremba and Sutskever 2015), and the others 0.
   *
   * @param inputs of the bottom layer
   * @param hidden units of each layer, the bottom one first
   * @param seed the same seed gives the same weights
   */
  public static TrainableLstm create(int inputs, int[] hidden, long seed) {
    var random = new Random(seed);
    List<LstmLayer> layers = new ArrayList<>();
    int below = inputs;
    for (int units : hidden) {
      LstmLayer.requireSize("inputs", below);
      LstmLayer.requireSize("hidden", units);
      double range = 1 / StrictMath.sqrt(units);
      float[] inputWeights = uniform(random, LstmLayer.GATES * units * below, range);
      float[] hiddenWeights = uniform(random, LstmLayer.GATES * units * units, range);
      float[] bias = new float[LstmLayer.GATES * units];
      Arrays.fill(bias, units, 2 * units, 1);
      layers.add(LstmLayer.of(below, units, inputWeights, hiddenWeights, bias));
      below = units;
    }
    return from(new LstmStack(layers));
  }

  /** Returns a stack that goes on from weights learned before. */
  public static TrainableLstm from(LstmStack stack) {
    List<Layer> layers = new ArrayList<>();
    for (LstmLayer layer : stack.layers()) {
      long size = GatePanels.floats(layer.inputs(), layer.hidden());
      var parameter = Parameter.zeros("lstm." + layers.size(), size);
      GatePanels.layOut(
          layer.inputWeights(),
          layer.hiddenWeights(),
          layer.bias(),
          parameter.value(),
          layer.hidden());
      layers.add(new Layer(layer.inputs(), layer.hidden(), parameter));
    }
    return new TrainableLstm(layers);
  }

  /** Returns a stack that shares the weights and collects gradients of its own. */
  public TrainableLstm shard() {
    List<Layer> shards = new ArrayList<>();
    for (Layer layer : layers) {
      shards.add(new Layer(layer.inputs(), layer.hidden(), layer.parameter().shard()));
    }
    return new TrainableLstm(shards);
  }

  /** Returns the weights, one parameter per layer, the bottom one first. */
  public List<Parameter> parameters() {
    return layers.stream().map(Layer::parameter).toList();
  }

  /** Returns the present weights, ready for inference. */
  public LstmStack toStack() {
    return new LstmStack(layers.stream().map(Layer::toLayer).toList());
  }

  /**
   * Makes room for batches of sequences.
   *
   * @param lanes sequences side by side, at least 1
   * @param steps of a window, at least 1
   */
  public LstmWindow window(int lanes, int steps) {
    return new LstmWindow(layers, lanes, steps);
  }

  /** Returns the number of inputs of the bottom layer. */
  public int inputs() {
    return layers.getFirst().inputs();
  }

  /** Returns the number of units of the top layer. */
  public int hidden() {
    return layers.getLast().hidden();
  }

  static float[] uniform(Random random, int count, double range) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * range);
    }
    return values;
  }
}
