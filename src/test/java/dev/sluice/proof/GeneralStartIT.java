package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.general.GeneralModel;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.Timeline;
import dev.sluice.sandbox.SandboxBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances on an empty weights topic score from the first event, until a model comes. */
final class GeneralStartIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir private Path folder;

  @Test
  void theGeneralModelScoresUntilAnotherIsPublished() throws Exception {
    try (SandboxBroker broker = SandboxBroker.start()) {
      Stage stage = stage(broker);
      Events events = Events.of(4000, 20, 2, 5);
      int half = events.count() / 2;
      Path file = stage.path("events.jsonl");
      events.writeTo(file);
      Oracle oracle =
          Oracle.of(stage.topology(), events, file, generalUntil(stage, Events.timeMillis(half)));
      stage.createInput(2);
      try (Child a = stage.run("a", Map.of());
          Child b = stage.run("b", Map.of());
          KafkaProducer<byte[], byte[]> producer = stage.producer()) {
        a.await("Scoring.", PATIENCE);
        b.await("Scoring.", PATIENCE);
        assertThat(Stream.of(a, b).filter(GeneralStartIT::published)).hasSize(1);
        try (Outputs outputs = stage.outputs()) {
          events.list().subList(0, half).forEach(event -> stage.send(producer, event));
          stage.publish(ProofModels.version(2), Events.timeMillis(half));
          for (Child child : List.of(a, b)) {
            child.await(line -> StreamEqualsFileIT.isInForce(line, 2), "version 2", PATIENCE);
          }
          events.list().subList(half, events.count()).forEach(e -> stage.send(producer, e));
          outputs.awaitCount(events.count() + oracle.alerted().length, PATIENCE);
          assertThat(stage.verdicts(events, oracle, outputs))
              .as(a.said() + b.said())
              .allMatch(Verdict::isExactlyOnce);
        }
      }
      beginsAtTheFirstEvent(oracle);
    }
  }

  private Stage stage(SandboxBroker broker) throws Exception {
    Stage stage = Stage.set(broker.bootstrap(), folder, "first", "key: record", "{wave: 64}");
    String text = Files.readString(stage.topologyPath());
    Files.writeString(
        stage.topologyPath(), text.replace("hidden: 24", "hidden: 24, start: general"));
    return stage;
  }

  private static FixedModels<dev.sluice.model.Model> generalUntil(Stage stage, long millis) {
    Timeline timeline =
        Timeline.empty(stage.topology().modelId())
            .plus(1, Timeline.IMMEDIATE, 0, Timeline.What.PUBLISH)
            .plus(2, millis, 0, Timeline.What.PUBLISH);
    return FixedModels.of(
        timeline,
        Map.of(1, GeneralModel.of(stage.topology(), 1).orElseThrow(), 2, ProofModels.version(2)));
  }

  private static boolean published(Child child) {
    return child.said().contains("the general model is version 1, until you train one.");
  }

  private static void beginsAtTheFirstEvent(Oracle oracle) throws Exception {
    JsonNode first = new ObjectMapper().readTree(oracle.inOrder().getFirst());
    assertThat(first.get("modelVersion").asInt()).isEqualTo(1);
    assertThat(first.get("warmingUp").asBoolean()).isTrue();
    JsonNode last = new ObjectMapper().readTree(oracle.inOrder().getLast());
    assertThat(last.get("modelVersion").asInt()).isEqualTo(2);
    assertThat(last.get("warmingUp").asBoolean()).isFalse();
  }
}
