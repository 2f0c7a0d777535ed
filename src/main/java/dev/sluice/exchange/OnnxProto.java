package dev.sluice.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * ONNX graphs, message by message; field numbers are those of onnx.proto3. Each user names its own
 * nodes, inputs and outputs.
 */
public final class OnnxProto {

  private OnnxProto() {}

  /**
   * Returns a model of one graph.
   *
   * @param properties pairs of a name and a text, which runtimes show
   */
  public static byte[] model(Message graph, String[]... properties) {
    var model = new Message();
    model.number(1, 8); // ir_version
    model.text(2, "sluice");
    model.bytes(7, graph);
    for (String[] property : properties) {
      model.bytes(14, new Message().text(1, property[0]).text(2, property[1]));
    }
    return model.bytes(8, new Message().text(1, "").number(2, 14)).toBytes(); // opset
  }

  /** Returns a node; an empty name stands for an input or output that is left out. */
  public static Message node(String operator, String[] from, String... to) {
    var node = new Message();
    for (String name : from) {
      node.text(1, name);
    }
    for (String name : to) {
      node.text(2, name);
    }
    return node.text(4, operator);
  }

  /** Returns an attribute of a node. */
  public static Message integer(String name, int value) {
    return new Message().text(1, name).number(3, value).number(20, 2); // INT
  }

  /** Returns an initializer of floats. */
  public static Message tensor(String name, float[] values, int... dims) {
    var tensor = new Message();
    for (int dim : dims) {
      tensor.number(1, dim);
    }
    tensor.number(2, 1).text(8, name); // FLOAT
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return tensor.bytes(9, raw.array());
  }

  /** Returns an initializer of whole numbers. */
  public static Message numbers(String name, long... values) {
    var tensor = new Message().number(1, values.length).number(2, 7).text(8, name); // INT64
    ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    return tensor.bytes(9, raw.array());
  }

  /** Returns an input or output of floats, of whose sides those that are texts are free. */
  public static Message valueInfo(String name, Object... sides) {
    var shape = new Message();
    for (Object side : sides) {
      shape.bytes(
          1,
          side instanceof Integer size
              ? new Message().number(1, size)
              : new Message().text(2, side.toString()));
    }
    var type = new Message().bytes(1, new Message().number(1, 1).bytes(2, shape)); // FLOAT
    return new Message().text(1, name).bytes(2, type);
  }

  /** Returns weights of shape (4H, columns), gates i, f, g, o, in the order of ONNX: i, o, f, c. */
  public static float[] gates(float[] weights) {
    return reordered(weights, 0, 3, 1, 2);
  }

  /** Returns the gates of {@code weights}, as many as {@code order} has, in another order. */
  static float[] reordered(float[] weights, int... order) {
    float[] reordered = new float[weights.length];
    int gate = weights.length / order.length;
    for (int g = 0; g < order.length; g++) {
      System.arraycopy(weights, order[g] * gate, reordered, g * gate, gate);
    }
    return reordered;
  }

  /** Returns the bias of shape (8H): the second half, ONNX's second bias, is 0. */
  public static float[] bias(float[] bias) {
    return Arrays.copyOf(gates(bias), 2 * bias.length);
  }

  /** A protobuf message: tags, varints and bytes with their length. */
  public static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Adds a whole number. */
    public Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    /** Adds bytes. */
    public Message bytes(int field, byte[] value) {
      varint((long) field << 3 | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    /** Adds a message. */
    public Message bytes(int field, Message value) {
      return bytes(field, value.toBytes());
    }

    /** Adds a text. */
    public Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the message as bytes. */
    public byte[] toBytes() {
      return out.toByteArray();
    }

    private void varint(long value) {
      long rest = value;
      while (rest < 0 || rest > 0x7F) {
        out.write((int) (rest & 0x7F | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
