package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsReader;
import dev.sluice.sandbox.SandboxBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Versions come and go by typed commands under a real stream; a replay says the same bytes. */
@TestInstance(Lifecycle.PER_CLASS)
final class LifecycleIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int PART = 2_400;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private SandboxBroker broker;

  @BeforeAll
  void startBroker() {
    broker = SandboxBroker.start();
  }

  @AfterAll
  void stopBroker() {
    broker.close();
  }

  @Test
  void aReplayWithThePublishedVersionsGivesTheBytesOfTheStream() throws Exception {
    Stage stage = Stage.set(broker.bootstrap(), folder, "life", "key: record", "{wave: 64}");
    Events events = Events.of(6 * PART, 50, 2, 3);
    Path file = stage.path("events.jsonl");
    events.writeTo(file);
    stage.createInput(2);
    order(stage, "publish", artifact(1), "--valid-from", "immediate");
    try (Child run = stage.run("a", Map.of());
        KafkaProducer<byte[], byte[]> producer = stage.producer()) {
      run.await("Scoring.", PATIENCE);
      try (Outputs outputs = stage.outputs()) {
        send(stage, producer, events, 0);
        order(stage, "publish", artifact(2), "--valid-from", from(1));
        awaitEntry(run, 2);
        send(stage, producer, events, 1);
        order(stage, "rollback", 1, "--valid-from", from(2));
        awaitEntry(run, 3);
        send(stage, producer, events, 2);
        order(stage, "promote", 2, "--valid-from", from(3));
        awaitEntry(run, 4);
        assertThat(order(stage, "pin", 2)).startsWith("Version 2 is pinned. ");
        assertThat(order(stage, "publish", artifact(3), "--valid-from", from(3)))
            .isEqualToIgnoringNewLines(
                "Version 3 of readings is stored and waits: version 2 is pinned. `sluice models"
                    + " unpin` puts it in force.");
        send(stage, producer, events, 3);
        order(stage, "unpin", "--valid-from", from(4));
        awaitEntry(run, 5);
        send(stage, producer, events, 4);
        assertThat(order(stage, "canary", 2, "--share", "30%", "--valid-from", from(5)))
            .contains("for 0.3 of the keys.");
        awaitEntry(run, 6);
        send(stage, producer, events, 5);

        Timeline timeline = timeline(stage);
        assertThat(timeline.entries())
            .extracting(Timeline.Entry::version)
            .containsExactly(1, 2, 1, 2, 3, 2);
        Oracle oracle = Oracle.of(stage.topology(), events, file, ProofModels.of(timeline));
        outputs.awaitCount(events.count() + oracle.alerted().length, Duration.ofSeconds(60));
        assertThat(stage.verdicts(events, oracle, outputs))
            .as(run.said())
            .allMatch(Verdict::isExactlyOnce);

        Path replayed = stage.path("replayed.jsonl");
        Typed.on(stage, List.of("score"), "--published", "--input", file, "--output", replayed);
        assertThat(Files.readAllLines(replayed))
            .isEqualTo(oracle.inOrder().stream().map(line -> new String(line, UTF_8)).toList());
        listSaysWhatTheOracleSays(stage, oracle);
      }
    }
  }

  private static void listSaysWhatTheOracleSays(Stage stage, Oracle oracle) throws IOException {
    Map<Integer, Tally> wanted = new TreeMap<>();
    for (byte[] line : oracle.inOrder()) {
      JsonNode result = JSON.readTree(line);
      wanted.computeIfAbsent(result.get("modelVersion").asInt(), _ -> new Tally()).take(result);
    }
    JsonNode list = JSON.readTree(order(stage, "list", "--live", "1h", "--json"));
    assertThat(list.get("inForce").asInt()).isEqualTo(3);
    assertThat(list.get("versions")).hasSize(3);
    assertThat(list.get("entries").get(5).get("what").asText()).isEqualTo("canary");
    assertThat(list.get("entries").get(5).get("share").asDouble()).isEqualTo(0.3);
    assertThat(list.get("versions").get(0).get("source").asText()).isEqualTo("proof");
    assertThat(list.get("live")).hasSameSizeAs(wanted.keySet());
    for (JsonNode live : list.get("live")) {
      Tally tally = wanted.get(live.get("version").asInt());
      assertThat(live.get("results").asInt()).isEqualTo(tally.results);
      assertThat(live.get("keys").asInt()).isEqualTo(tally.keys.size());
      assertThat(live.get("meanSurprise").asDouble())
          .isCloseTo(tally.surprise / tally.warm, within(1e-6));
      assertThat(live.get("alertRate").asDouble())
          .isCloseTo((double) tally.alerts / tally.results, within(1e-9));
    }
    assertThat(order(stage, "list", "--live", "1h"))
        .startsWith("readings: version 3 is in force now.")
        .containsPattern("(?m)^3 +1 +from 2001-01-01T13:20:00Z +rolled back ")
        .containsPattern("(?m)^6 +2 +from 2001-01-[0-9T:]+Z +for 0.3 of the keys ")
        .containsPattern("(?m)^3 +4,[0-9]{3} +50 +[0-9.]+ nats ");
  }

  /** Adds up in its own way what the command adds up. */
  private static final class Tally {
    private final Set<String> keys = new HashSet<>();
    private int results;
    private int warm;
    private int alerts;
    private double surprise;

    void take(JsonNode result) {
      results++;
      keys.add(result.get("key").asText());
      alerts += result.get("alert").asBoolean() ? 1 : 0;
      if (!result.get("warmingUp").asBoolean()) {
        warm++;
        surprise += result.get("surprise").asDouble();
      }
    }
  }

  private static String order(Stage stage, String order, Object... arguments) {
    return Typed.on(stage, List.of("models", order), arguments);
  }

  private Path artifact(int version) throws IOException {
    return Files.write(
        folder.resolve(version + ".safetensors"),
        ArtifactWriter.write(ProofModels.version(version)));
  }

  private static Instant from(int part) {
    return Instant.ofEpochMilli(Events.timeMillis(part * PART));
  }

  private static void send(
      Stage stage, KafkaProducer<byte[], byte[]> producer, Events events, int part) {
    events
        .list()
        .subList(part * PART, (part + 1) * PART)
        .forEach(event -> stage.send(producer, event));
  }

  private static void awaitEntry(Child run, long sequence) throws InterruptedException {
    run.await(
        line -> line.contains("Model in force") && line.contains("sequence=\"" + sequence + "\""),
        "entry " + sequence + " is in force",
        PATIENCE);
  }

  private static Timeline timeline(Stage stage) {
    String topic = stage.topology().weights().topic();
    Map<String, String> kafka = Map.of("bootstrap.servers", stage.bootstrap());
    try (WeightsReader reader = WeightsReader.open(kafka, topic, _ -> true, PATIENCE)) {
      reader.refresh();
      return reader.timeline("readings");
    }
  }
}
