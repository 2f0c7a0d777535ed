package dev.sluice.exchange;

import static dev.sluice.exchange.OnnxProto.integer;
import static dev.sluice.exchange.OnnxProto.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.exchange.OnnxProto.Message;
import dev.sluice.head.Linear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Graphs as they come in: those of PyTorch's exporter ({@code src/test/scripts/onnx_models.py}),
 * our own, and others; ONNX Runtime says what they compute.
 */
final class OnnxLayersTest {

  private static final int STEPS = 1000;

  @ParameterizedTest
  @CsvSource({
    "lstm1-last, LSTM, 1, true",
    "lstm2-batch-first, LSTM, 2, true",
    "lstm2-memory, LSTM, 2, false",
    "gru1-unbiased, GRU, 1, false",
    "gru2-dropout, GRU, 2, true"
  })
  void aThousandStepsEndWhereOnnxRuntimeEnds(
      String name, Cell cell, int layers, boolean isBatchFirst) throws IOException, OrtException {
    byte[] bytes = fixture(name);
    OnnxLayers from = OnnxLayers.of(bytes, name);
    CellStack stack = from.stack(Optional.empty());
    assertThat(stack.layers()).extracting(CellLayer::cell).hasSize(layers).containsOnly(cell);
    var zeros = new OrtRun.Input(new float[10], 2, 1, 5);
    Map<String, OrtRun.Input> memory =
        name.endsWith("memory") ? Map.of("h", zeros, "c", zeros) : Map.of();
    Linear head = from.linear(Optional.of("y"), stack.hidden());
    double worst = worst(bytes, stack, head, isBatchFirst, memory);
    System.out.println(name + ": at most " + worst + " from ONNX Runtime");
    assertThat(worst).isLessThan(1e-5);
  }

  /** Returns how far apart outputs are, of all steps or, of a graph that gives one, of the last. */
  private static double worst(
      byte[] graph,
      CellStack stack,
      Linear head,
      boolean isBatchFirst,
      Map<String, OrtRun.Input> memory)
      throws OrtException {
    float[] x = new float[STEPS * stack.inputs()];
    for (int i = 0; i < x.length; i++) {
      x[i] = Stepped.input(i / stack.inputs(), i % stack.inputs());
    }
    long[] sides = {isBatchFirst ? 1 : STEPS, isBatchFirst ? STEPS : 1, stack.inputs()};
    Map<String, OrtRun.Input> inputs = new HashMap<>(memory);
    inputs.put("x", new OrtRun.Input(x, sides));
    float[] theirs = OrtRun.of(graph, inputs);
    int told = theirs.length / head.outputs();
    assertThat(told).isIn(1, STEPS);
    var ours = new Stepped(stack, head);
    double worst = 0;
    for (int t = 0; t < STEPS; t++) {
      double[] outputs = ours.next(t);
      int at = t - (STEPS - told);
      for (int o = 0; at >= 0 && o < outputs.length; o++) {
        worst = Math.max(worst, Math.abs(outputs[o] - theirs[at * outputs.length + o]));
      }
    }
    return worst;
  }

  /** What PyTorch does not export; f = 1 - i of a coupled one is ONNX Runtime's reading, too. */
  @ParameterizedTest
  @CsvSource({"lstm, LSTM", "coupled, COUPLED", "peephole, PEEPHOLE", "gru, GRU_RESET_BEFORE"})
  void otherOperatorsAreWhatOnnxRuntimeTakesThemFor(String name, Cell cell) throws OrtException {
    Message units = integer("hidden_size", TestGraph.UNITS);
    TestGraph graph =
        switch (name) {
          case "coupled" -> TestGraph.lstm(units, integer("input_forget", 1));
          case "peephole" ->
              new TestGraph("LSTM", 1, List.of("", "", "", "P"), units)
                  .weights("P", 1, 3 * TestGraph.UNITS);
          case "gru" -> TestGraph.gru(units, TestGraph.texts("activations", "Sigmoid", "Tanh"));
          default -> TestGraph.lstm(units, TestGraph.text("direction", "forward"));
        };
    byte[] bytes = graph.dense().bytes();
    OnnxLayers from = OnnxLayers.of(bytes, "f");
    CellStack stack = from.stack(Optional.empty());
    assertThat(stack.layers()).extracting(CellLayer::cell).containsExactly(cell);
    Linear head = from.linear(Optional.empty(), TestGraph.UNITS);
    assertThat(worst(bytes, stack, head, false, Map.of())).isLessThan(1e-5);
  }

  @Test
  void plumbingIsFollowed() {
    List<TestGraph> graphs =
        List.of(
            TestGraph.lstm()
                .numbered("three", 0, 0, -1)
                .then("Transpose", List.of("all"), "moved", TestGraph.whole("perm", 0, 2, 1, 3))
                .then("Reshape", List.of("moved", "three"), "h")
                .dense("h"),
            TestGraph.lstm()
                .numbered("rows", -1, TestGraph.UNITS)
                .then("Reshape", List.of("last", "rows"), "h")
                .weights("D", 2, TestGraph.UNITS)
                .weights("E", 1, 2)
                .then("Gemm", List.of("h", "D", "E"), "y", integer("transB", 1)),
            TestGraph.lstm(integer("layout", 1))
                .then("Squeeze", List.of("all"), "flat", TestGraph.whole("axes", -2))
                .then("Dropout", List.of("flat"), "same")
                .then("Identity", List.of("same"), "h")
                .dense("h")
                .then("Squeeze", List.of("y", "one"), "z"));
    for (TestGraph graph : graphs) {
      OnnxLayers from = OnnxLayers.of(graph.bytes(), "f");
      assertThat(from.stack(Optional.empty()).hidden()).isEqualTo(TestGraph.UNITS);
      assertThat(from.linear(Optional.empty(), TestGraph.UNITS).outputs()).isEqualTo(2);
    }
  }

  private static void assertRefused(TestGraph graph, String why) {
    byte[] bytes = graph.bytes();
    assertThatThrownBy(() -> readAll(bytes))
        .isInstanceOf(ForeignFileException.class)
        .hasMessage("f: " + why);
  }

  @Test
  void operatorsThatOurCellsDoNotComputeAreRefusedByName() throws IOException {
    assertRefused(
        TestGraph.lstm(TestGraph.texts("activations", "Sigmoid", "Tanh", "Relu")).dense(),
        "LSTM \"all\" has activations \"Sigmoid, Tanh, Relu\". Cells here have Sigmoid, Tanh,"
            + " Tanh: train with these");
    Message clipped = node("LSTM", new String[] {"x", "W", "R"}, "other");
    assertRefused(
        TestGraph.lstm().then(clipped.bytes(5, TestGraph.real("clip", 3))).dense(),
        "LSTM \"other\" has clip 3.0; cells here do not cut off the sums of their gates. Train"
            + " without clip");
    assertRefused(
        TestGraph.gru(integer("output_sequence", 1)).dense(),
        "GRU \"all\" has an attribute \"output_sequence\", which is not known here. Save it with"
            + " an opset that has no such attribute");
    assertRefused(
        new TestGraph("LSTM", 1, List.of("", "", "", "P"), integer("input_forget", 1))
            .weights("P", 1, 3 * TestGraph.UNITS)
            .dense(),
        "LSTM \"all\" has input_forget and peepholes, which no cell here has together. Train with"
            + " one of them");
    assertRefused(
        new TestGraph("LSTM", 1, List.of("", "H")).weights("H", 1, 1, TestGraph.UNITS).dense(),
        "LSTM \"all\" begins with an h that is not 0, \"H\". A key's memory begins with zeros:"
            + " train with these");
    assertRefused(
        TestGraph.lstm(integer("hidden_size", 5)).dense(),
        "LSTM \"all\" has weights R of sides [1, 16, 4] for hidden_size 5. Save the model again");
    assertRefused(
        TestGraph.lstm().then("RNN", List.of("x", "W", "R"), "other").dense(),
        "RNN \"other\" is a plain RNN. Train an LSTM or a GRU");
    assertThatThrownBy(() -> readAll(fixture("lstm2-both-ways")))
        .hasMessage(
            "f: LSTM \"/rnn/LSTM\" runs in both directions. A key's events have no end to begin"
                + " from: train one direction");
  }

  @Test
  void graphsThatComputeMoreThanLayersAreRefusedByName() {
    assertRefused(
        TestGraph.lstm().dense().then("Sigmoid", List.of("y"), "z"),
        "Sigmoid \"z\" makes something else of the outputs of MatMul \"product\". Save a model that"
            + " ends with the dense layer");
    assertRefused(
        TestGraph.lstm()
            .then("Squeeze", List.of("all", "one"), "h")
            .then("Relu", List.of("h"), "r")
            .then("LSTM", List.of("r", "W", "R"), "next")
            .dense("h"),
        "LSTM \"next\" takes what Relu \"r\" makes. Save one that takes the inputs or a layer's h");
    assertRefused(
        TestGraph.lstm().then("LSTM", List.of("x", "W", "R"), "next").dense(),
        "LSTM \"next\" is layer 2 and takes the outputs of 0. Save one stack of layers, each fed by"
            + " the one below");
    assertRefused(
        TestGraph.lstm()
            .then("Squeeze", List.of("all", "one"), "h")
            .then("Transpose", List.of("h"), "m", TestGraph.whole("perm", 1, 0, 2))
            .then("LSTM", List.of("m", "W", "R"), "next")
            .dense("h"),
        "LSTM \"next\" takes axes [BATCH, STEPS, FEATURES]. Save one that goes along the steps");
    assertRefused(
        TestGraph.lstm()
            .then("Squeeze", List.of("all", "one"), "h")
            .then("Relu", List.of("h"), "r")
            .dense("r"),
        "MatMul \"product\" takes what Relu \"r\" makes. Save one whose dense layer takes a layer's"
            + " h");
    assertRefused(
        TestGraph.lstm(),
        "it has 0 dense layers on a recurrent one. Save one with a Gemm or MatMul");
    assertRefused(
        TestGraph.lstm().dense().then("MatMul", List.of("h", "D"), "second"),
        "it has 2 dense layers on a recurrent one. Say which with --head: [\"y\", \"second\"]");
    assertRefused(
        TestGraph.lstm().dense().then("Identity", List.of("nowhere"), "z"),
        "Identity \"z\" takes \"nowhere\", which nothing makes. Save the model again");
    assertRefused(
        TestGraph.lstm().dense().then("Identity", List.of("x"), "y"),
        "Identity \"y\" makes \"y\", which is there already. Save the model again");
    Message foreign = node("LSTM", new String[] {"x", "W", "R"}, "f").text(7, "com.microsoft");
    assertThat(OnnxLayers.of(TestGraph.lstm().then(foreign).dense().bytes(), "f")).isNotNull();
    OnnxLayers layers = OnnxLayers.of(TestGraph.lstm().dense().bytes(), "f");
    assertThatThrownBy(() -> layers.stack(Optional.of("rnn")))
        .hasMessage("f: a graph has one stack, which needs no name. Leave out --rnn");
    assertThatThrownBy(() -> layers.linear(Optional.of("z"), 4))
        .hasMessage("f: it has no dense layer that makes \"z\". Say which with --head: [\"y\"]");
  }

  @Test
  void whatIsNoWholeFileIsRefused() {
    Message outside = new Message().number(1, 1).number(2, 1).text(8, "W").number(14, 1);
    Message huge = new Message().number(1, 1L << 30).number(1, 1L << 30).number(2, 1).text(8, "h");
    assertMessage(
        file(outside), "its numbers are in another file. Save it with the weights within");
    assertMessage(
        new Message().bytes(8, new Message().text(1, "").number(2, 6)).toBytes(),
        "it is of opset 6. Save it with 7 or a later one");
    String again = ". Save the model again, as one .onnx file";
    assertMessage(new byte[] {0x3A, 0x7F}, "no ONNX file: it is cut off" + again);
    assertMessage(new byte[] {0x0B}, "no ONNX file: field 1 is of type 3" + again);
    assertMessage(new byte[0], "no ONNX file: it has no graph. Save the model again");
    byte[] many = new byte[1 << 22];
    java.util.Arrays.fill(many, (byte) 0x08); // ir_version 8, again and again
    assertMessage(many, "no ONNX file: it has more than 262144 fields" + again);
    byte[] name = new Message().bytes(8, new Message().bytes(1, new byte[1 << 17])).toBytes();
    assertMessage(name, "no ONNX file: a name has 131072 bytes" + again);
    OnnxGraph lies = OnnxGraph.of(file(huge), "f");
    assertThatThrownBy(() -> lies.arrays().get("h").floats())
        .hasMessage("f: tensor \"h\" has 0 bytes for sides [1073741824, 1073741824]" + again);
  }

  private static byte[] file(Message tensor) {
    var graph = new Message().bytes(5, tensor).bytes(1, node("Identity", new String[0]));
    return OnnxProto.model(graph);
  }

  private static void assertMessage(byte[] bytes, String message) {
    assertThatThrownBy(() -> readAll(bytes))
        .isInstanceOf(ForeignFileException.class)
        .hasMessage("f: " + message);
  }

  @Test
  void aChainOfNodesCannotGrowWithoutBounds() {
    TestGraph graph = TestGraph.lstm().dense();
    String last = "h";
    for (int i = 0; i < 20_000; i++) {
      graph.then("Unsqueeze", List.of(last, "one"), "u" + i);
      last = "u" + i;
    }
    readAll(graph.bytes());
  }

  @Test
  void numbersOfOtherWidthsAreWidened() {
    var bytes = java.nio.ByteBuffer.allocate(16).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.putDouble(0.25).putDouble(-3);
    assertThat(array(11, 2, 10, bytes.array())).containsExactly(0.25f, -3);
    assertThat(array(11, 2, 9, bytes.array())).containsExactly(0.25f, -3);
    assertThat(array(10, 1, 9, new byte[] {0, 0x3E})).containsExactly(1.5f);
    assertThat(array(10, 1, 5, new byte[] {(byte) 0x80, 0x7C})).containsExactly(1.5f);
    assertThat(array(16, 1, 9, new byte[] {(byte) 0xC0, 0x3F})).containsExactly(1.5f);
    assertThatThrownBy(() -> array(3, 1, 9, new byte[] {1}))
        .hasMessage("f: tensor \"\" has numbers of type 3. Save floating-point weights");
  }

  private static float[] array(int type, int size, int field, byte[] data) {
    byte[] bytes = new Message().number(1, size).number(2, type).bytes(field, data).toBytes();
    return OnnxArray.of(new ProtoReader(bytes, "f")).floats();
  }

  @Test
  void unknownFieldsAreSkipped() {
    byte[] known = TestGraph.lstm().dense().bytes();
    byte[] unknown = new Message().number(99, 7).bytes(500, new byte[9]).toBytes();
    byte[] both = java.util.Arrays.copyOf(unknown, unknown.length + known.length);
    System.arraycopy(known, 0, both, unknown.length, known.length);
    readAll(both);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm1-last", "gru1-unbiased"})
  void everyTruncationIsRefused(String name) throws IOException {
    byte[] whole = fixture(name);
    for (int length = 0; length < graphEnd(whole); length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> readAll(cut))
          .as("%d bytes", length)
          .isInstanceOf(ForeignFileException.class);
    }
  }

  /** Returns where the graph ends; what follows is the opset, without which it can be read. */
  private static int graphEnd(byte[] whole) {
    var in = new ProtoReader(whole, "f");
    int rest = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 8) {
        rest = in.bytes().limit() + 2;
      }
    }
    return whole.length - rest;
  }

  @Test
  void damageIsRefusedOrChangesOnlyNumbers() throws IOException {
    var random = new Random(1);
    int read = 0;
    for (String name : List.of("lstm1-last", "lstm2-batch-first", "gru2-dropout", "lstm2-memory")) {
      byte[] whole = fixture(name);
      for (int round = 0; round < 5_000; round++) {
        byte[] damaged = whole.clone();
        for (int i = 0; i <= round % 4; i++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        try {
          readAll(damaged);
          read++;
        } catch (ForeignFileException e) {
          assertThat(e.getMessage()).startsWith("f: ").hasSizeLessThan(800);
        }
      }
    }
    System.out.println("of 20,000 damaged graphs " + read + " can be read");
    assertThat(read).isBetween(1_000, 19_000);
  }

  private static void readAll(byte[] bytes) {
    var layers = OnnxLayers.of(bytes, "f");
    layers.linear(Optional.empty(), layers.stack(Optional.empty()).hidden());
  }

  private static byte[] fixture(String name) throws IOException {
    return Files.readAllBytes(
        Path.of("src", "test", "resources", "dev", "sluice", "exchange", name + ".onnx"));
  }
}
