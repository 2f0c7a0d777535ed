package dev.sluice.bench.kernel;

import static dev.sluice.exchange.OnnxProto.tensor;
import static dev.sluice.exchange.OnnxProto.valueInfo;

import dev.sluice.exchange.OnnxProto;
import dev.sluice.exchange.OnnxProto.Message;

/** One LSTM node as an ONNX model, with h and c as inputs and outputs. */
final class OnnxGraph {

  private OnnxGraph() {}

  static byte[] of(LstmCase one) {
    int hidden = one.hidden;
    int inputs = one.inputs;
    var graph = new Message();
    graph.bytes(
        1,
        OnnxProto.node("LSTM", new String[] {"X", "W", "R", "B", "", "H", "C"}, "", "YH", "YC")
            .bytes(5, OnnxProto.integer("hidden_size", hidden)));
    graph.text(2, "lstm");
    graph.bytes(5, tensor("W", OnnxProto.gates(one.inputWeights), 1, 4 * hidden, inputs));
    graph.bytes(5, tensor("R", OnnxProto.gates(one.hiddenWeights), 1, 4 * hidden, hidden));
    graph.bytes(5, tensor("B", OnnxProto.bias(one.bias), 1, 8 * hidden));
    graph.bytes(11, valueInfo("X", 1, one.batch, inputs));
    graph.bytes(11, valueInfo("H", 1, one.batch, hidden));
    graph.bytes(11, valueInfo("C", 1, one.batch, hidden));
    graph.bytes(12, valueInfo("YH", 1, one.batch, hidden));
    graph.bytes(12, valueInfo("YC", 1, one.batch, hidden));
    return OnnxProto.model(graph);
  }
}
