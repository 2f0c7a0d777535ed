package dev.sluice.cell;

import dev.sluice.kernel.CellPanels;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.GatePanels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A stack of recurrent layers that is being trained by truncated back-propagation through time. The
 * weights are here; what happens to them in a batch of sequences is in {@link StackWindow}.
 */
public final class TrainableStack {

  private final List<Layer> layers;

  /**
   * One layer.
   *
   * @param cell one that {@link Cell#isTrainable}
   * @param inputs I
   * @param hidden H
   * @param parameter [panels][1 + I + H][64], row 0 of a panel the bias; four groups, whatever the
   *     cell
   * @param peepholes [panels][3][16], of a {@link Cell#PEEPHOLE} alone
   */
  record Layer(
      Cell cell, int inputs, int hidden, Parameter parameter, @Nullable Parameter peepholes) {

    private static final int UNITS = 16;
    private static final int PEEPHOLES = 3 * UNITS;

    static Layer of(CellLayer layer, int index) {
      if (!layer.cell().isTrainable()) {
        throw new IllegalArgumentException(
            "Layer " + index + " of " + layer.cell().id() + " cells cannot be trained here");
      }
      int hidden = layer.hidden();
      long size = GatePanels.floats(layer.inputs(), hidden);
      var parameter = Parameter.zeros("lstm." + index, size);
      CellPanels.Gates gates = layer.gates();
      GatePanels.layOut(gates.inputs(), gates.hidden(), gates.bias(), parameter.value(), hidden);
      Parameter peepholes = null;
      if (layer.cell() == Cell.PEEPHOLE) {
        float[] values = layer.shared(Cell.PEEPHOLES);
        long floats = Floats.pad(hidden) / UNITS * (long) PEEPHOLES;
        peepholes = Parameter.zeros("lstm." + index + ".peephole", floats);
        for (int k = 0; k < values.length; k++) {
          peepholes.value().set(peepholeAt(k, hidden), values[k]);
        }
      }
      return new Layer(layer.cell(), layer.inputs(), hidden, parameter, peepholes);
    }

    /** Returns where weight {@code k} of shape (3, H) is among the panels. */
    static long peepholeAt(int k, int hidden) {
      int unit = k % hidden;
      return (long) unit / UNITS * PEEPHOLES + (long) k / hidden * UNITS + unit % UNITS;
    }

    Layer shard() {
      Parameter own = peepholes == null ? null : peepholes.shard();
      return new Layer(cell, inputs, hidden, parameter.shard(), own);
    }

    void addTo(List<Parameter> parameters) {
      parameters.add(parameter);
      if (peepholes != null) {
        parameters.add(peepholes);
      }
    }

    CellLayer toLayer() {
      var weights = new LinkedHashMap<String, float[]>();
      cell.shapes(inputs, hidden, hidden)
          .forEach((name, shape) -> weights.put(name, new float[product(shape)]));
      int rows = CellLayer.LSTM_GATES * hidden;
      var gates =
          new CellPanels.Gates(
              new float[rows * inputs], new float[rows * hidden], new float[rows], hidden);
      GatePanels.layBack(parameter.value(), gates.inputs(), gates.hidden(), gates.bias(), hidden);
      CellPacking.takeBack(cell, gates, weights);
      if (peepholes != null) {
        float[] values = Objects.requireNonNull(weights.get(Cell.PEEPHOLES));
        for (int k = 0; k < values.length; k++) {
          values[k] = peepholes.value().get(peepholeAt(k, hidden));
        }
      }
      return CellLayer.of(cell, inputs, hidden, hidden, weights);
    }

    private static int product(int[] shape) {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
  }

  private TrainableStack(List<Layer> layers) {
    this.layers = List.copyOf(layers);
  }

  /**
   * Returns a stack with weights uniform in ±1/√H, the biases of the forget gates (a GRU's update
   * gates) 1, so that a young cell remembers (Jozefowicz, Zaremba and Sutskever 2015), the others
   * 0, and peepholes closed.
   *
   * @param cells of each layer, all {@link Cell#isTrainable}
   * @param inputs of the bottom layer
   * @param hidden units of each layer, the bottom one first
   * @param seed the same seed gives the same weights
   */
  public static TrainableStack create(List<Cell> cells, int inputs, int[] hidden, long seed) {
    var random = new Random(seed);
    List<CellLayer> layers = new ArrayList<>();
    int below = inputs;
    for (int units : hidden) {
      CellLayer.requireSize("inputs", below);
      CellLayer.requireSize("hidden", units);
      layers.add(layer(cells.get(layers.size()), below, units, random));
      below = units;
    }
    return from(new CellStack(layers));
  }

  /** Does so for plain LSTMs. */
  public static TrainableStack create(int inputs, int[] hidden, long seed) {
    return create(Collections.nCopies(hidden.length, Cell.LSTM), inputs, hidden, seed);
  }

  private static CellLayer layer(Cell cell, int inputs, int units, Random random) {
    double range = 1 / StrictMath.sqrt(units);
    var weights = new LinkedHashMap<String, float[]>();
    cell.shapes(inputs, units, units)
        .forEach(
            (name, shape) -> {
              int size = Layer.product(shape);
              boolean drawn = name.equals(Cell.INPUTS) || name.equals(Cell.HIDDEN);
              weights.put(name, drawn ? uniform(random, size, range) : new float[size]);
            });
    float[] bias = Objects.requireNonNull(weights.get(Cell.BIAS));
    if (cell == Cell.COUPLED) {
      Arrays.fill(bias, 0, units, -1); // f = 1 - i
    } else {
      Arrays.fill(bias, units, 2 * units, 1);
    }
    return CellLayer.of(cell, inputs, units, units, weights);
  }

  /** Returns a stack that goes on from weights learned before. */
  public static TrainableStack from(CellStack stack) {
    List<Layer> layers = new ArrayList<>();
    for (CellLayer layer : stack.layers()) {
      layers.add(Layer.of(layer, layers.size()));
    }
    return new TrainableStack(layers);
  }

  /** Returns a stack that shares the weights and collects gradients of its own. */
  public TrainableStack shard() {
    List<Layer> shards = new ArrayList<>();
    for (Layer layer : layers) {
      shards.add(layer.shard());
    }
    return new TrainableStack(shards);
  }

  /** Returns the weights, one or two parameters per layer, the bottom one first. */
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    layers.forEach(layer -> layer.addTo(parameters));
    return parameters;
  }

  /** Returns the present weights, ready for inference. */
  public CellStack toStack() {
    return new CellStack(layers.stream().map(Layer::toLayer).toList());
  }

  /**
   * Makes room for batches of sequences.
   *
   * @param lanes sequences side by side, at least 1
   * @param steps of a window, at least 1
   */
  public StackWindow window(int lanes, int steps) {
    return new StackWindow(layers, lanes, steps);
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
