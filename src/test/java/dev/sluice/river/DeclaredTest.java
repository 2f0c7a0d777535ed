package dev.sluice.river;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.score.AlertPolicy;
import dev.sluice.score.Calibration;
import dev.sluice.score.Suppression;
import dev.sluice.state.Encoding;
import dev.sluice.state.RowLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeclaredTest {

  @TempDir Path folder;

  private Topology topology(String yaml) throws IOException {
    return TopologyFile.read(Files.writeString(folder.resolve("x.yaml"), yaml), Map.of());
  }

  @Test
  void aTopologyOfDefaultsTakesKeyAndTimeFromTheRecord() throws IOException {
    Topology topology =
        topology(
            """
            name: readings
            input: {topic: readings}
            features:
              - number: temperature
            model: {predict: {gaussian: temperature}}
            """);
    assertThat(Declared.schema(topology))
        .isEqualTo(
            new EventSchema(
                List.of(new Field("temperature", false)),
                List.of(),
                null,
                new TimeSource.OfRecord(),
                1_048_576));
    assertThat(Declared.settings(topology))
        .isEqualTo(
            new Settings(
                256, 0.9, Optional.of(new Calibration(0.8, 100, 20)), new Settings.OnSwap.Keep()));
  }

  @Test
  void everythingThatIsSaidArrives() throws IOException {
    Topology topology =
        topology(
            """
            name: readings
            input: {topic: in, key: sensor.id, time: at, timeUnit: seconds, maxBytes: 2048}
            features:
              - category: status
              - number: load
                optional: true
              - time: of-day
              - number: temperature
            model: {predict: {value: temperature}}
            score: {threshold: 0.7, warmUp: 5, quiet: 3}
            state: {onSwap: reset}
            output: {interval: 0.5}
            delivery: {wave: 7}
            """);
    assertThat(Declared.schema(topology))
        .isEqualTo(
            new EventSchema(
                List.of(new Field("load", true), new Field("temperature", false)),
                List.of(new Field("status", false)),
                "sensor.id",
                new TimeSource.OfField("at", 1000),
                2048));
    assertThat(Declared.settings(topology))
        .isEqualTo(
            new Settings(
                7, 0.5, Optional.of(new Calibration(0.7, 5, 3)), new Settings.OnSwap.Reset()));
  }

  @Test
  void theLayoutOfAKeyIsThatOfTheModel() throws IOException {
    Topology topology =
        topology(
            """
            name: readings
            input: {topic: in}
            features: [{number: a, scale: key}, {number: b}, {number: c, scale: key}]
            model: {hidden: 24, layers: 2, predict: {value: a}}
            state: {encoding: float16, expireAfter: 2d}
            """);
    assertThat(Declared.layout(topology))
        .isEqualTo(new RowLayout(List.of(24, 24), 2 + 2 * 4 + 21 + 6 + 6));
    assertThat(Declared.settings(topology).encoding()).isEqualTo(Encoding.FLOAT16);
    assertThat(Declared.settings(topology).expireAfterMillis()).isEqualTo(172_800_000);
    assertThat(Declared.settings(topology).alerts()).isEqualTo(AlertPolicy.NONE);
  }

  @Test
  void alertRulesAreThoseOfTheFile() throws IOException {
    Topology topology =
        topology(
            """
            name: readings
            input: {topic: in}
            features: [{number: a}]
            model: {predict: {value: a}}
            alerts: {minEvents: 2, minDuration: 5m, maxPerHour: 3, suppress: [{daily: 00:00-01:00}]}
            """);
    assertThat(Declared.settings(topology).alerts())
        .isEqualTo(
            new AlertPolicy(
                2,
                300_000,
                3,
                List.of(new Suppression(0, 3_600_000, 86_400_000, "", "daily 00:00-01:00"))));
  }

  @Test
  void theLayoutOfAKeyHoldsTheEventsThatARewarmingReplays() throws IOException {
    Topology topology =
        topology(
            """
            name: readings
            input: {topic: in}
            features: [{number: a}, {category: b}, {time: of-day}]
            model: {hidden: 24, predict: {value: a}}
            state: {onSwap: rewarm, rewarm: 4}
            """);
    assertThat(Declared.settings(topology).onSwap()).isEqualTo(new Settings.OnSwap.Rewarm(4));
    RowLayout layout = Declared.layout(topology);
    // A count; then for each event its time, a number and a word.
    assertThat(layout.doubles()).isEqualTo(2 + 21 + 6 + 6 + 1 + 4 * 3);
    assertThat(layout.floats()).isEqualTo(2 * 32);
    // As the river makes it, from the schema of a file.
    var window = new Window(Declared.schema(topology).forFiles("key", "time"), 4);
    assertThat(layout.strips()).containsExactly(window.strip());
  }

  @Test
  void aWaveHasASize() {
    for (int wave : new int[] {0, 4097}) {
      assertThatThrownBy(
              () -> new Settings(wave, 0.9, Optional.empty(), new Settings.OnSwap.Keep()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a wave of " + wave + " is not from 1 to 4096");
    }
  }
}
