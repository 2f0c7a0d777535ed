package dev.sluice.bench;

import static dev.sluice.exchange.OnnxProto.integer;
import static dev.sluice.exchange.OnnxProto.node;
import static dev.sluice.exchange.OnnxProto.tensor;
import static dev.sluice.exchange.OnnxProto.valueInfo;

import dev.sluice.cell.CellLayer;
import dev.sluice.exchange.OnnxProto;
import dev.sluice.exchange.OnnxProto.Message;
import dev.sluice.head.Linear;
import dev.sluice.model.Model;

/**
 * A model of one layer with a head of bins as an ONNX graph, as one would export it from PyTorch:
 * inputs {@code x, h, c}; outputs {@code p} (the distribution that {@code h} foretells), {@code hn}
 * and {@code cn} (the memory after {@code x}).
 */
final class OnnxGraph {

  private OnnxGraph() {}

  /** Returns the graph for one row at a time. */
  static byte[] of(Model model) {
    CellLayer layer = model.cell().layers().getFirst();
    Linear linear = model.head().linear();
    int hidden = layer.hidden();
    int inputs = layer.inputs();
    var graph = new Message();
    graph.bytes(
        1,
        node("LSTM", new String[] {"x", "W", "R", "B", "", "h", "c"}, "", "hn", "cn")
            .bytes(5, integer("hidden_size", hidden)));
    graph.bytes(1, node("Squeeze", new String[] {"h", "axis"}, "h2"));
    graph.bytes(
        1, node("Gemm", new String[] {"h2", "HW", "HB"}, "logits").bytes(5, integer("transB", 1)));
    graph.bytes(1, node("Softmax", new String[] {"logits"}, "p").bytes(5, integer("axis", 1)));
    graph.text(2, "scoring");
    graph.bytes(5, tensor("W", OnnxProto.gates(layer.inputWeights()), 1, 4 * hidden, inputs));
    graph.bytes(5, tensor("R", OnnxProto.gates(layer.hiddenWeights()), 1, 4 * hidden, hidden));
    graph.bytes(5, tensor("B", OnnxProto.bias(layer.bias()), 1, 8 * hidden));
    graph.bytes(5, tensor("HW", linear.weights(), linear.outputs(), linear.inputs()));
    graph.bytes(5, tensor("HB", linear.bias(), linear.outputs()));
    graph.bytes(5, axis());
    graph.bytes(11, valueInfo("x", 1, 1, inputs));
    graph.bytes(11, valueInfo("h", 1, 1, hidden));
    graph.bytes(11, valueInfo("c", 1, 1, hidden));
    graph.bytes(12, valueInfo("p", 1, linear.outputs()));
    graph.bytes(12, valueInfo("hn", 1, 1, hidden));
    graph.bytes(12, valueInfo("cn", 1, 1, hidden));
    return OnnxProto.model(graph);
  }

  private static Message axis() {
    byte[] zero = new byte[Long.BYTES];
    return new Message().number(1, 1).number(2, 7).text(8, "axis").bytes(9, zero); // INT64
  }
}
