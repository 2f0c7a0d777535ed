package dev.sluice.river;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.artifact.ArtifactReader;
import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.event.Event;
import dev.sluice.feature.Encoder;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowSet;
import dev.sluice.model.Ensemble;
import dev.sluice.model.Lineage;
import dev.sluice.model.Model;
import dev.sluice.river.TestModels.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An ensemble against its members, stepped by themselves. */
final class EnsembleTest {

  /** One model at work on one key: what its heads say before each event. */
  private static final class Alone {
    private final Model model;
    private final Encoder encoder;
    private final double[] stats;
    private final Floats memory;

    Alone(Model model) {
      this.model = model;
      this.encoder = new Encoder(model.features(), TestModels.SCHEMA);
      this.stats = new double[encoder.statsSize()];
      this.memory = Floats.allocate(model.cell().memoryFloats());
    }

    double logit(int head, int output) {
      return PlainHeads.logits(model.heads().get(head), model.cell(), memory).get(output);
    }

    void step(Event event) {
      float[] inputs = new float[encoder.width()];
      encoder.encode(event, stats, 0, inputs);
      encoder.learn(event, stats, 0);
      Floats input = Floats.allocate(Floats.pad(inputs.length));
      input.write(0, inputs, 0, inputs.length);
      var rows = new RowSet(1);
      rows.add(memory, 0, (int) memory.size());
      model.cell().step(rows, input, (int) input.size(), model.cell().scratch(1));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void itsLogitsAreTheMeanOfItsMembers(Kind kind) {
    List<Model> members =
        List.of(
            TestModels.random(1, kind, 20),
            TestModels.random(2, kind, 12),
            TestModels.random(3, kind, 20));
    Model ensemble = Ensemble.of(members);
    assertThat(ensemble.cell().hidden()).isEqualTo(52);
    assertThat(ensemble.features().width()).isEqualTo(members.getFirst().features().width() + 6);
    // As it is published and read again.
    var together = new Alone(ArtifactReader.read(ArtifactWriter.write(ensemble), "test"));
    List<Alone> alone = members.stream().map(Alone::new).toList();
    for (Event event : TestEvents.random(5, 200, 1)) {
      for (int h = 0; h < ensemble.heads().size(); h++) {
        for (int o = 0; o < ensemble.heads().get(h).linear().outputs(); o++) {
          double mean = 0;
          for (Alone member : alone) {
            mean += member.logit(h, o) / 3;
          }
          assertThat(together.logit(h, o)).isCloseTo(mean, within(1e-4));
        }
      }
      together.step(event);
      alone.forEach(member -> member.step(event));
    }
  }

  @Test
  void itIsScoredLikeAnyOtherModel() {
    Model ensemble =
        Ensemble.of(
            List.of(
                measured(TestModels.random(1, Kind.BINS, 20)), TestModels.random(2, Kind.BINS, 9)));
    List<Event> events = TestEvents.random(8, 300, 5);
    var plain =
        new PlainLoop(
            new Settings(64, 0.9, Optional.empty(), new Settings.OnSwap.Keep()), Runs.of(ensemble));
    assertThat(new Runs(new Settings.OnSwap.Keep(), Runs.of(ensemble)).all(events, 33))
        .isEqualTo(events.stream().map(plain::score).toList());
    assertThat(ensemble.lineage().metrics())
        .containsEntry(Ensemble.MEMBERS, 2.0)
        .doesNotContainKey(Lineage.VALIDATION_NATS)
        .hasSize(1);
  }

  private static Model measured(Model model) {
    Map<String, Double> metrics = Map.of(Lineage.VALIDATION_NATS, 2.0, "parameters", 99.0);
    var lineage = new Lineage("test", 0, 1, 0, "test", metrics);
    return new Model(
        model.id(),
        model.version(),
        model.features(),
        model.cell(),
        model.heads(),
        model.calibration(),
        lineage);
  }

  @Test
  void aMemberThatReadsOrPredictsSomethingElseIsRefused() {
    Model first = TestModels.random(1, Kind.BINS, 20);
    assertThatThrownBy(() -> Ensemble.of(List.of(first)))
        .hasMessage("an ensemble has at least two members");
    assertThatThrownBy(() -> Ensemble.of(List.of(first, TestModels.random(2, Kind.WORDS, 20))))
        .hasMessage("member 2 has other head for w");
    assertThatThrownBy(() -> Ensemble.of(List.of(first, TestModels.random(2, Kind.SEVERAL, 20))))
        .hasMessage("member 2 has other scaling or vocabulary of feature v");
  }
}
