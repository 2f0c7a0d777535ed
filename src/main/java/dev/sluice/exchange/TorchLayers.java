package dev.sluice.exchange;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.head.Linear;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * {@code torch.nn.LSTM}, {@code GRU}, {@code LSTMCell}, {@code GRUCell} and {@code Linear} by the
 * names that PyTorch gives their weights.
 *
 * <p>Gates are in PyTorch's order already: i, f, g, o and r, z, n. Its two biases are one, except
 * within a GRU's reset.
 */
public final class TorchLayers implements ForeignLayers {

  private static final String FIRST = "weight_ih_l0";
  private static final String CELL = "weight_ih";
  private static final String WEIGHT = ".weight";
  private static final String AGAIN = "Save the model again";

  private final StateDict from;
  private final SequencedSet<String> names;

  /** Reads of {@code from}. */
  public TorchLayers(StateDict from) {
    this.from = from;
    this.names = from.names();
  }

  @Override
  public CellStack stack(Optional<String> name) {
    String prefix = prefix(name);
    boolean isSequence = has(prefix + FIRST);
    if (has(prefix + FIRST + "_reverse")) {
      throw refused(
          quoted(prefix) + " runs in both directions",
          "A key's events have no end to begin from: train one direction");
    }
    var layers = new ArrayList<CellLayer>();
    for (int l = 0; l == 0 || has(prefix + CELL + suffix(l, isSequence)); l++) {
      if (l > 0 && !isSequence) {
        break;
      }
      layers.add(layer(prefix, suffix(l, isSequence)));
    }
    try {
      return new CellStack(layers);
    } catch (IllegalArgumentException e) {
      throw refused(quoted(prefix) + " is no stack: " + e.getMessage(), AGAIN);
    }
  }

  private static String suffix(int layer, boolean isSequence) {
    return isSequence ? "_l" + layer : "";
  }

  private String prefix(Optional<String> name) {
    List<String> found =
        names.stream()
            .filter(tensor -> tensor.endsWith(FIRST) || tensor.endsWith(CELL))
            .map(tensor -> tensor.substring(0, tensor.lastIndexOf(CELL)))
            .filter(prefix -> prefix.isEmpty() || prefix.endsWith("."))
            .toList();
    if (name.isPresent()) {
      String prefix = name.get().isEmpty() ? "" : name.get() + ".";
      if (!found.contains(prefix)) {
        throw refused("it has no recurrent module " + quoted(name.get()), "It has " + found);
      }
      return prefix;
    }
    if (found.size() != 1) {
      throw refused(
          "it has " + found.size() + " recurrent modules " + found,
          found.isEmpty() ? "Save one with an LSTM or a GRU" : "Say which with --rnn");
    }
    return found.getFirst();
  }

  private CellLayer layer(String prefix, String suffix) {
    String ofInputs = prefix + CELL + suffix;
    String ofHidden = prefix + "weight_hh" + suffix;
    String projection = prefix + "weight_hr" + suffix;
    int[] inputShape = matrix(ofInputs);
    int[] hiddenShape = matrix(ofHidden);
    boolean isProjected = has(projection);
    int units = isProjected ? matrix(projection)[1] : hiddenShape[1];
    Cell cell = kind(inputShape[0], units, isProjected, ofInputs);
    var weights = new LinkedHashMap<String, float[]>();
    weights.put(Cell.INPUTS, from.floats(ofInputs));
    weights.put(Cell.HIDDEN, from.floats(ofHidden));
    float[] bias = bias(prefix + "bias_ih" + suffix, inputShape[0]);
    float[] other = bias(prefix + "bias_hh" + suffix, inputShape[0]);
    int common = cell == Cell.GRU ? 2 * units : bias.length;
    for (int i = 0; i < common; i++) {
      bias[i] += other[i];
    }
    weights.put(Cell.BIAS, bias);
    if (cell == Cell.GRU) {
      weights.put(Cell.RESET_BIAS, java.util.Arrays.copyOfRange(other, common, other.length));
    }
    if (isProjected) {
      weights.put(Cell.PROJECTION, from.floats(projection));
    }
    try {
      return CellLayer.of(cell, inputShape[1], units, hiddenShape[1], weights);
    } catch (IllegalArgumentException e) {
      throw refused(quoted(ofInputs) + ": " + e.getMessage(), AGAIN);
    }
  }

  private Cell kind(int rows, int units, boolean isProjected, String name) {
    if (rows == 4 * units) {
      return isProjected ? Cell.PROJECTED : Cell.LSTM;
    }
    if (rows == 3 * units && !isProjected) {
      return Cell.GRU;
    }
    String problem = quoted(name) + " has " + rows + " rows for " + units + " units";
    throw refused(problem, "An LSTM has 4 a unit, a GRU 3; plain RNNs are not supported");
  }

  private float[] bias(String name, int rows) {
    if (!has(name)) {
      return new float[rows]; // bias=False
    }
    if (!from.shape(name).equals(List.of(rows))) {
      throw refused(
          quoted(name) + " has shape " + from.shape(name) + ", not [" + rows + "]", AGAIN);
    }
    return from.floats(name);
  }

  @Override
  public Linear linear(Optional<String> name, int inputs) {
    List<String> found =
        names.stream()
            .filter(tensor -> tensor.endsWith(WEIGHT) && from.shape(tensor).size() == 2)
            .map(tensor -> tensor.substring(0, tensor.length() - WEIGHT.length()))
            .toList();
    String module = name.orElseGet(() -> found.size() == 1 ? found.getFirst() : "");
    if (!found.contains(module)) {
      throw refused(
          name.map(wanted -> "it has no linear module " + quoted(wanted))
              .orElse("it has " + found.size() + " linear modules"),
          found.isEmpty() ? "Save one with a Linear" : "Say which with --head: " + found);
    }
    int[] shape = matrix(module + WEIGHT);
    if (shape[1] != inputs) {
      throw refused(
          quoted(module) + " takes " + shape[1] + " inputs, the layer below gives " + inputs,
          "Save a model whose Linear is fed by the recurrent module");
    }
    float[] bias = bias(module + ".bias", shape[0]);
    try {
      return new Linear(from.floats(module + WEIGHT), bias, inputs);
    } catch (IllegalArgumentException e) {
      throw refused(quoted(module) + ": " + e.getMessage(), AGAIN);
    }
  }

  private int[] matrix(String name) {
    if (!has(name) || from.shape(name).size() != 2) {
      throw refused(quoted(name) + " is missing, or no matrix", AGAIN);
    }
    List<Integer> shape = from.shape(name);
    return new int[] {shape.get(0), shape.get(1)};
  }

  private boolean has(String name) {
    return names.contains(name);
  }

  private static String quoted(String text) {
    return StoredZip.quoted(text);
  }

  private ForeignFileException refused(String problem, String remedy) {
    return new ForeignFileException(from.where(), problem, remedy);
  }
}
