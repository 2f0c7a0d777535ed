package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.registry.Timeline;
import dev.sluice.sandbox.SandboxBroker;
import dev.sluice.score.Verdicts;
import dev.sluice.score.Verdicts.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody says that an alert was fine; a running stream hears it, and so does a replay. */
final class FeedbackIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void whatWasFineIsNoAlertAnyMore() throws Exception {
    try (SandboxBroker broker = SandboxBroker.start()) {
      Stage stage = Stage.set(broker.bootstrap(), folder, "said", "key: record", "{wave: 64}");
      Files.writeString(
          stage.topologyPath(), "alerts: {feedback: said-feedback}\n", StandardOpenOption.APPEND);
      Events events = Events.of(6000, 20, 2, 9);
      Path file = stage.path("events.jsonl");
      events.writeTo(file);
      int half = events.count() / 2;
      var model = ProofModels.swappedAt(Long.MAX_VALUE);
      Oracle deaf = Oracle.of(stage.topology(), events, file, model);
      JsonNode fine = repeated(deaf, half);
      long from = Events.timeMillis(half);
      var verdict = new Verdict(millis(fine), surprise(fine), from, from + 7 * 86_400_000L);
      Verdicts said = Verdicts.NONE.plus(fine.get("key").asText().getBytes(UTF_8), verdict);
      Oracle oracle = Oracle.of(stage.topology(), events, file, model, () -> said);
      assertThat(oracle.alerted().length).isLessThan(deaf.alerted().length);
      stage.createInput(2);
      stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
      try (Child run = stage.run("a", Map.of());
          KafkaProducer<byte[], byte[]> producer = stage.producer()) {
        run.await("Scoring.", PATIENCE);
        try (Outputs outputs = stage.outputs()) {
          events.list().subList(0, half).forEach(event -> stage.send(producer, event));
          outputs.awaitCount(half + before(oracle, half), PATIENCE);
          // Nonsense on the topic is passed over.
          producer.send(new ProducerRecord<>("said-feedback", "k".getBytes(UTF_8), new byte[3]));
          assertThat(feedback(stage, fine, "--from", Instant.ofEpochMilli(from)))
              .startsWith(fine.get("key").asText() + " may surprise by ")
              .contains(" nats from " + Instant.ofEpochMilli(from));
          run.await("Feedback taken", PATIENCE);
          events.list().subList(half, events.count()).forEach(e -> stage.send(producer, e));
          outputs.awaitCount(events.count() + oracle.alerted().length, PATIENCE);
          assertThat(stage.verdicts(events, oracle, outputs))
              .as(run.said())
              .allMatch(dev.sluice.proof.Verdict::isExactlyOnce);
          assertThat(run.said()).contains("Feedback passed over");
        }
      }
      replays(stage, file, oracle);
    }
  }

  /** An alert of the first half whose key does nothing stranger in an alert of the second. */
  private static JsonNode repeated(Oracle oracle, int half) throws IOException {
    List<JsonNode> first = new ArrayList<>();
    for (int i : oracle.alerted()) {
      JsonNode alert = JSON.readTree(oracle.results()[i]);
      if (i < half) {
        first.add(alert);
        continue;
      }
      for (JsonNode earlier : first) {
        if (earlier.get("key").equals(alert.get("key")) && surprise(alert) < surprise(earlier)) {
          return earlier;
        }
      }
    }
    throw new AssertionError("no key alerts twice; take another seed");
  }

  private static int before(Oracle oracle, int half) {
    int count = 0;
    for (int i : oracle.alerted()) {
      count += i < half ? 1 : 0;
    }
    return count;
  }

  private static long millis(JsonNode result) {
    return Instant.parse(result.get("time").asText()).toEpochMilli();
  }

  private static double surprise(JsonNode result) {
    return result.get("surprise").asDouble();
  }

  private static String feedback(Stage stage, JsonNode alert, Object... more) {
    List<Object> arguments = new ArrayList<>();
    arguments.addAll(List.of("--key", alert.get("key").asText()));
    arguments.addAll(List.of("--alert", alert.get("time").asText()));
    arguments.addAll(List.of(more));
    return Typed.on(stage, List.of("feedback"), arguments.toArray());
  }

  private static void replays(Stage stage, Path file, Oracle oracle) throws IOException {
    Path replayed = stage.path("replayed.jsonl");
    Typed.on(stage, List.of("score"), "--published", "--input", file, "--output", replayed);
    List<String> lines = Files.readAllLines(replayed);
    assertThat(lines)
        .isEqualTo(oracle.inOrder().stream().map(line -> new String(line, UTF_8)).toList());
    assertThat(lines).anyMatch(line -> line.contains("\"suppressed\":\"said to be fine, as the"));
    Typed none =
        Typed.run(
            "feedback",
            stage.topologyPath(),
            "--key",
            "nobody",
            "--alert",
            "2020-01-01T00:00:00Z",
            "--bootstrap",
            stage.bootstrap());
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err())
        .startsWith("Topic said-alerts has no alert of nobody at 2020-01-01T00:00:00Z. Give --key");
  }
}
