package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.FeatureDecl.CategoryDecl;
import dev.sluice.config.FeatureDecl.Kind;
import dev.sluice.config.FeatureDecl.NumberDecl;
import dev.sluice.config.FeatureDecl.Scale;
import dev.sluice.config.FeatureDecl.TimeDecl;
import dev.sluice.config.Prediction.BinsOfValue;
import dev.sluice.config.Prediction.NextCategory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record that exists is valid, also one made by a program. */
final class TopologyTest {

  private static final NumberDecl NUMBER = new NumberDecl("temp", Scale.MODEL, false);

  @Test
  void aRecordTellsEverythingThatIsWrongWithIt() {
    assertThatThrownBy(
            () ->
                new ModelDecl(
                    "m",
                    ModelDecl.DEFAULT_CELLS,
                    0,
                    9,
                    ModelDecl.WeightFormat.FLOAT32,
                    ModelDecl.Start.WAIT,
                    ModelDecl.Reading.PLAIN,
                    new BinsOfValue("temp", 40)))
        .isInstanceOf(TopologyException.class)
        .hasMessage(
            """
            model.hidden: 0 is out of range. Write a whole number from 1 to 4096
            model.layers: 9 is out of range. Write a whole number from 1 to 8\
            """);
    assertThatThrownBy(() -> new CategoryDecl("", 0))
        .hasMessage(
            """
            features[].category: "" cannot be a field name. Write the name of a field of the \
            event, 1 to 256 printable characters
            features[].dimensions: 0 is out of range. Write a whole number from 1 to 256\
            """);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -0.5, 0, -0.0, 1.0000000000000002})
  void noThresholdOutsideItsRangeExists(double threshold) {
    assertThatThrownBy(() -> new ScoreDecl(threshold, 0, 0))
        .isInstanceOf(TopologyException.class)
        .hasMessageStartingWith("score.threshold: ")
        .hasMessageEndingWith(" is out of range. Write a number above 0 and up to 1");
  }

  @Test
  void whatIsPredictedMustBeDeclaredAsItsKind() {
    assertThat(topology(List.of(NUMBER), new BinsOfValue("temp", 9)).predicted())
        .containsExactly(NUMBER);
    assertThatThrownBy(() -> topology(List.of(NUMBER), new NextCategory("temp")))
        .hasMessage(
            "model.predict.category: temp is declared as a number."
                + " Predict it as a number, or declare it as a category");
    // The time of day is no field, whatever it is called.
    List<FeatureDecl> time = List.of(new TimeDecl(Kind.OF_DAY));
    assertThatThrownBy(() -> topology(time, new BinsOfValue("of-day", 9)))
        .hasMessage(
            "model.predict.value: of-day is not a declared number."
                + " Add it to features as - number:");
  }

  @Test
  void aFieldMayBeCalledAsATimeIs() {
    var field = new NumberDecl("of-day", Scale.KEY, false);

    Topology topology =
        topology(List.of(new TimeDecl(Kind.OF_DAY), field), new BinsOfValue("of-day", 9));

    assertThat(topology.predicted()).containsExactly(field);
  }

  @Test
  void thereAreAtMost256Features() {
    List<FeatureDecl> features = new ArrayList<>(List.of(NUMBER));
    while (features.size() < 256) {
      features.add(new NumberDecl("f" + features.size(), Scale.MODEL, true));
    }
    var predict = new BinsOfValue("temp", 9);
    assertThat(topology(features, predict).features()).hasSize(256);

    features.add(new TimeDecl(Kind.ELAPSED));
    assertThatThrownBy(() -> topology(features, predict))
        .hasMessage("features: 257 features are out of range. Write 1 to 256");
  }

  private static Topology topology(List<FeatureDecl> features, Prediction predict) {
    return new Topology(
        "readings",
        Input.of("readings"),
        features,
        ModelDecl.of("readings", predict),
        Training.defaults(),
        ScoreDecl.defaults(),
        AlertsDecl.defaults(),
        StateDecl.defaults(),
        Output.of("readings"),
        Weights.defaults(),
        Delivery.defaults(),
        new KafkaProperties(Map.of()));
  }
}
