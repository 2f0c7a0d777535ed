package dev.sluice.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.CellLayer;
import dev.sluice.head.Head;
import dev.sluice.model.Lineage;
import dev.sluice.model.Model;
import dev.sluice.model.Profile;
import dev.sluice.model.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A model survives the way through bytes, and the bytes are those that were promised. */
final class ArtifactTest {

  private static final String PROFILE =
      "\"profile\":{\"surprise\":{\"edges\":[-0.5,2.0],\"counts\":[3,0,4]},\"fields\":["
          + "{\"name\":\"t\",\"missing\":7,\"edges\":[],\"counts\":[9]}]}";

  static Stream<Model> models() {
    return Stream.of(
        SampleModels.smallest(),
        SampleModels.rich(),
        SampleModels.words(),
        SampleModels.several(),
        SampleModels.everyCell(),
        SampleModels.gru());
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelReadsAsItWasWritten(Model model) {
    Model read = ArtifactReader.read(ArtifactWriter.write(model), "memory");

    assertThat(read.id()).isEqualTo(model.id());
    assertThat(read.version()).isEqualTo(model.version());
    assertThat(read.calibration()).isEqualTo(model.calibration());
    assertThat(read.lineage()).isEqualTo(model.lineage());
    assertThat(read.features()).usingRecursiveComparison().isEqualTo(model.features());
    assertThat(read.heads()).hasSameSizeAs(model.heads());
    for (int h = 0; h < model.heads().size(); h++) {
      Head expected = model.heads().get(h);
      Head head = read.heads().get(h);
      assertThat(head).hasSameClassAs(expected);
      assertThat(head.field()).isEqualTo(expected.field());
      assertThat(head.view()).isEqualTo(expected.view());
      assertThat(head.linear().weights()).isEqualTo(expected.linear().weights());
      assertThat(head.linear().bias()).isEqualTo(expected.linear().bias());
    }
    assertThat(read.cell().shapeHash()).isEqualTo(model.cell().shapeHash());
    for (int l = 0; l < model.cell().layers().size(); l++) {
      CellLayer expected = model.cell().layers().get(l);
      CellLayer layer = read.cell().layers().get(l);
      assertThat(layer.cell()).isEqualTo(expected.cell());
      assertThat(layer.weights().keySet()).isEqualTo(expected.weights().keySet());
      expected
          .weights()
          .forEach((name, values) -> assertThat(layer.weights().get(name)).isEqualTo(values));
    }
  }

  @Test
  void aProfileIsReadAsItWasWrittenAndMakesTheFormatTheSecond() {
    Model with = profiled();

    assertThat(ArtifactReader.read(ArtifactWriter.write(with), "memory").lineage())
        .isEqualTo(with.lineage());
    assertThat(document(with)).startsWith("{\"format\":2,").endsWith(PROFILE + "}}");
    assertThat(document(SampleModels.rich())).startsWith("{\"format\":1,");
    assertThat(document(SampleModels.several())).startsWith("{\"format\":3,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[-0.5,2.0] | [2.0,2.0]   | a spread whose edges do not ascend: [2.0, 2.0].",
        "[3,0,4]    | [3,0]       | a spread of 2 edges and 2 counts.",
        "[3,0,4]    | [3,-1,4]    | a spread with a count of -1.",
        "[3,0,4]    | [3,0.5,4]   | sluice.lineage.profile.surprise.counts holds something that",
        "[-0.5,2.0] | [`x`,2.0]   | sluice.lineage.profile.surprise.edges holds something that is",
        "\"missing\":7 | \"missing\":-7 | field t: missing in -7 events.",
        "[9]}       | [9],\"x\":1} | sluice.lineage.profile.fields[0].x is not known.",
        "\"surprise\" | \"surprised\" | sluice.lineage.profile.surprise is missing.",
      })
  void aProfileThatIsNoneIsRefused(String good, String bad, String message) {
    byte[] file = Edit.of(profiled()).document(good, bad.replace('`', '"')).bytes();

    assertThatThrownBy(() -> ArtifactReader.read(file, "f"))
        .isInstanceOf(ArtifactException.class)
        .hasMessageStartingWith("f: " + message);
  }

  @Test
  void aViewThatIsNotOfTheScaleIsRefused() {
    byte[] more = Edit.of(SampleModels.several()).document("\"view\":2", "\"view\":3").bytes();
    assertThatThrownBy(() -> ArtifactReader.read(more, "f"))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("predict[2].view");
    byte[] twice = Edit.of(SampleModels.several()).document("\"view\":2", "\"view\":1").bytes();
    assertThatThrownBy(() -> ArtifactReader.read(twice, "f"))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("feature a is predicted twice");
    byte[] none = Edit.of(SampleModels.several()).document("\"day\"", "\"dax\"").bytes();
    assertThatThrownBy(() -> ArtifactReader.read(none, "f"))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("features[0].views has the unknown \"dax\"");
  }

  private static String document(Model model) {
    return Safetensors.read(ArtifactWriter.write(model), "memory").metadata().get("sluice");
  }

  private static Model profiled() {
    Model model = SampleModels.smallest();
    Profile profile =
        new Profile(
            new Spread(List.of(-0.5, 2.0), List.of(3L, 0L, 4L)),
            List.of(new Profile.Field("t", 7, new Spread(List.of(), List.of(9L)))));
    Lineage before = model.lineage();
    var lineage =
        new Lineage(
            before.source(),
            before.events(),
            before.seed(),
            before.parentVersion(),
            before.code(),
            before.metrics(),
            Optional.of(profile));
    return new Model(
        model.id(),
        model.version(),
        model.features(),
        model.cell(),
        model.heads(),
        model.calibration(),
        lineage);
  }

  @ParameterizedTest
  @MethodSource("models")
  void theSameModelGivesTheSameBytes(Model model) {
    byte[] once = ArtifactWriter.write(model);

    assertThat(ArtifactWriter.write(model)).isEqualTo(once);
    assertThat(ArtifactWriter.write(ArtifactReader.read(once, "memory"))).isEqualTo(once);
  }

  @Test
  void theDocumentIsExactlyAsPromised() {
    TensorFile file = Safetensors.read(ArtifactWriter.write(SampleModels.smallest()), "memory");

    assertThat(file.metadata()).containsOnlyKeys("format", "sluice", "sluice.sha256");
    assertThat(file.metadata()).containsEntry("format", "pt");
    assertThat(file.metadata().get("sluice"))
        .isEqualTo(
            "{\"format\":1,\"id\":\"temps\",\"version\":1,"
                + "\"cell\":{\"kind\":\"lstm\",\"inputs\":1,\"hidden\":[2]},"
                + "\"features\":[{\"number\":\"t\","
                + "\"scale\":{\"mean\":20.5,\"deviation\":0.1},\"optional\":false}],"
                + "\"predict\":{\"gaussian\":\"t\"},"
                + "\"calibration\":{\"threshold\":0.8,\"warmUp\":100,\"quiet\":20},"
                + "\"lineage\":{\"source\":\"temps.csv\",\"events\":3,\"seed\":4,"
                + "\"parentVersion\":0,\"code\":\"0.1.0\",\"metrics\":{}}}");
  }

  @Test
  void tensorsAreNamedAndShapedAsThoseOfPyTorch() {
    TensorFile file = Safetensors.read(ArtifactWriter.write(SampleModels.rich()), "memory");

    // Inputs: 1 and 2 for the numbers, 4 for the words, 2 and 1 for the times.
    assertThat(file.tensors().values())
        .map(Tensor::toString)
        .containsExactly(
            "cell.bias_hh_l0[20]",
            "cell.bias_hh_l1[20]",
            "cell.bias_ih_l0[20]",
            "cell.bias_ih_l1[20]",
            "cell.weight_hh_l0[20, 5]",
            "cell.weight_hh_l1[20, 5]",
            "cell.weight_ih_l0[20, 10]",
            "cell.weight_ih_l1[20, 5]",
            "embedding.state.weight[3, 4]",
            "head.bias[6]",
            "head.weight[6, 5]");
    assertThat(file.tensors().get("cell.bias_hh_l1").data()).containsOnly(0);
  }

  @Test
  void aFileOnDiskIsReadAsItsBytesAre(@TempDir Path folder) throws IOException {
    byte[] bytes = ArtifactWriter.write(SampleModels.words());
    Path path = Files.write(folder.resolve("states.safetensors"), bytes);

    assertThat(ArtifactWriter.write(ArtifactReader.read(path))).isEqualTo(bytes);
  }

  @Test
  void theSecondBiasOfAForeignFileIsAdded() {
    byte[] edited =
        Edit.of(SampleModels.smallest())
            .tensor("cell.bias_ih_l0", 1, 2, 3, 4, 5, 6, 7, -0f)
            .tensor("cell.bias_hh_l0", 0.5f, 0, 0, 0, 0, 0, -7, 0)
            .bytes();

    float[] bias = ArtifactReader.read(edited, "memory").cell().layers().getFirst().bias();

    assertThat(bias).containsExactly(1.5f, 2, 3, 4, 5, 6, 0, -0f);
  }

  @Test
  void whatCannotBeReadBackIsNotWritten() {
    Model model = SampleModels.smallest();
    var lineage = new Lineage("s", 1, 1, 0, "c", Map.of("loss", Double.NaN));
    var odd =
        new Model(
            model.id(),
            model.version(),
            model.features(),
            model.cell(),
            model.heads(),
            model.calibration(),
            lineage);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ArtifactWriter.write(odd))
        .withMessage("metric loss is NaN. Leave it out");
  }
}
