package dev.sluice.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The graph of an ONNX file, without a judgement of what it computes.
 *
 * @param inputs by name, the sides of each that are numbers; 0 stands for a free one
 * @param arrays by name, the initializers
 */
record OnnxGraph(
    String where,
    List<OnnxNode> nodes,
    Map<String, List<Integer>> inputs,
    Map<String, OnnxArray> arrays) {

  private static final int OLDEST_OPSET = 7;

  /**
   * Reads the bytes of a {@code ModelProto}.
   *
   * @throws ForeignFileException if they are none, or keep the weights elsewhere
   */
  static OnnxGraph of(byte[] bytes, String where) {
    var graph =
        new OnnxGraph(where, new ArrayList<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    var in = new ProtoReader(bytes, where);
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 7 -> graph.read(in.message());
        case 8 -> requireOpset(in.message());
        default -> {} // Who wrote it, and what is not known.
      }
    }
    if (graph.nodes.isEmpty()) {
      throw new ForeignFileException(
          where, "no ONNX file: it has no graph", "Save the model again");
    }
    return graph;
  }

  private static void requireOpset(ProtoReader in) {
    String domain = "";
    long version = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> domain = in.text();
        case 2 -> version = in.number();
        default -> {}
      }
    }
    if ((domain.isEmpty() || domain.equals("ai.onnx")) && version < OLDEST_OPSET) {
      throw new ForeignFileException(
          in.where(),
          "it is of opset " + version,
          "Save it with " + OLDEST_OPSET + " or a later one");
    }
  }

  private void read(ProtoReader in) {
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> nodes.add(OnnxNode.of(in.message()));
        case 5 -> {
          OnnxArray array = OnnxArray.of(in.message());
          arrays.put(array.name(), array);
        }
        case 11 -> readInput(in.message());
        default -> {} // Outputs are known by the nodes that make them.
      }
    }
  }

  private void readInput(ProtoReader in) {
    String name = "";
    var sides = new ArrayList<Integer>();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> name = in.text();
        case 2 -> readShape(in.message(), 1, sides);
        default -> {}
      }
    }
    inputs.put(name, sides);
  }

  /** Goes down a type to its sides: tensor_type 1, shape 2, dim 1, and of that dim_value 1. */
  private static void readShape(ProtoReader in, int wanted, List<Integer> sides) {
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field != wanted) {
        continue;
      }
      if (wanted == 1) {
        readShape(in.message(), 2, sides);
      } else {
        readSides(in.message(), sides);
      }
    }
  }

  private static void readSides(ProtoReader in, List<Integer> sides) {
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 1) {
        ProtoReader side = in.message();
        long value = 0;
        for (int part = side.next(); part != 0; part = side.next()) {
          value = part == 1 ? side.number() : value;
        }
        sides.add(Math.clamp(value, 0, Integer.MAX_VALUE));
      }
    }
  }
}
