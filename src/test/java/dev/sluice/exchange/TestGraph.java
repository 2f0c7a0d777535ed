package dev.sluice.exchange;

import static dev.sluice.exchange.OnnxProto.node;
import static dev.sluice.exchange.OnnxProto.numbers;
import static dev.sluice.exchange.OnnxProto.tensor;
import static dev.sluice.exchange.OnnxProto.valueInfo;

import dev.sluice.exchange.OnnxProto.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Graphs made for tests: inputs {@code x} [steps, batch, 3], one operator with seeded weights and
 * outputs {@code all} and {@code last}, and whatever nodes follow.
 */
final class TestGraph {

  static final int UNITS = 4;
  static final int WIDTH = 3;

  private final Message graph = new Message();
  private final List<Message> nodes = new ArrayList<>();

  /** Begins with an operator whose inputs beyond X, W, R and B are {@code more}. */
  TestGraph(String operator, int directions, List<String> more, Message... attributes) {
    List<String> inputs = new ArrayList<>(List.of("x", "W", "R", "B"));
    inputs.addAll(more);
    Message first = node(operator, inputs.toArray(String[]::new), "all", "last");
    for (Message attribute : attributes) {
      first.bytes(5, attribute);
    }
    int gates = operator.equals("LSTM") ? 4 : 3;
    weights("W", directions, gates * UNITS, WIDTH);
    weights("R", directions, gates * UNITS, UNITS);
    weights("B", directions, 2 * gates * UNITS);
    graph.bytes(11, valueInfo("x", "steps", "batch", WIDTH));
    graph.bytes(5, numbers("one", 1));
    nodes.add(first);
  }

  static TestGraph lstm(Message... attributes) {
    return new TestGraph("LSTM", 1, List.of(), attributes);
  }

  static TestGraph gru(Message... attributes) {
    return new TestGraph("GRU", 1, List.of(), attributes);
  }

  static Message text(String name, String value) {
    return new Message().text(1, name).text(4, value).number(20, 3);
  }

  static Message texts(String name, String... values) {
    var attribute = new Message().text(1, name).number(20, 8);
    for (String value : values) {
      attribute.text(9, value);
    }
    return attribute;
  }

  static Message whole(String name, long... values) {
    var attribute = new Message().text(1, name).number(20, 7);
    for (long value : values) {
      attribute.number(8, value);
    }
    return attribute;
  }

  /** Returns an attribute with a float, which takes four bytes in place of a varint. */
  static byte[] real(String name, float value) {
    byte[] rest = new Message().text(1, name).number(20, 1).toBytes();
    ByteBuffer all = ByteBuffer.allocate(5 + rest.length).order(ByteOrder.LITTLE_ENDIAN);
    return all.put((byte) (2 << 3 | 5)).putFloat(value).put(rest).array();
  }

  TestGraph weights(String name, int... sides) {
    int size = 1;
    for (int side : sides) {
      size *= side;
    }
    float[] values = new float[size];
    var random = new Random(name.hashCode());
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian() / 2;
    }
    graph.bytes(5, tensor(name, values, sides));
    return this;
  }

  TestGraph numbered(String name, long... values) {
    graph.bytes(5, numbers(name, values));
    return this;
  }

  /** Adds lengths, which an operator takes as int32. */
  TestGraph lengths(String name, int... values) {
    var raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asIntBuffer().put(values);
    Message array = new Message().number(1, values.length).number(2, 6).text(8, name);
    graph.bytes(5, array.bytes(9, raw.array()));
    return this;
  }

  TestGraph then(String operator, List<String> from, String to, Message... attributes) {
    Message next = node(operator, from.toArray(String[]::new), to);
    for (Message attribute : attributes) {
      next.bytes(5, attribute);
    }
    return then(next);
  }

  TestGraph then(Message next) {
    nodes.add(next);
    return this;
  }

  /** Adds a dense layer {@code y} of two outputs. */
  TestGraph dense(String from) {
    return weights("D", UNITS, 2)
        .weights("E", 2)
        .then("MatMul", List.of(from, "D"), "product")
        .then("Add", List.of("E", "product"), "y");
  }

  /** Adds what makes h of the outputs of all directions, and the dense layer. */
  TestGraph dense() {
    return then("Squeeze", List.of("all", "one"), "h").dense("h");
  }

  byte[] bytes() {
    return bytes("y", "steps", "batch", 2);
  }

  byte[] bytes(String output, Object... sides) {
    nodes.forEach(next -> graph.bytes(1, next));
    graph.text(2, "lab");
    graph.bytes(12, valueInfo(output, sides));
    return OnnxProto.model(graph);
  }
}
