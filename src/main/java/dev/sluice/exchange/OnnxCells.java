package dev.sluice.exchange;

import static dev.sluice.exchange.OnnxProto.reordered;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What an operator {@code LSTM} or {@code GRU} of ONNX is here: layers with the weights it has.
 *
 * @param layers one, or of a bidirectional operator the forward and the reverse one
 * @param isBatchFirst whether sequences are [batch, steps, …] instead of [steps, batch, …]
 */
record OnnxCells(Direction direction, List<CellLayer> layers, boolean isBatchFirst) {

  /** Which way an operator goes along a sequence. */
  enum Direction {
    FORWARD,
    REVERSE,
    BIDIRECTIONAL
  }

  private static final Set<String> ATTRIBUTES =
      Set.of("activations", "activation_alpha", "activation_beta", "clip", "direction");
  private static final Set<String> MORE_ATTRIBUTES = Set.of("hidden_size", "layout");
  private static final int PEEPHOLES = 7;

  /**
   * Reads an operator.
   *
   * @param numbers of an input, by its name
   * @throws ForeignFileException if our cells do not compute what it does
   */
  static OnnxCells of(OnnxNode node, Function<String, OnnxArray> numbers) {
    boolean isLstm = node.operator().equals("LSTM");
    Direction direction = direction(node);
    int directions = direction == Direction.BIDIRECTIONAL ? 2 : 1;
    requireKnown(node, isLstm ? "input_forget" : "linear_before_reset");
    requireActivations(node, isLstm, directions);
    var weights = new Weights(node, numbers, directions, isLstm ? 4 : 3);
    var layers = new ArrayList<CellLayer>();
    for (int d = 0; d < directions; d++) {
      layers.add(isLstm ? lstm(node, weights, d) : gru(node, weights, d));
    }
    return new OnnxCells(direction, List.copyOf(layers), node.number("layout", 0) == 1);
  }

  private static Direction direction(OnnxNode node) {
    OnnxNode.Attribute said = node.attributes().get("direction");
    String name = said == null ? "forward" : said.text();
    return switch (name) {
      case "forward" -> Direction.FORWARD;
      case "reverse" -> Direction.REVERSE;
      case "bidirectional" -> Direction.BIDIRECTIONAL;
      default ->
          throw node.refused(
              "has direction " + StoredZip.quoted(name), "Save a model that runs forward");
    };
  }

  private static void requireKnown(OnnxNode node, String own) {
    for (String name : node.attributes().keySet()) {
      if (!ATTRIBUTES.contains(name) && !MORE_ATTRIBUTES.contains(name) && !name.equals(own)) {
        throw node.refused(
            "has an attribute " + StoredZip.quoted(name) + ", which is not known here",
            "Save it with an opset that has no such attribute");
      }
    }
    if (node.real("clip", 0) != 0) {
      throw node.refused(
          "has clip "
              + node.real("clip", 0)
              + "; cells here do not cut off the sums of their gates",
          "Train without clip");
    }
  }

  private static void requireActivations(OnnxNode node, boolean isLstm, int directions) {
    List<String> one = isLstm ? List.of("Sigmoid", "Tanh", "Tanh") : List.of("Sigmoid", "Tanh");
    OnnxNode.Attribute said = node.attributes().get("activations");
    if (said == null || said.texts().isEmpty()) {
      return;
    }
    List<String> ours =
        Collections.nCopies(directions, one).stream().flatMap(List::stream).toList();
    boolean isSame = said.texts().size() == ours.size();
    for (int i = 0; isSame && i < ours.size(); i++) {
      isSame = said.texts().get(i).equalsIgnoreCase(ours.get(i));
    }
    if (!isSame) {
      throw node.refused(
          "has activations " + StoredZip.quoted(String.join(", ", said.texts())),
          "Cells here have " + String.join(", ", one) + ": train with these");
    }
  }

  private static CellLayer lstm(OnnxNode node, Weights from, int direction) {
    float[] inputs = reordered(from.inputs(direction), 0, 2, 3, 1);
    float[] hidden = reordered(from.hidden(direction), 0, 2, 3, 1);
    float[] bias = sum(from.bias(direction, 0), from.bias(direction, 1));
    bias = reordered(bias, 0, 2, 3, 1);
    boolean isCoupled = node.number("input_forget", 0) != 0;
    if (!node.input(PEEPHOLES).isEmpty()) {
      if (isCoupled) {
        throw node.refused(
            "has input_forget and peepholes, which no cell here has together",
            "Train with one of them");
      }
      float[] peepholes = reordered(from.peepholes(direction), 0, 2, 1); // i o f
      return from.layer(Cell.PEEPHOLE, inputs, hidden, bias, Map.of(Cell.PEEPHOLES, peepholes));
    }
    // An exported coupled cell is an LSTM whose f is the negated i: it becomes what it was.
    if (isCoupled || (isNegated(inputs) && isNegated(hidden) && isNegated(bias))) {
      return from.layer(
          Cell.COUPLED,
          withoutForget(inputs),
          withoutForget(hidden),
          withoutForget(bias),
          Map.of());
    }
    return from.layer(Cell.LSTM, inputs, hidden, bias, Map.of());
  }

  private static CellLayer gru(OnnxNode node, Weights from, int direction) {
    boolean isAfter = node.number("linear_before_reset", 0) != 0;
    float[] inputs = reordered(from.inputs(direction), 1, 0, 2); // z r n
    float[] hidden = reordered(from.hidden(direction), 1, 0, 2);
    float[] bias = reordered(from.bias(direction, 0), 1, 0, 2);
    float[] other = reordered(from.bias(direction, 1), 1, 0, 2);
    int gates = 2 * from.units;
    if (!isAfter) {
      return from.layer(Cell.GRU_RESET_BEFORE, inputs, hidden, sum(bias, other), Map.of());
    }
    float[] reset = Arrays.copyOfRange(other, gates, other.length);
    Arrays.fill(other, gates, other.length, 0);
    return from.layer(Cell.GRU, inputs, hidden, sum(bias, other), Map.of(Cell.RESET_BIAS, reset));
  }

  /** Returns whether the second of four gates is the first one negated. */
  private static boolean isNegated(float[] gates) {
    int gate = gates.length / 4;
    for (int i = 0; i < gate; i++) {
      if (gates[gate + i] != -gates[i]) {
        return false;
      }
    }
    return true;
  }

  private static float[] withoutForget(float[] gates) {
    int gate = gates.length / 4;
    float[] three = Arrays.copyOf(gates, 3 * gate);
    System.arraycopy(gates, 2 * gate, three, gate, 2 * gate);
    return three;
  }

  /** Adds, but leaves what has nothing added as it is, a zero's sign included. */
  private static float[] sum(float[] a, float[] b) {
    float[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] = b[i] == 0 ? a[i] : a[i] + b[i];
    }
    return sum;
  }

  /** The inputs W, R, B and P of an operator, by direction. */
  private static final class Weights {
    private final OnnxNode node;
    private final int directions;
    private final int units;
    private final int width;
    private final float[] inputs;
    private final float[] hidden;
    private final float[] biases;
    private final float[] peepholes;

    Weights(OnnxNode node, Function<String, OnnxArray> numbers, int directions, int gates) {
      this.node = node;
      this.directions = directions;
      List<Integer> sides = numbers.apply(node.input(2)).dims();
      this.units = sides.isEmpty() ? 0 : sides.getLast();
      if (node.number("hidden_size", units) != units || units == 0) {
        throw node.refused(
            "has weights R of sides " + sides + " for hidden_size " + node.number("hidden_size", 0),
            "Save the model again");
      }
      List<Integer> ofInputs = numbers.apply(node.input(1)).dims();
      this.width = ofInputs.isEmpty() ? 0 : ofInputs.getLast();
      this.inputs = read(numbers, 1, gates * (long) units, width);
      this.hidden = read(numbers, 2, gates * (long) units, units);
      this.biases = read(numbers, 3, 2L * gates * units);
      this.peepholes = read(numbers, PEEPHOLES, 3L * units);
    }

    /** Returns an input, zeros if it is left out and may be. */
    private float[] read(Function<String, OnnxArray> numbers, int input, long... sides) {
      long[] all = new long[sides.length + 1];
      all[0] = directions;
      System.arraycopy(sides, 0, all, 1, sides.length);
      String name = node.input(input);
      if (name.isEmpty()) {
        return new float[Math.toIntExact(all[0] * all[1])];
      }
      OnnxArray array = numbers.apply(name);
      long[] found = array.dims().stream().mapToLong(Integer::longValue).toArray();
      if (!Arrays.equals(found, all)) {
        throw node.refused(
            "takes "
                + StoredZip.quoted(name)
                + " of sides "
                + array.dims()
                + ", not "
                + Arrays.toString(all),
            "Save the model again");
      }
      return array.floats();
    }

    float[] inputs(int direction) {
      return part(inputs, direction, directions);
    }

    float[] hidden(int direction) {
      return part(hidden, direction, directions);
    }

    /** Returns the bias of the inputs, 0, or that of h, 1. */
    float[] bias(int direction, int which) {
      return part(biases, 2 * direction + which, 2 * directions);
    }

    float[] peepholes(int direction) {
      return part(peepholes, direction, directions);
    }

    private static float[] part(float[] values, int index, int parts) {
      int size = values.length / parts;
      return Arrays.copyOfRange(values, index * size, (index + 1) * size);
    }

    CellLayer layer(
        Cell cell, float[] ofInputs, float[] ofHidden, float[] bias, Map<String, float[]> more) {
      var weights = new LinkedHashMap<String, float[]>();
      weights.put(Cell.INPUTS, ofInputs);
      weights.put(Cell.HIDDEN, ofHidden);
      weights.put(Cell.BIAS, bias);
      weights.putAll(more);
      try {
        return CellLayer.of(cell, width, units, units, weights);
      } catch (IllegalArgumentException e) {
        throw node.refused("is no layer: " + e.getMessage(), "Save the model again");
      }
    }
  }
}
