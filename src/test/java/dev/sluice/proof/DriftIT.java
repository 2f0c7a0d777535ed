package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.sandbox.SandboxBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events move away from what a model knows: a stream, the report, and a trainer that waits. */
final class DriftIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int EVENTS = 4_000;

  @TempDir private Path folder;
  private final Random random = new Random(1);
  private final long firstMillis = Instant.now().minus(Duration.ofHours(3)).toEpochMilli();
  private int sent;

  @Test
  void driftIsReportedAndTrainedFor() throws Exception {
    Path topology =
        Files.writeString(
            folder.resolve("lab.yaml"),
            "name: lab\ninput: {topic: lab}\nfeatures: [{number: x}]\n"
                + "model: {hidden: 8, predict: {gaussian: x}}\n"
                + "training: {window: 20, epochs: 3}\n");
    try (SandboxBroker broker = SandboxBroker.start()) {
      List<String> at = List.of("--bootstrap", broker.bootstrap());
      createTopic(broker);
      send(broker, 0);
      Typed trained = typed(List.of("train", topology, "--publish"), at);
      assertThat(trained.code()).as(trained.err()).isZero();
      try (Child run = child("run", topology, at, "--state-dir", folder.resolve("state"))) {
        run.await("Scoring.", PATIENCE);
        awaitResults(topology, at, EVENTS);
        Typed none = typed(List.of("models", "drift", topology), at);
        assertThat(none.code()).as(none.out() + none.err()).isZero();
        assertThat(none.out())
            .containsPattern("(?m)^x \\(predicted\\) +0\\.[0-9]{2} +3,940 ")
            .contains("No drift: every index is below 0.25.");
        try (Child trainer =
            child("train", topology, at, "--follow", "--on-drift", "--every", "1s")) {
          trainer.await("Not trained: No drift: every index is below 0.25.", PATIENCE);
          send(broker, 2);
          awaitResults(topology, at, 2 * EVENTS);
          trainer.await("Drift in surprise (", PATIENCE);
          trainer.await("Version 2 of lab is published, ", PATIENCE);
          trainer.terminate(PATIENCE);
        }
      }
      // The new version was held out from what is there now, and has made no results yet.
      Typed drift = typed(List.of("models", "rollback", topology, 1), at);
      assertThat(drift.code()).isZero();
      drift = typed(List.of("models", "drift", topology, "--json"), at);
      assertThat(drift.code()).isEqualTo(3);
      JsonNode report = new ObjectMapper().readTree(drift.out());
      assertThat(report.get("drift").asBoolean()).isTrue();
      assertThat(report.get("findings").get(0).get("name").asText()).isEqualTo("surprise");
      assertThat(report.get("findings").get(0).get("index").asDouble()).isGreaterThan(0.25);
      assertThat(report.get("findings").get(1).get("index").asDouble()).isGreaterThan(0.25);
    }
  }

  private static Typed typed(List<Object> command, List<String> at) {
    return Typed.run(java.util.stream.Stream.concat(command.stream(), at.stream()).toArray());
  }

  private static Child child(String command, Path topology, List<String> at, Object... more) {
    List<String> words = new java.util.ArrayList<>(List.of(command, topology.toString()));
    words.addAll(at);
    for (Object word : more) {
      words.add(word.toString());
    }
    return Child.sluice(command, words);
  }

  private static void awaitResults(Path topology, List<String> at, int count) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int seen = 0;
    while (seen < count) {
      assertThat(System.nanoTime()).as("%d results of %d", seen, count).isLessThan(deadline);
      Thread.sleep(200);
      Typed list = typed(List.of("models", "list", topology, "--live", "1d", "--json"), at);
      seen = 0;
      for (JsonNode live : new ObjectMapper().readTree(list.out()).path("live")) {
        seen += live.get("results").asInt();
      }
    }
  }

  private static void createTopic(SandboxBroker broker) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic("lab", 1, (short) 1))).all().get();
    }
  }

  private void send(SandboxBroker broker, double level) {
    Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrap());
    try (var producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < EVENTS; i++) {
        double x = level + Math.sin(sent / 4.0) + 0.1 * random.nextGaussian();
        byte[] text = ("{\"x\":" + x + "}").getBytes(UTF_8);
        byte[] key = {(byte) ('a' + sent % 2)};
        producer.send(new ProducerRecord<>("lab", null, firstMillis + 1000L * sent++, key, text));
      }
    }
  }
}
