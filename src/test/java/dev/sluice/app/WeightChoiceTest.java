package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.cell.Int16Weights;
import dev.sluice.cell.RandomLayers;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Linear;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowSet;
import dev.sluice.model.Lineage;
import dev.sluice.model.Model;
import dev.sluice.registry.Manifest;
import dev.sluice.score.Calibration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code model.weights}, as {@code score} and {@code run} load their models. */
final class WeightChoiceTest {

  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final int CHUNK = 1 << 19;

  private final List<String> said = new CopyOnWriteArrayList<>();

  @Test
  void scoreAndRunStepWithTheSameInt16Weights(@TempDir Path folder) throws Exception {
    Model model = model(384);
    byte[] artifact = ArtifactWriter.write(model);
    Path path = folder.resolve("m.sluice");
    Files.write(path, artifact);

    CellStack score = ofScore(path, topology("int16"));
    CellStack run = ofRun(artifact, topology("int16"));

    float[] expected = afterThreeSteps(Int16Weights.of(model.cell()));
    assertThat(afterThreeSteps(score)).isEqualTo(expected);
    assertThat(afterThreeSteps(run)).isEqualTo(expected);
    assertThat(afterThreeSteps(model.cell())).isNotEqualTo(expected);
    double difference = Int16Weights.differences(model.cell(), score)[0];
    String line =
        ": int16 weights in layer 0 (H=384): hidden state differs from float32 by at most "
            + Numbers.atMost(difference)
            + " over 1,000 steps";
    long end = System.nanoTime() + PATIENCE_NANOS; // The stream's start does not wait for it.
    while (said.size() < 2 && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(said).containsExactly(path + line, "readings version 1" + line);
  }

  @Test
  void smallLayersStayAsTheyAreAndThatIsSaid() {
    Model model = model(16);
    assertThat(WeightChoice.forScoring(model, topology("int16"), "m", said::add)).isSameAs(model);
    assertThat(said)
        .containsExactly(
            "m: float32 weights in layer 0 (H=16): int16, as model.weights asks for, brings"
                + " nothing below 384 units");
  }

  @Test
  void withoutTheRequestNothingChangesAndNothingIsSaid() {
    Model model = model(384);
    assertThat(WeightChoice.forScoring(model, topology("float32"), "m", said::add)).isSameAs(model);
    assertThat(model.cell().layers()).noneMatch(CellLayer::hasInt16Weights);
    assertThat(said).isEmpty();
  }

  @Test
  void anErrorIsRoundedUp() {
    assertThat(Numbers.atMost(1.01e-5)).isEqualTo("1.1e-5");
    assertThat(Numbers.atMost(0.25)).isEqualTo("2.5e-1");
    assertThat(Numbers.atMost(0)).isEqualTo("0.0e0");
  }

  private CellStack ofScore(Path artifact, Topology file) {
    return ModelFiles.read(List.of(artifact.toString()), file, Optional.empty(), said::add)
        .models()
        .newest()
        .model()
        .cell();
  }

  private CellStack ofRun(byte[] artifact, Topology file) {
    var manifest =
        new Manifest(
            "readings",
            1,
            artifact.length,
            (artifact.length + CHUNK - 1) / CHUNK,
            CHUNK,
            Manifest.sha256(artifact),
            0,
            Optional.empty());
    return new ModelFiles.Loader(file, said::add).load(manifest, artifact).cell();
  }

  private static float[] afterThreeSteps(CellStack stack) {
    Floats memory = Floats.allocate(stack.memoryFloats());
    var rows = new RowSet(1);
    rows.add(memory, 0, stack.memoryFloats());
    Floats x = Floats.allocate(Floats.pad(stack.inputs()));
    for (int step = 0; step < 3; step++) {
      x.set(0, step - 0.7f);
      stack.step(rows, x, (int) x.size(), stack.scratch(1));
    }
    return memory.toArray(0, stack.memoryFloats());
  }

  private static Topology topology(String weights) {
    String yaml =
        """
        name: readings
        input: {topic: readings}
        features: [{number: temp}]
        model: {weights: WEIGHTS, predict: {gaussian: temp}}
        """;
    return TopologyFile.parse(yaml.replace("WEIGHTS", weights), "x.yaml", Map.of());
  }

  private static Model model(int hidden) {
    var features =
        new FeatureSpec(List.of(new Feature.Number("temp", new Scaling.Learned(0, 1), false)));
    return new Model(
        "readings",
        1,
        features,
        RandomLayers.stack(features.width(), hidden, 1, 5),
        List.of(new GaussianHead("temp", new Linear(new float[2 * hidden], new float[2], hidden))),
        new Calibration(0.8, 10, 5),
        new Lineage("test", 0, 1, 0, "test", Map.of()));
  }
}
