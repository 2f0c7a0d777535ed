package dev.sluice.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.artifact.ArtifactException.Fault;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are no model, or not the one they claim to be. */
final class ArtifactDamageTest {

  private static final int MUTATIONS = 20_000;

  @Test
  void everyTruncationIsRefused() {
    byte[] whole = ArtifactWriter.write(SampleModels.words());
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ArtifactReader.read(cut, "topic sluice-weights"))
          .isInstanceOf(ArtifactException.class)
          .hasMessageStartingWith("topic sluice-weights: ");
    }
  }

  @Test
  void everyFlippedBitOfTheDataIsNoticed() {
    byte[] whole = ArtifactWriter.write(SampleModels.smallest());
    int dataBytes = 4 * (8 + 16 + 8 + 8 + 4 + 2);
    for (int bit = 8 * (whole.length - dataBytes); bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> ArtifactReader.read(flipped, "f"))
          .isInstanceOfSatisfying(
              ArtifactException.class, e -> assertThat(e.fault()).isEqualTo(Fault.CORRUPT))
          .hasMessageStartingWith("f: its checksum does not match. It was damaged: copy it again.");
    }
  }

  @Test
  void aMutantIsRefusedOrTheSameModel() {
    byte[] whole = ArtifactWriter.write(SampleModels.rich());
    int refused = 0;
    for (int seed = 0; seed < MUTATIONS; seed++) {
      byte[] mutant = Mutant.of(whole, new Random(seed));
      try {
        byte[] again = ArtifactWriter.write(ArtifactReader.read(mutant, "mutant"));
        assertThat(Arrays.equals(again, whole)).as("mutant %d is the original", seed).isTrue();
      } catch (ArtifactException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(MUTATIONS / 2);
  }

  @Test
  void aMutantWithoutChecksumDoesNoMoreThanBeRefused() {
    byte[] whole = Edit.of(SampleModels.rich()).bytes();
    int refused = 0;
    for (int seed = 0; seed < MUTATIONS; seed++) {
      try {
        ArtifactReader.read(Mutant.of(whole, new Random(seed)), "mutant");
      } catch (ArtifactException e) {
        refused++;
      }
    }
    // Every other byte belongs to a weight, and any weight will do.
    assertThat(refused).isBetween(MUTATIONS / 2, MUTATIONS - 1);
  }

  @Test
  void formatsOfOtherTimesAreToldApart() {
    byte[] newer = Edit.of(SampleModels.rich()).document("\"format\":1", "\"format\":4").bytes();
    assertThatThrownBy(() -> ArtifactReader.read(newer, "f"))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.fault()).isEqualTo(Fault.TOO_NEW))
        .hasMessage(
            "f: the model is written in format 4, this Sluice reads up to 3."
                + " Update Sluice, or publish the model with the older one");

    byte[] older = Edit.of(SampleModels.rich()).document("\"format\":1", "\"format\":0").bytes();
    assertThatThrownBy(() -> ArtifactReader.read(older, "f"))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.fault()).isEqualTo(Fault.TOO_OLD))
        .hasMessage(
            "f: the model is written in format 0, this Sluice reads from 1. Train the model again");
  }

  @Test
  void aNewerFormatIsNamedEvenIfNothingElseIsUnderstood() {
    byte[] file =
        Edit.of(SampleModels.smallest())
            .metadata("sluice", "{\"wholly\":[{\"new\":1}],\"format\":9}")
            .bytes();
    assertThat(refusal(file).fault()).isEqualTo(Fault.TOO_NEW);
  }

  @Test
  void tensorsThatSayNothingOfThemselvesAreNoModel() throws IOException {
    byte[] file = Edit.of(SampleModels.smallest()).withoutMetadata("sluice").bytes();
    assertThat(refusal(file))
        .hasMessage(
            "f: the file holds tensors, but nothing that says what they mean."
                + " It was not written by Sluice; import it");
    assertThat(refusal(SafetensorsTest.fixture("mixed")).fault()).isEqualTo(Fault.INVALID);
  }

  @Test
  void metadataOfOthersIsRefused() {
    byte[] file = Edit.of(SampleModels.smallest()).metadata("sluice.sha257", "").bytes();
    assertThat(refusal(file)).hasMessageStartingWith("f: metadata \"sluice.sha257\" is not known");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "version":7 | "version":0 | sluice.version is 0, from 1 to 2,147,483,647 can be
          "version":7 | "version":7.5 | sluice.version is no whole number
          "version":7 | "version":7,"version":7 | sluice is not JSON: Duplicate field 'version'
          "version":7 | "version":7,"colour":1 | sluice.colour is not known
          "id":"readings" | "id":7 | sluice.id is no text
          "id":"readings" | "id":"Readings!" | model id 'Readings!'
          "lstm" | "rnn" | sluice.cell.kind is the unknown "rnn"
          "inputs":10 | "inputs":11 | sluice.cell.inputs is 11, from 10 to 10 can be
          [5,5] | [6,5] | tensor "cell.weight_ih_l0" has shape [20, 10], not [24, 10]
          [5,5] | [5,6] | tensor "cell.weight_ih_l1" has shape [20, 5], not [24, 5]
          [5,5] | [5,1e9] | sluice.cell.hidden holds something that is no whole number from 1 to
          [5,5] | [0,5] | sluice.cell.hidden holds something that is no whole number from 1 to
          [5,5] | [5,65536] | sluice.cell.hidden holds something that is no whole number from 1 to
          [5,5] | [5,65535] | tensor "cell.weight_ih_l1" has shape [20, 5], not [262140, 5]
          [5,5] | [5] | tensor "cell.bias_hh_l1" is not part of the model
          [5,5] | [5,5,5] | tensor "cell.weight_ih_l2" is missing
          [5,5] | [] | A stack of 0 layers is not possible
          [5,5] | [5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5] | sluice.cell.hidden has 17 entries, 16 are
          "dimensions":4 | "dimensions":5 | tensor "embedding.state.weight" has shape [3, 4], not
          "deviation":1.0E-300 | "deviation":0 | mean -0.1 and deviation 0.0 make no scale
          "deviation":1.0E-300 | "deviation":1e999 | sluice.features[0].scale.deviation is no
          "deviation":1.0E-300 | "deviance":1 | sluice.features[0].scale.deviation is missing
          "scale":"key" | "scale":"lock" | sluice.features[1].scale is the unknown "lock"
          "optional":true | "optional":1 | sluice.features[1].optional is neither true nor false
          "of-day" | "of-year" | sluice.features[3].time is the unknown "of-year"
          "elapsed" | "of-day" | feature time of-day stands twice
          "vocabulary":[ | "vocabulary":[7, | sluice.features[2].vocabulary holds something that
          "vocabulary":[ | "vocabulary":["ok", | word 0 of a vocabulary must be <unknown>
          "value":"sensor.value" | "value":"pressure" | no feature pressure in the model
          "value":"sensor.value" | "value":"state" | the head cannot predict feature state
          "count":6 | "count":7 | tensor "head.weight" has shape [6, 5], not [7, 5]
          "count":6 | "count":1 | sluice.predict.bins.count is 1, from 2 to 1,024 can be
          "low":-4.0 | "low":9 | bins from 9.0 to 4.5 have no width
          "threshold":0.99 | "threshold":1.5 | threshold 1.5 is not in (0, 1]
          "aFigureThatSortsFirst":-1.0E-7 | "x":"y" | sluice.lineage.metrics.x is no finite number
          "metrics":{ | "metrics":[],"x":{ | sluice.lineage.metrics is not an object
          {"format" | [{"format" | sluice is not JSON
          {"format":1 | {"format":true | sluice.format is no whole number
          {"format":1 | {"formal":1 | sluice.format is missing
          """)
  void whatTheDocumentGetsWrongIsNamed(String found, String replacement, String problem) {
    byte[] file = Edit.of(SampleModels.rich()).document(found, replacement).bytes();

    assertThat(refusal(file)).hasMessageStartingWith("f: " + problem);
    assertThat(refusal(file).fault()).isEqualTo(Fault.INVALID);
  }

  @Test
  void aWordHeadNeedsACategory() {
    byte[] file =
        Edit.of(SampleModels.words())
            .document("\"predict\":{\"category\":\"state\"}", "\"predict\":{\"category\":\"load\"}")
            .bytes();
    assertThat(refusal(file))
        .hasMessageStartingWith("f: sluice.predict.category is \"load\", which is no category");
  }

  @Test
  void everyTensorMustBeThereAndNoOther() {
    for (String name :
        Safetensors.read(ArtifactWriter.write(SampleModels.rich()), "f").tensors().keySet()) {
      byte[] without = Edit.of(SampleModels.rich()).withoutTensor(name).bytes();
      assertThat(refusal(without)).hasMessageStartingWith("f: tensor \"" + name + "\" is missing");

      byte[] misshaped =
          Edit.of(SampleModels.rich()).put(Tensor.of(name, new float[3], 3, 1, 1)).bytes();
      assertThat(refusal(misshaped))
          .hasMessageStartingWith("f: tensor \"" + name + "\" has shape [3, 1, 1], not [");
    }
    byte[] more =
        Edit.of(SampleModels.rich()).put(Tensor.of("head.scale", new float[1], 1)).bytes();
    assertThat(refusal(more))
        .hasMessageStartingWith("f: tensor \"head.scale\" is not part of the model");
  }

  @Test
  void weightsThatAreNotNumbersAreNamed() {
    byte[] bad = Edit.of(SampleModels.smallest()).tensor("head.bias", 1, Float.NaN).bytes();
    assertThat(refusal(bad))
        .hasMessage(
            "f: tensor \"head.bias\" holds NaN at 1."
                + " Its training went wrong; train the model again with a lower learning rate");

    float huge = Float.MAX_VALUE;
    byte[] overflow =
        Edit.of(SampleModels.smallest())
            .tensor("cell.bias_ih_l0", huge, 0, 0, 0, 0, 0, 0, 0)
            .tensor("cell.bias_hh_l0", huge, 0, 0, 0, 0, 0, 0, 0)
            .bytes();
    assertThat(refusal(overflow))
        .hasMessageStartingWith("f: tensor \"cell.bias_ih_l0\" holds Infinity at 0");
  }

  private static ArtifactException refusal(byte[] file) {
    return catchThrowableOfType(ArtifactException.class, () -> ArtifactReader.read(file, "f"));
  }
}
