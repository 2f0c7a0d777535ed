package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.PublisherSettings;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsPublisher;
import dev.sluice.sandbox.SandboxBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a policy keeps in rows, through a kill: a swap every two thousand events, among them to
 * another shape and back, a canary, its promotion and a rollback.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class SwapIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Map<Integer, Model> MODELS =
      Map.of(
          1, ProofModels.version(1),
          2, ProofModels.version(2, 40),
          3, ProofModels.version(3),
          4, ProofModels.version(4));

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
  void eventsThatRowsHoldForRewarmingSurviveAKill() throws Exception {
    check("rewarm", "onSwap: rewarm, rewarm: 20, store: rocksdb, cache: 64KB, encoding: float16");
  }

  @Test
  void shadowsSurviveAKillAndAFileIsScoredAlike() throws Exception {
    Stage stage = check("shadow", "onSwap: shadow, shadow: 12");
    scoreTheFile(stage);
  }

  private Stage check(String name, String state) throws Exception {
    Stage stage = Stage.set(broker.bootstrap(), folder, name, "key: record", "{wave: 256}", state);
    Events events = Events.of(12_000, 100, 2, 5);
    stage.createInput(2);
    Timeline timeline = publish(stage, events);
    Path file = stage.path("events.jsonl");
    events.writeTo(file);
    Oracle oracle = Oracle.of(stage.topology(), events, file, FixedModels.of(timeline, MODELS));
    Killed.halfWay(stage, events, oracle);
    return stage;
  }

  /** All of it before the first event: it is by event time that versions come into force. */
  private static Timeline publish(Stage stage, Events events) {
    var settings =
        PublisherSettings.of(
            Map.of("bootstrap.servers", stage.bootstrap()),
            stage.topology().weights().topic(),
            stage.topology().modelId());
    try (var publisher = WeightsPublisher.open(settings, InstantSource.system())) {
      publisher.publish(bytes(1), 1, Timeline.IMMEDIATE);
      publisher.publish(bytes(2), 2, sixth(events, 1));
      publisher.publishCanary(bytes(3), 3, 0.4, sixth(events, 2), Optional.empty());
      publisher.promote(3, sixth(events, 3));
      publisher.publish(bytes(4), 4, sixth(events, 4));
      publisher.rollback(2, sixth(events, 5));
      assertThat(publisher.timeline().entries()).hasSize(6);
      return publisher.timeline();
    }
  }

  private static long sixth(Events events, int number) {
    return Events.timeMillis(events.count() * number / 6);
  }

  private static byte[] bytes(int version) {
    return ArtifactWriter.write(MODELS.get(version));
  }

  private static void scoreTheFile(Stage stage) throws Exception {
    Events events = Events.of(3_000, 30, 1, 6);
    Path file = stage.path("some.jsonl");
    events.writeTo(file);
    long swap = Events.timeMillis(1_000);
    Timeline timeline =
        Timeline.empty("readings")
            .plus(1, Timeline.IMMEDIATE, 0, Timeline.What.PUBLISH)
            .plus(2, swap, 0, Timeline.What.PUBLISH);
    Oracle oracle =
        Oracle.of(
            stage.topology(),
            events,
            file,
            FixedModels.of(timeline, Map.of(1, MODELS.get(1), 2, MODELS.get(2))));
    for (int version = 1; version <= 2; version++) {
      Files.write(stage.path(version + ".safetensors"), bytes(version));
    }
    Path output = stage.path("results.jsonl");
    try (Child score =
        stage.command(
            "score",
            stage.topologyPath().toString(),
            "--model",
            stage.path("1.safetensors").toString(),
            "--model",
            stage.path("2.safetensors") + "@" + Instant.ofEpochMilli(swap),
            "--input",
            file.toString(),
            "--output",
            output.toString())) {
      assertThat(score.awaitExit(PATIENCE)).as(score.said()).isZero();
    }
    List<String> wanted = oracle.inOrder().stream().map(line -> new String(line, UTF_8)).toList();
    assertThat(wanted).anyMatch(line -> line.contains("\"modelVersion\":2"));
    assertThat(Files.readAllLines(output)).isEqualTo(wanted);
  }
}
