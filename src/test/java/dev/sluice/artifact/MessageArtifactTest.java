package dev.sluice.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Pooling;
import dev.sluice.cell.RandomLayers;
import dev.sluice.cell.SequenceLayer;
import dev.sluice.cell.SequenceStack;
import dev.sluice.feature.Feature;
import dev.sluice.head.Classes;
import dev.sluice.head.Linear;
import dev.sluice.model.Lineage;
import dev.sluice.model.MessageModel;
import dev.sluice.text.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A model of messages survives the way through bytes, and nothing else is taken for one. */
final class MessageArtifactTest {

  private static final int MUTATIONS = 5000;

  static Stream<MessageModel> models() {
    var random = new Random(2);
    return Stream.of(
        rich(),
        model(new Pooling.Dot(SampleModels.uniform(random, 9)), true, false),
        model(Pooling.Plain.MAX, false, true));
  }

  /** Two layers of different kinds, both ways, additive attention, a label and tags. */
  private static MessageModel rich() {
    var random = new Random(1);
    return model(
        new Pooling.Additive(
            SampleModels.uniform(random, 3 * 9),
            SampleModels.uniform(random, 3),
            SampleModels.uniform(random, 3)),
        true,
        true);
  }

  private static MessageModel model(Pooling pooling, boolean label, boolean tags) {
    var random = new Random(3);
    var words = new Vocabulary(List.of(Vocabulary.UNKNOWN_WORD, "fly", "größer \"als\"\n"));
    var ends = new Vocabulary(List.of(Vocabulary.UNKNOWN_WORD, "ly"));
    var stack =
        new SequenceStack(
            List.of(
                new SequenceLayer(
                    List.of(
                        RandomLayers.layer(Cell.LSTM, 5, 6, random),
                        RandomLayers.layer(Cell.PROJECTED, 5, 6, random))),
                new SequenceLayer(
                    List.of(
                        RandomLayers.layer(Cell.GRU, 10, 5, random),
                        RandomLayers.layer(Cell.LSTM, 10, 4, random)))));
    return new MessageModel(
        "intents",
        2,
        List.of(
            new Feature.Category("word", words, 3, SampleModels.uniform(random, 9)),
            new Feature.Category("suffix-2", ends, 2, SampleModels.uniform(random, 4))),
        stack,
        pooling,
        label ? Optional.of(classes(random, "flight", "fare")) : Optional.empty(),
        tags ? Optional.of(classes(random, "O", "B-x", "I-x")) : Optional.empty(),
        new Lineage("atis", 3, 4, 0, "0.1.0", Map.of("validationAccuracy", 0.5)));
  }

  private static Classes classes(Random random, String... names) {
    float[] weights = SampleModels.uniform(random, 9 * names.length);
    float[] bias = SampleModels.uniform(random, names.length);
    return new Classes(List.of(names), new Linear(weights, bias, 9));
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelReadsAsItWasWritten(MessageModel model) {
    byte[] bytes = MessageArtifact.write(model);
    MessageModel read = MessageArtifact.read(bytes, "memory");

    assertThat(read.id()).isEqualTo(model.id());
    assertThat(read.version()).isEqualTo(model.version());
    assertThat(read.lineage()).isEqualTo(model.lineage());
    assertThat(read.reads()).usingRecursiveComparison().isEqualTo(model.reads());
    assertThat(read.pooling()).usingRecursiveComparison().isEqualTo(model.pooling());
    assertThat(read.label().map(Classes::names)).isEqualTo(model.label().map(Classes::names));
    assertThat(read.tags().map(Classes::names)).isEqualTo(model.tags().map(Classes::names));
    // What is written of the rest has the same bytes.
    assertThat(MessageArtifact.write(read)).isEqualTo(bytes);
    assertThat(MessageArtifact.isOfMessages(bytes, "memory")).isTrue();
  }

  @Test
  void theDocumentIsExactlyAsPromised() {
    TensorFile file = Safetensors.read(MessageArtifact.write(rich()), "memory");

    assertThat(file.metadata().get("sluice"))
        .isEqualTo(
            "{\"format\":4,\"kind\":\"messages\",\"id\":\"intents\",\"version\":2,"
                + "\"cell\":{\"inputs\":5,\"layers\":["
                + "{\"forward\":{\"kind\":\"lstm\",\"hidden\":6},"
                + "\"backward\":{\"kind\":\"projected\",\"hidden\":6,\"outputs\":4}},"
                + "{\"forward\":{\"kind\":\"gru\",\"hidden\":5},"
                + "\"backward\":{\"kind\":\"lstm\",\"hidden\":4}}]},"
                + "\"reads\":[{\"view\":\"word\",\"dimensions\":3,"
                + "\"vocabulary\":[\"<unknown>\",\"fly\",\"größer \\\"als\\\"\\n\"]},"
                + "{\"view\":\"suffix-2\",\"dimensions\":2,\"vocabulary\":[\"<unknown>\",\"ly\"]}],"
                + "\"pooling\":{\"kind\":\"additive\",\"units\":3},"
                + "\"label\":[\"flight\",\"fare\"],\"tags\":[\"O\",\"B-x\",\"I-x\"],"
                + "\"lineage\":{\"source\":\"atis\",\"events\":3,\"seed\":4,\"parentVersion\":0,"
                + "\"code\":\"0.1.0\",\"metrics\":{\"validationAccuracy\":0.5}}}");
    assertThat(file.tensors().values())
        .map(Tensor::toString)
        .containsExactly(
            "attention.bias[3]",
            "attention.query[3]",
            "attention.weight[3, 9]",
            "cell.bias_hh_l0[24]",
            "cell.bias_hh_l0_reverse[24]",
            "cell.bias_hh_l1[15]",
            "cell.bias_hh_l1_reverse[16]",
            "cell.bias_ih_l0[24]",
            "cell.bias_ih_l0_reverse[24]",
            "cell.bias_ih_l1[15]",
            "cell.bias_ih_l1_reverse[16]",
            "cell.weight_hh_l0[24, 6]",
            "cell.weight_hh_l0_reverse[24, 4]",
            "cell.weight_hh_l1[15, 5]",
            "cell.weight_hh_l1_reverse[16, 4]",
            "cell.weight_hr_l0_reverse[4, 6]",
            "cell.weight_ih_l0[24, 5]",
            "cell.weight_ih_l0_reverse[24, 5]",
            "cell.weight_ih_l1[15, 10]",
            "cell.weight_ih_l1_reverse[16, 10]",
            "embedding.suffix-2.weight[2, 2]",
            "embedding.word.weight[3, 3]",
            "label.bias[2]",
            "label.weight[2, 9]",
            "tags.bias[3]",
            "tags.weight[3, 9]");
  }

  @Test
  void neitherKindOfModelIsTakenForTheOther() {
    byte[] messages = MessageArtifact.write(rich());
    assertThatThrownBy(() -> ArtifactReader.read(messages, "f"))
        .isInstanceOf(ArtifactException.class)
        .hasMessage(
            "f: the file holds a model of messages, where one of events is needed."
                + " Name another file, or publish it to another topic");
    byte[] events = ArtifactWriter.write(SampleModels.words());
    assertThat(MessageArtifact.isOfMessages(events, "f")).isFalse();
    assertThatThrownBy(() -> MessageArtifact.read(events, "f"))
        .isInstanceOf(ArtifactException.class)
        .hasMessage(
            "f: the file holds a model of events, where one of messages is needed."
                + " Name another file, or publish it to another topic");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"format\":4 | \"format\":5 | the model is written in format 5, this Sluice reads up to 4",
        "\"view\":\"word\" | \"view\":\"wird\" | tensor \"embedding.wird.weight\" is missing",
        "\"dimensions\":3 | \"dimensions\":1025 | sluice.reads[0].dimensions is 1,025, from 1 to",
        "\"additive\" | \"adhesive\" | sluice.pooling.kind is the unknown \"adhesive\"",
        "\"units\":3 | \"units\":4 | tensor \"attention.weight\" has shape [3, 9], not [4, 9]",
        "\"kind\":\"gru\" | \"kind\":\"gnu\" | sluice.cell.layers[1].forward.kind is the unknown",
        "\"hidden\":5 | \"hidden\":7 | tensor \"cell.weight_ih_l1\" has shape [15, 10], not [21",
        "\"backward\" | \"sideways\" | sluice.cell.layers[0].sideways is not known",
        "\"outputs\":4 | \"outputs\":7 | sluice.cell.layers[0].backward.outputs is 7, from 1 to 6",
        "\"fare\" | \"flight\" | a class has the name of another",
        "\"label\" | \"labels\" | sluice.labels is not known",
        "[\"O\",| [\"O\",\"o\",| tensor \"tags.weight\" has shape [3, 9], not [4, 9]",
        "\"version\":2 | \"version\":0 | sluice.version is 0, from 1 to",
        "\"intents\" | \"In tents\" | model id 'In tents' is not",
      })
  void whatDoesNotFitIsRefused(String good, String bad, String message) {
    byte[] file = Edit.of(MessageArtifact.write(rich())).document(good, bad).bytes();
    assertThatThrownBy(() -> MessageArtifact.read(file, "f"))
        .isInstanceOf(ArtifactException.class)
        .hasMessageStartingWith("f: " + message);
  }

  @Test
  void aWeightThatIsNoNumberIsRefused() {
    byte[] file = Edit.of(MessageArtifact.write(rich())).tensor("label.bias", 1, Float.NaN).bytes();
    assertThatThrownBy(() -> MessageArtifact.read(file, "f"))
        .hasMessageStartingWith("f: tensor \"label.bias\" holds NaN at 1. Its training went wrong");
  }

  @Test
  void aMutantIsRefusedOrTheSameModel() {
    byte[] whole = MessageArtifact.write(rich());
    byte[] unchecked = Edit.of(whole).bytes();
    for (int seed = 0; seed < MUTATIONS; seed++) {
      try {
        byte[] mutant = Mutant.of(whole, new Random(seed));
        byte[] again = MessageArtifact.write(MessageArtifact.read(mutant, "mutant"));
        assertThat(Arrays.equals(again, whole)).as("mutant %d is the original", seed).isTrue();
        MessageArtifact.read(Mutant.of(unchecked, new Random(seed)), "mutant");
      } catch (ArtifactException e) {
        assertThat(e).hasMessageStartingWith("mutant: ");
      }
    }
  }
}
