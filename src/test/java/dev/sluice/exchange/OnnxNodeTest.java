package dev.sluice.exchange;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The node tests of the ONNX standard for LSTM and GRU, all of them: {@code
 * src/test/scripts/onnx_node_tests.py} wrote what the package onnx 1.23.1 generates.
 */
final class OnnxNodeTest {

  private static final Path CASES =
      Path.of("src", "test", "resources", "dev", "sluice", "exchange", "onnx");
  private static final String NO_END =
      ". A key's events have no end to begin from: train one direction";
  private static final String BACKWARD = " runs from the end to the beginning" + NO_END;
  private static final String BOTH = " runs in both directions" + NO_END;

  /** What becomes of each as a model of a stream; as operators over their sequences all pass. */
  private static final Map<String, String> VERDICTS =
      Map.ofEntries(
          entry("test_gru_batchwise", "[gru-reset-before 6]"),
          entry("test_gru_bidirectional", "f: GRU \"Y\"" + BOTH),
          entry("test_gru_defaults", "[gru-reset-before 5]"),
          entry("test_gru_reverse", "f: GRU \"Y\"" + BACKWARD),
          entry("test_gru_seq_length", "[gru-reset-before 5]"),
          entry("test_gru_with_initial_bias", "[gru-reset-before 3]"),
          entry("test_lstm_batchwise", "[lstm 7]"),
          entry("test_lstm_bidirectional", "f: LSTM \"Y_h\"" + BOTH),
          entry("test_lstm_defaults", "[lstm 3]"),
          entry("test_lstm_reverse", "f: LSTM \"Y_h\"" + BACKWARD),
          entry("test_lstm_with_initial_bias", "[lstm 4]"),
          entry("test_lstm_with_peepholes", "[peephole 3]"));

  static List<String> cases() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ourKernelsComputeWhatTheStandardExpects(String name) throws IOException {
    Case given = Case.of(name);
    OnnxNode node = given.graph.nodes().getFirst();
    OnnxCells cells = OnnxCells.of(node, given::input);
    List<Integer> sides = given.input(node.input(0)).dims();
    int steps = sides.get(cells.isBatchFirst() ? 1 : 0);
    int batch = sides.get(cells.isBatchFirst() ? 0 : 1);
    int[] lengths = OnnxSequence.whole(steps, batch);
    if (!node.input(4).isEmpty()) {
      long[] said = given.input(node.input(4)).longs();
      for (int b = 0; b < batch; b++) {
        lengths[b] = Math.toIntExact(said[b]);
      }
    }
    var sequence = new OnnxSequence(cells, given.input(node.input(0)).floats(), steps, lengths);
    OnnxSequence.Memory memory = sequence.zeros();
    given.copy(node.input(5), memory.h());
    given.copy(node.input(6), memory.c());
    OnnxSequence.Outputs outputs = sequence.run(memory);
    float[][] ours = {outputs.y(), outputs.last().h(), outputs.last().c()};

    int compared = 0;
    float worst = 0;
    for (int o = 0; o < node.outputs().size(); o++) {
      if (!node.outputs().get(o).isEmpty()) {
        float[] expected = given.output(node.outputs().get(o)).floats();
        assertThat(ours[o]).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
          worst = Math.max(worst, Math.abs(ours[o][i] - expected[i]));
        }
        compared += expected.length;
      }
    }
    System.out.println(name + ": at most " + worst + " from the standard");
    assertThat(worst).isLessThan(1e-5f);
    assertThat(compared).isPositive();
  }

  /** The standard's own cases have neither. */
  @ParameterizedTest
  @ValueSource(strings = {"LSTM", "GRU"})
  void sequencesOfDifferentLengthsGoOnFromMemoriesOfTheirOwn(String operator) throws OrtException {
    boolean isLstm = operator.equals("LSTM");
    List<String> more = isLstm ? List.of("lens", "H", "C") : List.of("lens", "H");
    byte[] bytes =
        new TestGraph(
                operator,
                2,
                more,
                OnnxProto.integer("hidden_size", TestGraph.UNITS),
                OnnxProto.integer(isLstm ? "input_forget" : "linear_before_reset", 1),
                TestGraph.text("direction", "bidirectional"))
            .lengths("lens", 5, 2, 4)
            .weights("H", 2, 3, TestGraph.UNITS)
            .weights("C", 2, 3, TestGraph.UNITS)
            .bytes("all", 5, 2, 3, TestGraph.UNITS);
    float[] x = new float[5 * 3 * TestGraph.WIDTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = Stepped.input(i, 0);
    }
    OnnxGraph graph = OnnxGraph.of(bytes, "f");
    Map<String, OnnxArray> arrays = graph.arrays();
    OnnxNode node = graph.nodes().getFirst();
    var cells = OnnxCells.of(node, name -> Objects.requireNonNull(arrays.get(name)));
    var memory =
        new OnnxSequence.Memory(
            Objects.requireNonNull(arrays.get("H")).floats(),
            Objects.requireNonNull(arrays.get("C")).floats());
    float[] ours = new OnnxSequence(cells, x, 5, new int[] {5, 2, 4}).run(memory).y();
    float[] theirs = OrtRun.of(bytes, Map.of("x", new OrtRun.Input(x, 5, 3, TestGraph.WIDTH)));
    assertThat(ours).containsExactly(theirs, Offset.offset(1e-5f));
  }

  @Test
  void asModelsAllAreImportedOrRefusedByName() throws IOException {
    var verdicts = new TreeMap<String, String>();
    for (String name : cases()) {
      Case given = Case.of(name);
      var arrays = new LinkedHashMap<>(given.inputs);
      arrays.remove(given.graph.nodes().getFirst().input(0));
      var graph = new OnnxGraph("f", given.graph.nodes(), given.graph.inputs(), arrays);
      try {
        verdicts.put(name, names(OnnxLayers.of(graph)));
      } catch (ForeignFileException e) {
        verdicts.put(name, e.getMessage());
      }
    }
    assertThat(verdicts).isEqualTo(new TreeMap<>(VERDICTS));
  }

  private static String names(OnnxLayers layers) {
    return layers.stack(Optional.empty()).layers().stream()
        .map(layer -> layer.cell().id() + " " + layer.units())
        .toList()
        .toString();
  }

  @Test
  void weightsThatAreInputsOfTheGraphAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(CASES.resolve("test_lstm_defaults").resolve("model.onnx"));
    assertThatThrownBy(() -> OnnxLayers.of(bytes, "f"))
        .hasMessage(
            "f: LSTM \"Y_h\" has weights \"R\" that are not in the file. Save them as initializers,"
                + " with constants folded");
  }

  /** A case: a graph of one node, and the numbers that it takes and that it must give. */
  private record Case(
      OnnxGraph graph, Map<String, OnnxArray> inputs, Map<String, OnnxArray> outputs) {

    static Case of(String name) throws IOException {
      Path folder = CASES.resolve(name);
      OnnxGraph graph = OnnxGraph.of(Files.readAllBytes(folder.resolve("model.onnx")), "f");
      return new Case(graph, arrays(folder, "input_"), arrays(folder, "output_"));
    }

    private static Map<String, OnnxArray> arrays(Path folder, String prefix) throws IOException {
      var arrays = new LinkedHashMap<String, OnnxArray>();
      for (int i = 0; Files.exists(folder.resolve(prefix + i + ".pb")); i++) {
        byte[] bytes = Files.readAllBytes(folder.resolve(prefix + i + ".pb"));
        OnnxArray array = OnnxArray.of(new ProtoReader(bytes, "f"));
        arrays.put(array.name(), array);
      }
      return arrays;
    }

    OnnxArray input(String name) {
      return Objects.requireNonNull(inputs.get(name), name);
    }

    OnnxArray output(String name) {
      return Objects.requireNonNull(outputs.get(name), name);
    }

    void copy(String name, float[] into) {
      if (!name.isEmpty()) {
        float[] values = input(name).floats();
        System.arraycopy(values, 0, into, 0, into.length);
      }
    }
  }
}
