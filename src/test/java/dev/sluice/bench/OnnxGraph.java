package dev.sluice.bench;

import dev.sluice.cell.LstmLayer;
import dev.sluice.head.Linear;
import dev.sluice.model.Model;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A model of one layer with a head of bins as an ONNX graph, as one would export it from PyTorch:
 * inputs {@code x, h, c}; outputs {@code p} (the distribution that {@code h} foretells), {@code hn}
 * and {@code cn} (the memory after {@code x}).
 *
 * <p>The protobuf is written by hand; field numbers are those of onnx.proto3.
 */
final class OnnxGraph {

  private static final int[] GATES_OF_ONNX = {0, 3, 1, 2}; // i o f c out of i f g o

  private OnnxGraph() {}

  /** Returns the graph for one row at a time. */
  static byte[] of(Model model) {
    LstmLayer layer = model.cell().layers().getFirst();
    Linear linear = model.head().linear();
    int hidden = layer.hidden();
    int inputs = layer.inputs();
    float[] bias = new float[8 * hidden]; // The second half, ONNX's second bias, stays 0.
    System.arraycopy(reorder(layer.bias(), hidden, 1), 0, bias, 0, 4 * hidden);
    var graph = new Message();
    graph.bytes(1, lstm(hidden));
    graph.bytes(1, node("Squeeze", new String[] {"h", "axis"}, "h2"));
    graph.bytes(
        1, node("Gemm", new String[] {"h2", "HW", "HB"}, "logits").bytes(5, integer("transB", 1)));
    graph.bytes(1, node("Softmax", new String[] {"logits"}, "p").bytes(5, integer("axis", 1)));
    graph.text(2, "scoring");
    graph.bytes(
        5, tensor("W", reorder(layer.inputWeights(), hidden, inputs), 1, 4 * hidden, inputs));
    graph.bytes(
        5, tensor("R", reorder(layer.hiddenWeights(), hidden, hidden), 1, 4 * hidden, hidden));
    graph.bytes(5, tensor("B", bias, 1, 8 * hidden));
    graph.bytes(5, tensor("HW", linear.weights(), linear.outputs(), linear.inputs()));
    graph.bytes(5, tensor("HB", linear.bias(), linear.outputs()));
    graph.bytes(5, axis());
    graph.bytes(11, valueInfo("x", 1, 1, inputs));
    graph.bytes(11, valueInfo("h", 1, 1, hidden));
    graph.bytes(11, valueInfo("c", 1, 1, hidden));
    graph.bytes(12, valueInfo("p", 1, linear.outputs()));
    graph.bytes(12, valueInfo("hn", 1, 1, hidden));
    graph.bytes(12, valueInfo("cn", 1, 1, hidden));
    var whole = new Message();
    whole.number(1, 8); // ir_version
    whole.bytes(7, graph);
    whole.bytes(8, new Message().text(1, "").number(2, 14));
    return whole.toBytes();
  }

  private static Message lstm(int hidden) {
    var node = new Message();
    for (String name : new String[] {"x", "W", "R", "B", "", "h", "c"}) {
      node.text(1, name);
    }
    for (String name : new String[] {"", "hn", "cn"}) {
      node.text(2, name);
    }
    return node.text(4, "LSTM").bytes(5, integer("hidden_size", hidden));
  }

  private static Message node(String operator, String[] from, String to) {
    var node = new Message();
    for (String name : from) {
      node.text(1, name);
    }
    return node.text(2, to).text(4, operator);
  }

  private static Message integer(String name, int value) {
    return new Message().text(1, name).number(3, value).number(20, 2); // INT
  }

  private static Message axis() {
    byte[] zero = new byte[Long.BYTES];
    return new Message().number(1, 1).number(2, 7).text(8, "axis").bytes(9, zero); // INT64
  }

  private static Message tensor(String name, float[] values, int... dims) {
    var tensor = new Message();
    for (int dim : dims) {
      tensor.number(1, dim);
    }
    tensor.number(2, 1).text(8, name); // FLOAT
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return tensor.bytes(9, raw.array());
  }

  private static Message valueInfo(String name, int... dims) {
    var shape = new Message();
    for (int dim : dims) {
      shape.bytes(1, new Message().number(1, dim));
    }
    var type = new Message().bytes(1, new Message().number(1, 1).bytes(2, shape));
    return new Message().text(1, name).bytes(2, type);
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

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message bytes(int field, byte[] value) {
      varint((long) field << 3 | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Message bytes(int field, Message value) {
      return bytes(field, value.toBytes());
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
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
