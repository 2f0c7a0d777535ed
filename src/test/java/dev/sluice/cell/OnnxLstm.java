package dev.sluice.cell;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One layer as an ONNX graph of one LSTM node, run by ONNX Runtime: an oracle written by other
 * people. The protobuf of the graph is written by hand; field numbers are those of onnx.proto3.
 */
final class OnnxLstm {

  private static final int[] GATES_OF_ONNX = {0, 3, 1, 2}; // i o f c out of i f g o

  private OnnxLstm() {}

  /** Returns h of every step and row, shape [T][B][H], of inputs of shape [T][B][I]. */
  static float[] run(LstmLayer layer, float[] x, int steps, int rows) throws OrtException {
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

  private static byte[] model(LstmLayer layer, int steps, int rows) {
    int hidden = layer.hidden();
    int inputs = layer.inputs();
    float[] bias = new float[8 * hidden]; // The second half, ONNX's second bias, stays 0.
    System.arraycopy(reorder(layer.bias(), hidden, 1), 0, bias, 0, 4 * hidden);
    var graph = new Message();
    graph.bytes(1, node(hidden));
    graph.text(2, "lstm");
    graph.bytes(
        5, tensor("W", reorder(layer.inputWeights(), hidden, inputs), 1, 4 * hidden, inputs));
    graph.bytes(
        5, tensor("R", reorder(layer.hiddenWeights(), hidden, hidden), 1, 4 * hidden, hidden));
    graph.bytes(5, tensor("B", bias, 1, 8 * hidden));
    graph.bytes(11, valueInfo("X", steps, rows, inputs));
    graph.bytes(12, valueInfo("Y", steps, 1, rows, hidden));
    var model = new Message();
    model.number(1, 8); // ir_version
    model.bytes(7, graph.toBytes());
    var opset = new Message();
    opset.text(1, "");
    opset.number(2, 14);
    model.bytes(8, opset.toBytes());
    return model.toBytes();
  }

  private static byte[] node(int hidden) {
    var node = new Message();
    for (String name : new String[] {"X", "W", "R", "B"}) {
      node.text(1, name);
    }
    node.text(2, "Y");
    node.text(4, "LSTM");
    var attribute = new Message();
    attribute.text(1, "hidden_size");
    attribute.number(3, hidden);
    attribute.number(20, 2); // INT
    node.bytes(5, attribute.toBytes());
    return node.toBytes();
  }

  private static byte[] tensor(String name, float[] values, int... dims) {
    var tensor = new Message();
    for (int dim : dims) {
      tensor.number(1, dim);
    }
    tensor.number(2, 1); // FLOAT
    tensor.text(8, name);
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    tensor.bytes(9, raw.array());
    return tensor.toBytes();
  }

  private static byte[] valueInfo(String name, int... dims) {
    var shape = new Message();
    for (int dim : dims) {
      var one = new Message();
      one.number(1, dim);
      shape.bytes(1, one.toBytes());
    }
    var tensorType = new Message();
    tensorType.number(1, 1); // FLOAT
    tensorType.bytes(2, shape.toBytes());
    var type = new Message();
    type.bytes(1, tensorType.toBytes());
    var info = new Message();
    info.text(1, name);
    info.bytes(2, type.toBytes());
    return info.toBytes();
  }

  private static float[] reorder(float[] weights, int hidden, int columns) {
    float[] reordered = new float[weights.length];
    int block = hidden * columns;
    for (int gate = 0; gate < 4; gate++) {
      System.arraycopy(weights, GATES_OF_ONNX[gate] * block, reordered, gate * block, block);
    }
    return reordered;
  }

  /** A protobuf message: tags, varints and bytes with their length. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void number(int field, long value) {
      varint((long) field << 3);
      varint(value);
    }

    void bytes(int field, byte[] value) {
      varint((long) field << 3 | 2);
      varint(value.length);
      out.writeBytes(value);
    }

    void text(int field, String value) {
      bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toBytes() {
      return out.toByteArray();
    }

    private void varint(long value) {
      long rest = value;
      while (rest > 0x7F) {
        out.write((int) (rest & 0x7F | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
