package dev.sluice.cell;

import static dev.sluice.exchange.OnnxProto.tensor;
import static dev.sluice.exchange.OnnxProto.valueInfo;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sluice.exchange.OnnxProto;
import dev.sluice.exchange.OnnxProto.Message;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * One layer as an ONNX graph of one LSTM node, run by ONNX Runtime: an oracle written by other
 * people.
 */
final class OnnxLstm {

  private OnnxLstm() {}

  /** Returns h of every step and row, shape [T][B][H], of inputs of shape [T][B][I]. */
  static float[] run(CellLayer layer, float[] x, int steps, int rows) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model(layer, steps, rows));
        OnnxTensor input =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(x), new long[] {steps, rows, layer.inputs()});
        OrtSession.Result result = session.run(Map.of("X", input))) {
      FloatBuffer y = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[y.remaining()];
      y.get(values);
      return values;
    }
  }

  private static byte[] model(CellLayer layer, int steps, int rows) {
    int hidden = layer.hidden();
    int inputs = layer.inputs();
    var graph = new Message();
    graph.bytes(
        1,
        OnnxProto.node("LSTM", new String[] {"X", "W", "R", "B"}, "Y")
            .bytes(5, OnnxProto.integer("hidden_size", hidden)));
    graph.text(2, "lstm");
    graph.bytes(5, tensor("W", OnnxProto.gates(layer.inputWeights()), 1, 4 * hidden, inputs));
    graph.bytes(5, tensor("R", OnnxProto.gates(layer.hiddenWeights()), 1, 4 * hidden, hidden));
    graph.bytes(5, tensor("B", OnnxProto.bias(layer.bias()), 1, 8 * hidden));
    graph.bytes(11, valueInfo("X", steps, rows, inputs));
    graph.bytes(12, valueInfo("Y", steps, 1, rows, hidden));
    return OnnxProto.model(graph);
  }
}
