package dev.sluice.bench.kernel;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One LSTM node as an ONNX model, with h and c as inputs and outputs. The protobuf is written by
 * hand; field numbers are those of onnx.proto3.
 */
final class OnnxGraph {

  private OnnxGraph() {}

  static byte[] of(LstmCase one) {
    int hidden = one.hidden;
    int inputs = one.inputs;
    float[] bias = new float[8 * hidden]; // The second half, ONNX's second bias, stays 0.
    System.arraycopy(one.reorder(one.bias, 0, 3, 1, 2), 0, bias, 0, 4 * hidden);
    float[] w = one.reorder(one.inputWeights, 0, 3, 1, 2); // i o f c out of i f g o
    float[] r = one.reorder(one.hiddenWeights, 0, 3, 1, 2);
    var graph = new Message();
    graph.bytes(1, node(hidden));
    graph.text(2, "lstm");
    graph.bytes(5, tensor("W", w, 1, 4 * hidden, inputs));
    graph.bytes(5, tensor("R", r, 1, 4 * hidden, hidden));
    graph.bytes(5, tensor("B", bias, 1, 8 * hidden));
    graph.bytes(11, valueInfo("X", 1, one.batch, inputs));
    graph.bytes(11, valueInfo("H", 1, one.batch, hidden));
    graph.bytes(11, valueInfo("C", 1, one.batch, hidden));
    graph.bytes(12, valueInfo("YH", 1, one.batch, hidden));
    graph.bytes(12, valueInfo("YC", 1, one.batch, hidden));
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
    for (String name : new String[] {"X", "W", "R", "B", "", "H", "C"}) {
      node.text(1, name);
    }
    for (String name : new String[] {"", "YH", "YC"}) {
      node.text(2, name);
    }
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
