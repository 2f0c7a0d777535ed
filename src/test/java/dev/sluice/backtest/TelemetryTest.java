package dev.sluice.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TelemetryTest {

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        folder.resolve("labeled_anomalies.csv"),
        """
        chan_id,spacecraft,anomaly_sequences,class,num_values
        A,SMAP,"[[10, 20], [500, 510]]","[contextual, point]",900
        B,SMAP,"[[5, 6]]",[point],900
        A,SMAP,"[[500, 510]]",[point],900
        M,MSL,"[[1, 2]]",[point],900
        """);
    for (String name : List.of("A", "B")) {
      part("train", name, "value,c1\n0.5,0\n0.25,1\n");
      part("test", name, "value,c1\n-1,0\n");
    }
  }

  private void part(String part, String name, String text) throws IOException {
    Path file = Files.createDirectories(folder.resolve(part)).resolve(name + ".csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void eventsOfAChannelFollowEachOtherByTheMinute() throws IOException {
    Telemetry telemetry = Telemetry.read(folder, "SMAP");
    Path file = folder.resolve("events.jsonl");
    telemetry.write(file, true);
    assertThat(Files.readAllLines(file))
        .hasSize(6)
        .startsWith(
            "{\"key\":\"A\",\"channel\":\"A\",\"time\":\"1970-01-01T00:00:00Z\","
                + "\"value\":0.5,\"c1\":0}")
        .contains(
            "{\"key\":\"B\",\"channel\":\"B\",\"time\":\"1970-01-01T00:02:00Z\","
                + "\"value\":-1,\"c1\":0}");
    telemetry.write(file, false);
    assertThat(Files.readAllLines(file)).hasSize(4);
  }

  @Test
  void anAnomalyIsFoundOnceAndAlertsThatAreNearAreOneAlarm() throws IOException {
    Telemetry telemetry = Telemetry.read(folder, "SMAP");
    assertThat(telemetry.channels().get("A").anomalies())
        .containsExactly(new Window(10, 20), new Window(500, 510));
    // Rows of the test begin at 2; what alerts before is not judged.
    Map<String, List<Integer>> alerts =
        Map.of("A", List.of(0, 14, 16, 202, 232, 302), "M", List.of(3));
    assertThat(telemetry.judge(alerts, 40)).isEqualTo(new Telemetry.Outcome(1, 2, 2));
    assertThat(telemetry.judge(alerts, 29)).isEqualTo(new Telemetry.Outcome(1, 2, 3));
    // From 200 on one group that reaches the second anomaly.
    Map<String, List<Integer>> late = Map.of("A", List.of(202, 502));
    assertThat(telemetry.judge(late, 300)).isEqualTo(new Telemetry.Outcome(1, 2, 0));
    assertThat(new Telemetry.Outcome(1, 2, 3).f1()).isEqualTo(2.0 / 7);
  }

  @Test
  void whatIsNoLabelIsToldWithItsLine() throws IOException {
    Files.writeString(folder.resolve("labeled_anomalies.csv"), "head\nA;SMAP\n");
    assertThatThrownBy(() -> Telemetry.read(folder, "SMAP"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("labeled_anomalies.csv:2: found 'A;SMAP'");
    assertThatThrownBy(() -> Telemetry.read(folder.resolve("none"), "SMAP"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Give the folder that holds it");
  }
}
