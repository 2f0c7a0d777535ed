package dev.sluice.exchange;

import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.exchange.OnnxCells.Direction;
import dev.sluice.exchange.OnnxValue.Axis;
import dev.sluice.exchange.OnnxValue.Flow;
import dev.sluice.exchange.OnnxValue.Known;
import dev.sluice.exchange.OnnxValue.Other;
import dev.sluice.exchange.OnnxValue.Zeros;
import dev.sluice.head.Linear;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The LSTMs, GRUs and dense layers of an ONNX graph.
 *
 * <p>Nodes are visited in the order of the file, which is that of their use, each with what its
 * inputs mean. What an operator makes of the events' way must be plainly known: a graph that
 * computes anything else on that way is refused by the name of the node.
 */
public final class OnnxLayers implements ForeignLayers {

  private static final String AGAIN = "Save the model again";
  private static final int OUTPUT = 0;
  private static final int LAST_OUTPUT = 1;
  private static final int INITIAL_H = 5;
  private static final int INITIAL_C = 6;

  private final OnnxGraph graph;
  private final Map<String, OnnxValue> values = new HashMap<>();
  private final List<CellLayer> layers = new ArrayList<>();
  private final Map<String, OnnxDense> dense = new LinkedHashMap<>(); // By the name of its value.
  private final Map<String, OnnxNode> changed = new HashMap<>(); // What changes a dense value.

  private final List<String> strays = new ArrayList<>(); // Products that are no dense layers.

  private OnnxLayers(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * Reads a file.
   *
   * @throws ForeignFileException if it is damaged, or computes what is not done here
   * @throws IOException if it cannot be read
   */
  static OnnxLayers read(Path path) throws IOException {
    return of(ForeignFiles.bytes(path, "Save the model as one .onnx file"), path.toString());
  }

  /**
   * Reads the bytes of a file.
   *
   * @throws ForeignFileException if it is damaged, or computes what is not done here
   */
  static OnnxLayers of(byte[] bytes, String where) {
    return of(OnnxGraph.of(bytes, where));
  }

  static OnnxLayers of(OnnxGraph graph) {
    var found = new OnnxLayers(graph);
    found.visit();
    return found;
  }

  private void visit() {
    graph.inputs().forEach((name, sides) -> values.put(name, given(sides)));
    graph.arrays().forEach((name, array) -> values.put(name, new Known(array)));
    for (OnnxNode node : graph.nodes()) {
      switch (node.isStandard() ? node.operator() : "") {
        case "LSTM", "GRU" -> recurrent(node);
        case "RNN" -> throw node.refused("is a plain RNN", "Train an LSTM or a GRU");
        case "MatMul", "Gemm" -> multiply(node);
        case "Add" -> add(node);
        default -> pass(node);
      }
    }
  }

  private static Flow given(List<Integer> sides) {
    int count = sides.isEmpty() ? 3 : Math.min(sides.size(), OnnxValue.MAX_AXES);
    var axes = new ArrayList<>(Collections.nCopies(count, Axis.ROWS));
    axes.set(count - 1, Axis.FEATURES);
    return new Flow(axes, 0, sides.isEmpty() ? 0 : sides.getLast(), Optional.empty());
  }

  private void recurrent(OnnxNode node) {
    OnnxCells cells = OnnxCells.of(node, name -> known(node, name));
    if (cells.direction() != Direction.FORWARD) {
      boolean isReverse = cells.direction() == Direction.REVERSE;
      throw node.refused(
          isReverse ? "runs from the end to the beginning" : "runs in both directions",
          "A key's events have no end to begin from: train one direction");
    }
    requireFlow(node, cells.isBatchFirst());
    requireNoMemory(node, INITIAL_H);
    requireNoMemory(node, INITIAL_C);
    if (layers.size() == CellStack.MAX_LAYERS) {
      throw node.refused("is one layer too many", CellStack.MAX_LAYERS + " are possible");
    }
    layers.add(cells.layers().getFirst());
    List<Axis> all =
        cells.isBatchFirst()
            ? List.of(Axis.BATCH, Axis.STEPS, Axis.ONE, Axis.FEATURES)
            : List.of(Axis.STEPS, Axis.ONE, Axis.BATCH, Axis.FEATURES);
    List<Axis> last =
        cells.isBatchFirst()
            ? List.of(Axis.BATCH, Axis.ONE, Axis.FEATURES)
            : List.of(Axis.ONE, Axis.BATCH, Axis.FEATURES);
    int units = layers.getLast().units();
    for (int o = 0; o < node.outputs().size(); o++) {
      OnnxValue value =
          switch (o) {
            case OUTPUT -> new Flow(all, layers.size(), units, Optional.empty());
            case LAST_OUTPUT -> new Flow(last, layers.size(), units, Optional.empty());
            default -> new Other(node.label(), false, Optional.empty());
          };
      make(node, o, value);
    }
  }

  private void requireFlow(OnnxNode node, boolean isBatchFirst) {
    OnnxValue value = value(node, node.input(0));
    if (!(value instanceof Flow flow) || flow.dense().isPresent()) {
      throw node.refused(
          "takes what " + maker(value) + " makes", "Save one that takes the inputs or a layer's h");
    }
    if (flow.layers() != layers.size()) {
      throw node.refused(
          "is layer " + (layers.size() + 1) + " and takes the outputs of " + flow.layers(),
          "Save one stack of layers, each fed by the one below");
    }
    if (!flow.isSequence(isBatchFirst)) {
      throw node.refused("takes axes " + flow.axes(), "Save one that goes along the steps");
    }
  }

  /** A memory may come from outside, where it is carried, or begin with zeros: here it is both. */
  private void requireNoMemory(OnnxNode node, int input) {
    String name = node.input(input);
    if (name.isEmpty()) {
      return;
    }
    OnnxValue value = value(node, name);
    if (!OnnxPlumbing.isGiven(value) && !OnnxPlumbing.isZero(value)) {
      throw node.refused(
          "begins with "
              + (input == INITIAL_H ? "an h" : "a c")
              + " that is not 0, "
              + StoredZip.quoted(name),
          "A key's memory begins with zeros: train with these");
    }
  }

  private void multiply(OnnxNode node) {
    boolean isGemm = node.operator().equals("Gemm");
    if ((!isGemm || isPlain(node))
        && value(node, node.input(0)) instanceof Flow flow
        && value(node, node.input(1)) instanceof Known(var weights, _)
        && flow.layers() > 0
        && flow.dense().isEmpty()
        && flow.isRows()) {
      boolean isOutputsFirst = isGemm && node.number("transB", 0) != 0;
      var made = new OnnxDense(node, flow.layers(), weights, isOutputsFirst, Optional.empty());
      Optional<OnnxArray> bias = bias(node, made);
      make(node, flow, bias.map(made::with).orElse(made));
    } else {
      if (value(node, node.input(0)) instanceof Other other) {
        strays.add(node.label() + " takes what " + other.maker() + " makes");
      }
      pass(node);
    }
  }

  private static boolean isPlain(OnnxNode gemm) {
    return gemm.number("transA", 0) == 0 && gemm.real("alpha", 1) == 1 && gemm.real("beta", 1) == 1;
  }

  private Optional<OnnxArray> bias(OnnxNode gemm, OnnxDense made) {
    String name = gemm.input(2);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    OnnxArray bias = known(gemm, name);
    if (!made.takes(bias)) {
      throw gemm.refused("has a bias of sides " + bias.dims(), AGAIN);
    }
    return Optional.of(bias);
  }

  private void add(OnnxNode node) {
    for (int side = 0; side < 2; side++) {
      if (value(node, node.input(side)) instanceof Flow flow
          && value(node, node.input(1 - side)) instanceof Known(var bias, _)
          && flow.dense().isPresent()) {
        OnnxDense below = dense.get(flow.dense().get());
        if (below != null && below.bias().isEmpty() && below.takes(bias)) {
          dense.remove(flow.dense().get());
          make(node, flow, below.with(bias));
          return;
        }
      }
    }
    pass(node);
  }

  private void make(OnnxNode node, Flow below, OnnxDense made) {
    String name = node.outputs().isEmpty() ? "" : node.outputs().getFirst();
    dense.put(name, made);
    make(node, 0, new Flow(below.axes(), below.layers(), made.outputs(), Optional.of(name)));
  }

  private void pass(OnnxNode node) {
    List<OnnxValue> inputs = node.inputs().stream().map(name -> value(node, name)).toList();
    if (!OnnxPlumbing.changesNothing(node)) {
      OnnxPlumbing.dense(inputs).ifPresent(name -> changed.putIfAbsent(name, node));
    }
    OnnxValue made = OnnxPlumbing.of(node, inputs);
    for (int o = 0; o < node.outputs().size(); o++) {
      boolean isMade = o == 0 || !(made instanceof Flow);
      make(node, o, isMade ? made : new Other(node.label(), false, Optional.empty()));
    }
  }

  private void make(OnnxNode node, int output, OnnxValue value) {
    String name = output < node.outputs().size() ? node.outputs().get(output) : "";
    if (!name.isEmpty() && values.put(name, value) != null) {
      throw node.refused("makes " + StoredZip.quoted(name) + ", which is there already", AGAIN);
    }
  }

  private OnnxValue value(OnnxNode node, String name) {
    OnnxValue value = values.get(name);
    if (value == null && !name.isEmpty()) {
      throw node.refused("takes " + StoredZip.quoted(name) + ", which nothing makes", AGAIN);
    }
    return value == null ? new Other("nothing", false, Optional.empty()) : value;
  }

  private OnnxArray known(OnnxNode node, String name) {
    OnnxValue value = value(node, name);
    if (value instanceof Known(var array, _)) {
      return array;
    }
    throw node.refused(
        "has weights " + StoredZip.quoted(name) + " that are not in the file",
        "Save them as initializers, with constants folded");
  }

  private static String maker(OnnxValue value) {
    return switch (value) {
      case Other other -> other.maker();
      case Flow _ -> "a dense layer";
      case Known _, Zeros _ -> "a constant";
    };
  }

  @Override
  public CellStack stack(Optional<String> name) {
    if (name.isPresent()) {
      throw refused("a graph has one stack, which needs no name", "Leave out --rnn");
    }
    if (layers.isEmpty()) {
      throw refused("it has no recurrent layer", "Save one with an LSTM or a GRU");
    }
    try {
      return new CellStack(layers);
    } catch (IllegalArgumentException e) {
      throw refused("its layers are no stack: " + e.getMessage(), AGAIN);
    }
  }

  @Override
  public Linear linear(Optional<String> name, int inputs) {
    String wanted = name.orElseGet(() -> dense.size() == 1 ? dense.keySet().iterator().next() : "");
    OnnxDense found = dense.get(wanted);
    if (dense.isEmpty() && !strays.isEmpty()) {
      throw refused(strays.getFirst(), "Save one whose dense layer takes a layer's h");
    }
    if (found == null) {
      throw refused(
          name.map(said -> "it has no dense layer that makes " + StoredZip.quoted(said))
              .orElse("it has " + dense.size() + " dense layers on a recurrent one"),
          dense.isEmpty() ? "Save one with a Gemm or MatMul" : "Say which with --head: " + shown());
    }
    OnnxNode by = changed.get(wanted);
    if (by != null) {
      throw by.refused(
          "makes something else of the outputs of " + found.node().label(),
          "Save a model that ends with the dense layer");
    }
    if (found.layers() != layers.size()) {
      throw found
          .node()
          .refused(
              "is on layer " + found.layers() + " of " + layers.size(), "Save one on the last");
    }
    return found.linear(inputs);
  }

  private String shown() {
    return dense.keySet().stream().limit(10).map(StoredZip::quoted).toList().toString();
  }

  private ForeignFileException refused(String problem, String remedy) {
    return new ForeignFileException(graph.where(), problem, remedy);
  }
}
