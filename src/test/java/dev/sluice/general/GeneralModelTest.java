package dev.sluice.general;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.artifact.ArtifactReader;
import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.event.Hash;
import dev.sluice.feature.Feature;
import dev.sluice.head.Head;
import dev.sluice.model.Model;
import dev.sluice.river.Declared;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GeneralModelTest {

  private static Topology topology(String features, String predict) {
    return TopologyFile.parse(
        """
        name: boiler
        input: {topic: boiler}
        features: [FEATURES]
        model: {predict: PREDICT}
        """
            .replace("FEATURES", features)
            .replace("PREDICT", predict),
        "it",
        Map.of());
  }

  @Test
  void itTakesTheNameAndTheNumberOfATopology() {
    Topology file =
        topology("{category: site}, {number: bar, scale: key, optional: true}", "{gaussian: bar}");

    Model model = GeneralModel.of(file, 3).orElseThrow();

    assertThat(model.id()).isEqualTo("boiler");
    assertThat(model.version()).isEqualTo(3);
    assertThat(model.predicted()).containsExactly("bar");
    assertThat(model.heads()).extracting(Head::view).containsExactly(0, 1, 2);
    assertThat(model.features().features())
        .extracting(Feature::name)
        .containsExactly("bar", "time of-day", "time of-week");
    assertThat(model.lineage()).isEqualTo(GeneralModel.shipped().lineage());
    // It can be published as any other.
    byte[] artifact = ArtifactWriter.write(model);
    assertThat(ArtifactWriter.write(ArtifactReader.read(artifact, "it"))).isEqualTo(artifact);
    assertThat(Declared.schema(file).numberSlot("bar")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{number: a}|{value: a}",
        "{number: a, scale: key}, {number: b, scale: key}|{value: [a, b]}",
        "{category: a}|{category: a}"
      })
  void itKnowsNothingOfOtherPredictions(String sections) {
    String[] parts = sections.split("\\|");
    assertThat(GeneralModel.of(topology(parts[0], parts[1]), 1)).isEmpty();
  }

  /** Whoever changes the series has to learn the model anew, see topologies/general.yaml. */
  @Test
  void theShippedModelIsOfTheseSeries() {
    long all = 0;
    for (int s = 0; s < 40; s++) {
      Series series = new Series(s);
      for (int row = 0; row < series.rows(); row++) {
        all = Hash.mixed(all ^ series.timeMillis());
        all = Hash.mixed(all ^ Double.doubleToLongBits(series.next()));
      }
    }
    assertThat(all).isEqualTo(PINNED);
    long events = 0;
    for (int s = 0; s < GeneralSeries.SERIES; s++) {
      events += new Series(s).rows();
    }
    // One in twenty was held out.
    assertThat(GeneralModel.shipped().lineage().events() / 0.95)
        .isBetween(0.999 * events, 1.001 * events);
    assertThat(GeneralModel.shipped().lineage().seed()).isEqualTo(1);
  }

  private static final long PINNED = -6975391288595980071L;

  @ParameterizedTest
  @EnumSource
  void valuesOfAFamilyAreOfAboutUnitSizeAndDiffer(Family family) {
    for (int seed = 0; seed < 50; seed++) {
      Family.Course course = family.course(new Random(seed));
      double[] values = new double[2000];
      for (int i = 0; i < values.length; i++) {
        values[i] = course.next(i % 288 / 288.0, i / 288 % 7);
      }
      assertThat(Arrays.stream(values).allMatch(Double::isFinite)).isTrue();
      Arrays.sort(values);
      assertThat(values[values.length / 2]).as("%s %d", family, seed).isBetween(-30.0, 30.0);
      assertThat(values[0]).isLessThan(values[values.length - 1]);
    }
  }

  @Test
  void everyFamilyIsAmongTheSeries() {
    Set<Family> drawn = EnumSet.noneOf(Family.class);
    var random = new Random(1);
    for (int i = 0; i < 300; i++) {
      drawn.add(Family.draw(random));
    }
    assertThat(drawn).containsExactlyInAnyOrder(Family.values());
  }
}
