package dev.sluice.exchange;

import static dev.sluice.exchange.OnnxProto.integer;
import static dev.sluice.exchange.OnnxProto.node;
import static dev.sluice.exchange.OnnxProto.reordered;
import static dev.sluice.exchange.OnnxProto.tensor;
import static dev.sluice.exchange.OnnxProto.valueInfo;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.exchange.OnnxProto.Message;
import dev.sluice.feature.Feature;
import dev.sluice.head.Head;
import dev.sluice.kernel.CellPanels.Gates;
import dev.sluice.model.Model;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A model as an ONNX graph whose memory goes in and comes out, for runtimes that keep it elsewhere.
 *
 * <table>
 * <caption>Inputs and outputs; layers from 0, heads from 0</caption>
 * <tr><th>name</th><th>shape</th><th></th></tr>
 * <tr><td>{@code x}</td><td>[steps, batch, I]</td><td>encoded features</td></tr>
 * <tr><td>{@code h0}, {@code c0}, …</td><td>[1, batch, H]</td><td>memory before; no c of a
 *     GRU</td></tr>
 * <tr><td>{@code y0}, …</td><td>[steps, batch, O]</td><td>what the layer below the head says:
 *     logits, or mean and logarithm of the deviation</td></tr>
 * <tr><td>{@code h0_next}, {@code c0_next}, …</td><td>[1, batch, H]</td><td>memory after</td></tr>
 * </table>
 */
public final class OnnxExport {

  private static final String STEPS = "steps";
  private static final String BATCH = "batch";
  private static final int[] GRU = {1, 0, 2}; // z r n out of r z n

  private final Model model;
  private final Message graph = new Message();

  private OnnxExport(Model model) {
    this.model = model;
  }

  /**
   * Returns the bytes of the graph.
   *
   * @throws IllegalArgumentException if a layer is of a kind that ONNX has no operator for
   */
  public static byte[] of(Model model) {
    return new OnnxExport(model).write();
  }

  private byte[] write() {
    String below = "x";
    for (int l = 0; l < model.cell().layers().size(); l++) {
      below = layer(l, below);
    }
    for (int h = 0; h < model.heads().size(); h++) {
      head(h, model.heads().get(h), below);
    }
    graph.text(2, model.id());
    graph.bytes(5, OnnxProto.numbers("direction", 1));
    graph.bytes(11, valueInfo("x", STEPS, BATCH, model.cell().inputs()));
    memory();
    String features =
        model.features().features().stream().map(Feature::name).collect(Collectors.joining(","));
    return OnnxProto.model(
        graph,
        new String[] {"sluice.id", model.id()},
        new String[] {"sluice.version", Integer.toString(model.version())},
        new String[] {"sluice.features", features});
  }

  private String layer(int l, String below) {
    CellLayer layer = model.cell().layers().get(l);
    String name = "layer" + l;
    int units = layer.units();
    Message node =
        switch (layer.cell()) {
          case LSTM, COUPLED, PEEPHOLE -> lstm(l, layer, below);
          case GRU, GRU_RESET_BEFORE -> gru(l, layer, below);
          case PROJECTED, NORMALISED ->
              throw new IllegalArgumentException(
                  "ONNX has no operator for layer " + l + ", " + layer.cell().id());
        };
    graph.bytes(1, node.bytes(5, integer("hidden_size", units)));
    graph.bytes(1, node("Squeeze", new String[] {name + ".y", "direction"}, name));
    return name;
  }

  /** A coupled cell goes out as the LSTM it is here: not every runtime knows input_forget. */
  private Message lstm(int l, CellLayer layer, String below) {
    String name = "layer" + l;
    int units = layer.units();
    Gates gates = layer.gates();
    weights(
        name,
        OnnxProto.gates(gates.inputs()),
        OnnxProto.gates(gates.hidden()),
        OnnxProto.bias(gates.bias()),
        units);
    String peepholes = "";
    if (layer.cell() == Cell.PEEPHOLE) {
      peepholes = name + ".P";
      float[] ours = Objects.requireNonNull(layer.weights().get(Cell.PEEPHOLES));
      graph.bytes(5, tensor(peepholes, reordered(ours, 0, 2, 1), 1, 3 * units)); // i o f
    }
    String[] from = {below, name + ".W", name + ".R", name + ".B", "", "h" + l, "c" + l, peepholes};
    return node("LSTM", from, name + ".y", "h" + l + "_next", "c" + l + "_next");
  }

  private Message gru(int l, CellLayer layer, String below) {
    String name = "layer" + l;
    int units = layer.units();
    boolean isAfter = layer.cell() == Cell.GRU;
    float[] bias = new float[6 * units];
    System.arraycopy(reordered(layer.bias(), GRU), 0, bias, 0, 3 * units);
    if (isAfter) {
      float[] reset = Objects.requireNonNull(layer.weights().get(Cell.RESET_BIAS));
      System.arraycopy(reset, 0, bias, 5 * units, units);
    }
    weights(
        name,
        reordered(layer.inputWeights(), GRU),
        reordered(layer.hiddenWeights(), GRU),
        bias,
        units);
    String[] from = {below, name + ".W", name + ".R", name + ".B", "", "h" + l};
    return node("GRU", from, name + ".y", "h" + l + "_next")
        .bytes(5, integer("linear_before_reset", isAfter ? 1 : 0));
  }

  private void weights(String name, float[] inputs, float[] hidden, float[] bias, int units) {
    int rows = hidden.length / units;
    graph.bytes(5, tensor(name + ".W", inputs, 1, rows, inputs.length / rows));
    graph.bytes(5, tensor(name + ".R", hidden, 1, rows, units));
    graph.bytes(5, tensor(name + ".B", bias, 1, bias.length));
  }

  private void head(int h, Head head, String below) {
    int inputs = head.linear().inputs();
    int outputs = head.linear().outputs();
    float[] weights = head.linear().weights();
    float[] transposed = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      transposed[i % inputs * outputs + i / inputs] = weights[i];
    }
    String name = "head" + h;
    graph.bytes(5, tensor(name + ".W", transposed, inputs, outputs));
    graph.bytes(5, tensor(name + ".B", head.linear().bias(), outputs));
    graph.bytes(1, node("MatMul", new String[] {below, name + ".W"}, name + ".product"));
    graph.bytes(1, node("Add", new String[] {name + ".product", name + ".B"}, "y" + h));
    graph.bytes(12, valueInfo("y" + h, STEPS, BATCH, outputs));
  }

  private void memory() {
    for (int l = 0; l < model.cell().layers().size(); l++) {
      CellLayer layer = model.cell().layers().get(l);
      String[] parts = layer.cell().hasCellState() ? new String[] {"h", "c"} : new String[] {"h"};
      for (String part : parts) {
        graph.bytes(11, valueInfo(part + l, 1, BATCH, layer.units()));
        graph.bytes(12, valueInfo(part + l + "_next", 1, BATCH, layer.units()));
      }
    }
  }
}
