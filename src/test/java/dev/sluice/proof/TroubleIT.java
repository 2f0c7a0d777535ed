package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.registry.Timeline;
import dev.sluice.sandbox.SandboxBroker;
import dev.sluice.sandbox.SandboxSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong around a stream, and what the process says and does then. */
@TestInstance(Lifecycle.PER_CLASS)
final class TroubleIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Map<String, String> NO_MORE = Map.of();

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

  private Stage stage(String name, String input) throws Exception {
    return Stage.set(broker.bootstrap(), folder, name, input, "{wave: 256}");
  }

  private static void assertNoTrace(Child child) {
    assertThat(child.lines()).as(child.said()).noneMatch(line -> line.startsWith("\tat "));
  }

  @Test
  void withoutABrokerItSaysSoAndGoesOnOnceThereIsOne() throws Exception {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    String bootstrap = "127.0.0.1:" + port;
    Stage stage = Stage.set(bootstrap, folder, "absent", "key: record", "{wave: 256}");
    try (Child run = stage.run("a", NO_MORE)) {
      String start =
          "No Kafka broker answers at " + bootstrap + ". Is it running? Trying again in ";
      run.await(start + "1 s.", PATIENCE);
      run.await(start + "2 s.", PATIENCE);
      try (var late = SandboxBroker.start(SandboxSettings.alone().withPort(port))) {
        assertThat(late.bootstrap()).isEqualTo(bootstrap);
        assertThat(run.awaitExit(PATIENCE)).as(run.said()).isEqualTo(1);
      }
      assertThat(run.lines().getLast())
          .isEqualTo("Topic absent does not exist. Create it, or correct input.topic");
      assertNoTrace(run);
    }
  }

  @Test
  void checkNamesATopicThatIsMissing() throws Exception {
    Stage stage = stage("missing", "key: record");
    try (Child check =
        stage.command(
            "check", stage.topologyPath().toString(), "--bootstrap", broker.bootstrap())) {
      assertThat(check.awaitExit(PATIENCE)).isEqualTo(1);
      assertThat(check.lines())
          .contains("Topic missing does not exist. Create it, or correct input.topic");
      assertNoTrace(check);
    }
  }

  @Test
  void withoutAModelItWaitsForOne() throws Exception {
    Stage stage = stage("waiting", "key: record");
    stage.createInput(1);
    try (Child run = stage.run("a", NO_MORE)) {
      run.await("Waiting for a model readings on topic waiting-weights: ", PATIENCE);
      stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
      run.await("Scoring.", PATIENCE);
      assertNoTrace(run);
    }
  }

  @Test
  void aCorruptArtifactIsRefusedAndTheModelInForceStays() throws Exception {
    Stage stage = stage("corrupt", "key: record");
    Events events = Events.of(3000, 20, 1, 7);
    int swap = events.count() / 2;
    Path file = stage.path("events.jsonl");
    events.writeTo(file);
    // The oracle has never heard of the corrupt version 9.
    Oracle oracle =
        Oracle.of(stage.topology(), events, file, ProofModels.swappedAt(Events.timeMillis(swap)));
    stage.createInput(1);
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    try (Child run = stage.run("a", NO_MORE);
        KafkaProducer<byte[], byte[]> producer = stage.producer()) {
      run.await("Scoring.", PATIENCE);
      try (Outputs outputs = stage.outputs()) {
        events.list().subList(0, swap).forEach(event -> stage.send(producer, event));
        stage.publish("no model at all".getBytes(UTF_8), 9, Timeline.IMMEDIATE);
        run.await("Model refused", PATIENCE);
        stage.publish(ProofModels.version(2), Events.timeMillis(swap));
        run.await(line -> StreamEqualsFileIT.isInForce(line, 2), "version 2", PATIENCE);
        run.terminate(PATIENCE);

        try (Child again = stage.run("a", NO_MORE)) {
          again.await("Scoring.", PATIENCE);
          events.list().subList(swap, events.count()).forEach(e -> stage.send(producer, e));
          outputs.awaitCount(events.count() + oracle.alerted().length, Duration.ofSeconds(60));
          assertThat(again.hasSaid("Model refused")).isTrue();
          assertThat(stage.verdicts(events, oracle, outputs))
              .as(run.said() + again.said())
              .allMatch(Verdict::isExactlyOnce);
          assertNoTrace(again);
        }
      }
      assertNoTrace(run);
    }
  }

  @Test
  void aSecondInstanceInTheSameStateFolderIsToldSo() throws Exception {
    Stage stage = stage("shared", "key: record");
    stage.createInput(1);
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    try (Child first = stage.run("a", NO_MORE)) {
      first.await("Scoring.", PATIENCE);
      try (Child second = stage.run("a", NO_MORE)) {
        assertThat(second.awaitExit(PATIENCE)).isEqualTo(1);
        assertThat(second.lines().getLast())
            .startsWith("The stream cannot use its state folder: ")
            .endsWith(
                "If another instance runs on this machine, give each its own with --state-dir");
        assertNoTrace(second);
      }
      assertThat(first.isAlive()).isTrue();
    }
  }

  @Test
  void aMemoryThatCannotBeReadEndsTheStreamAndIsNamed() throws Exception {
    Stage stage = stage("unreadable", "key: record");
    stage.createInput(1);
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    try (Child run = stage.run("a", NO_MORE)) {
      run.await("Scoring.", PATIENCE);
      run.terminate(PATIENCE);
    }
    try (KafkaProducer<byte[], byte[]> producer = stage.producer()) {
      byte[] garbage = "no row at all, but long enough to be one".getBytes(UTF_8);
      producer
          .send(new ProducerRecord<>("unreadable-sluice-memory-changelog", 0, garbage, garbage))
          .get();
    }
    try (Child again = stage.run("a", NO_MORE)) {
      assertThat(again.awaitExit(PATIENCE)).as(again.said()).isEqualTo(1);
      assertThat(again.said())
          .contains("sluice-memory of task 0_0: the stored memory is unreadable: format version");
    }
  }

  /** A record as large as the input topic takes must not be too large for ours. */
  @Test
  void theLargestEventsGoThroughReKeyingAndToTheDeadLetters() throws Exception {
    Stage stage = stage("large", "key: key, maxBytes: 3000000");
    int limit = 3_000_000;
    stage.createInput(1);
    allow("large", limit);
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    try (Child run = stage.run("a", NO_MORE)) {
      run.await("Scoring.", PATIENCE);
      try (Outputs outputs = stage.outputs();
          KafkaProducer<byte[], byte[]> producer = largeProducer()) {
        String good = "{\"key\":\"a\",\"at\":1,\"value\":1,\"filler\":\"";
        String filler = "x".repeat(limit - 1000);
        byte[] event = (good + filler + "\"}").getBytes(UTF_8);
        byte[] broken = (good + filler).getBytes(UTF_8);
        producer.send(new ProducerRecord<>("large", 0, null, event)).get();
        producer.send(new ProducerRecord<>("large", 0, null, broken)).get();
        producer.send(new ProducerRecord<>("large", 0, null, event)).get();
        outputs.awaitCount(3, Duration.ofSeconds(30));

        assertThat(outputs.of("large-scores")).as(run.said()).hasSize(2);
        List<Outputs.Found> dead = outputs.of("large-dead-letters");
        assertThat(dead).hasSize(1);
        assertThat(dead.getFirst().record().value()).isEqualTo(broken);
      }
    }
  }

  private void allow(String topic, int bytes) throws Exception {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    var entry = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
    var set = new AlterConfigOp(entry, AlterConfigOp.OpType.SET);
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
    }
  }

  private KafkaProducer<byte[], byte[]> largeProducer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrap(), "max.request.size", "4000000"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
