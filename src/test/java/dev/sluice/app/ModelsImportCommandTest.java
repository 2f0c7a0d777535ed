package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.cell.CellLayer;
import dev.sluice.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a file of PyTorch or an ONNX graph to results, by the commands a user types. */
final class ModelsImportCommandTest {

  private static final Path FIXTURES =
      Path.of("src", "test", "resources", "dev", "sluice", "exchange");
  private static final String[] UNSCALED = {
    "--scale", "a=0,1", "--scale", "b=0,1", "--scale", "c=0,1"
  };

  @TempDir private Path folder;
  private Path topology = Path.of("");

  private Ran importing(String name, Object... more) {
    Stream<Object> words =
        Stream.of("models", "import", topology, FIXTURES.resolve(name), "--output", artifact());
    return Ran.of(Stream.concat(words, Stream.of(more)).toArray());
  }

  private Path artifact() {
    return folder.resolve("imported.safetensors");
  }

  @BeforeEach
  void declare() throws IOException {
    declare("{hidden: 8, predict: {gaussian: a}}");
  }

  private void declare(String model) throws IOException {
    String text =
        "name: lab\ninput: {topic: lab}\n"
            + "features: [{number: a}, {number: b}, {number: c}]\nmodel: "
            + model
            + "\n";
    topology = Files.writeString(folder.resolve("lab.yaml"), text);
  }

  /** The prediction in the result of event t + 1 is what PyTorch computed at step t. */
  @ParameterizedTest
  @ValueSource(strings = {"lstm1", "lstm3", "gru2", "lstm2-projected"})
  void resultsPredictWhatPyTorchComputes(String name) throws IOException {
    Ran ran = importing(name + ".pt", (Object[]) UNSCALED);
    assertThat(ran.complaint()).isEmpty();
    assertThat(ran.out()).startsWith("Imported [").contains(artifact().toString());

    List<String> lines = new ArrayList<>(List.of("key,time,a,b,c"));
    for (int t = 0; t < 1000; t++) {
      var line = new StringBuilder("k," + Instant.EPOCH.plusSeconds(t));
      for (int k = 0; k < 3; k++) {
        line.append(',').append(((t * 7919 + k * 104729) % 2001 - 1000) / 500.0);
      }
      lines.add(line.toString());
    }
    Path events = Files.write(folder.resolve("events.csv"), lines);
    Path results = folder.resolve("out.jsonl");
    Ran scored =
        Ran.of("score", topology, "--model", artifact(), "--input", events, "--output", results);
    assertThat(scored.code()).as(scored.complaint()).isZero();

    List<String> written = Files.readAllLines(results);
    List<String> expected = Files.readAllLines(FIXTURES.resolve(name + ".txt"));
    for (int i = 0; i < expected.size(); i++) {
      JsonNode result = new ObjectMapper().readTree(written.get(50 * i + 1));
      double mean = Double.parseDouble(expected.get(i).split(" ")[0]);
      assertThat(result.path("expected").asDouble())
          .as("event %d", 50 * i + 1)
          .isCloseTo(mean, within(1e-5));
    }
  }

  @Test
  void graphsAreImportedAndWhatIsExportedComesBack() throws IOException {
    assertThat(importing("lstm2-batch-first.onnx", (Object[]) UNSCALED).out())
        .startsWith("Imported [lstm 7, lstm 7] to ");
    assertThat(importing("lstm2-both-ways.onnx", (Object[]) UNSCALED).complaint())
        .endsWith("A key's events have no end to begin from: train one direction");

    assertThat(importing("gru2.pt", (Object[]) UNSCALED).complaint()).isEmpty();
    Model once = ModelFiles.read(artifact());
    Path graph = folder.resolve("exported.onnx").toAbsolutePath();
    assertThat(Ran.of("models", "export", artifact(), "--output", graph).code()).isZero();
    assertThat(importing(graph.toString(), (Object[]) UNSCALED).complaint()).isEmpty();
    Model again = ModelFiles.read(artifact());
    for (int l = 0; l < 2; l++) {
      CellLayer expected = once.cell().layers().get(l);
      CellLayer actual = again.cell().layers().get(l);
      assertThat(actual.inputWeights()).isEqualTo(expected.inputWeights());
      assertThat(actual.hiddenWeights()).isEqualTo(expected.hiddenWeights());
      assertThat(actual.bias()).isEqualTo(expected.bias());
    }
  }

  @Test
  void whatIsNotSaidOrDoesNotFitIsAskedFor() throws IOException {
    assertThat(importing("lstm1.pt").complaint())
        .isEqualTo(
            "--scale: how a was scaled is not said. Write --scale a=MEAN,DEVIATION; 0,1 if the"
                + " model takes it as it is");
    assertThat(importing("lstm1.pt", "--scale", "a=0").complaint())
        .startsWith("--scale: a=0 makes no scale. Write");
    assertThat(importing("rnn1.pt", (Object[]) UNSCALED).complaint())
        .contains("rnn1.pt: \"rnn.weight_ih_l0\" has 4 rows for 4 units");
    assertThat(importing("lstm1.txt", (Object[]) UNSCALED).complaint()).contains("lstm1.txt");
    Object[] named = Stream.concat(Stream.of(UNSCALED), Stream.of("--rnn", "x")).toArray();
    assertThat(importing("lstm1.pt", named).complaint())
        .contains("it has no recurrent module \"x\"");
    declare("{hidden: 8, predict: {value: a}}");
    assertThat(importing("lstm1.pt", (Object[]) UNSCALED).complaint())
        .endsWith(
            "model.predict: an imported model predicts one value in one view. Write {gaussian:"
                + " FIELD}, and no views of it");
    assertThat(artifact()).doesNotExist();
  }
}
