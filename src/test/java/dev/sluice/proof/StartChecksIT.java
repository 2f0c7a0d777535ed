package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.registry.Timeline;
import dev.sluice.sandbox.SandboxBroker;
import dev.sluice.sandbox.SandboxSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What is refused at the start, with what words, before anything is touched. */
@TestInstance(Lifecycle.PER_CLASS)
final class StartChecksIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String CHANGELOG = "-sluice-memory-changelog";

  @TempDir private Path folder;
  private SandboxBroker broker;

  /** One that was told not to offer the streams protocol, and no transaction above 10 min. */
  @BeforeAll
  void startBroker() {
    broker =
        SandboxBroker.start(
            SandboxSettings.alone()
                .with("group.coordinator.rebalance.protocols", "classic,consumer")
                .with("transaction.max.timeout.ms", "600000"));
  }

  @AfterAll
  void stopBroker() {
    broker.close();
  }

  private Stage stage(String name, String delivery) throws Exception {
    Stage stage = Stage.set(broker.bootstrap(), folder, name, "key: record", delivery);
    stage.createInput(2);
    return stage;
  }

  private String refusal(Stage stage, Map<String, String> kafka) throws Exception {
    try (Child run = stage.run("a", kafka)) {
      assertThat(run.awaitExit(PATIENCE)).as(run.said()).isEqualTo(1);
      assertThat(run.lines()).noneMatch(line -> line.startsWith("\tat "));
      return run.lines().getLast();
    }
  }

  private void createChangelog(String name, int partitions, String policy) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      NewTopic topic =
          new NewTopic(name + CHANGELOG, partitions, (short) 1)
              .configs(Map.of("cleanup.policy", policy));
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  private boolean exists(String topic) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      return admin.listTopics().names().get().contains(topic);
    }
  }

  @Test
  void aChangelogThatDeletesIsRefusedWithTheCommandThatMendsIt() throws Exception {
    Stage stage = stage("deletes", "{wave: 256}");
    createChangelog("deletes", 2, "compact,delete");

    assertThat(refusal(stage, Map.of()))
        .isEqualTo(
            "Topic deletes-sluice-memory-changelog has cleanup.policy=compact,delete, which deletes"
                + " the memories of keys that are idle; it must be compact. Mend it before more is"
                + " lost: kafka-configs.sh --bootstrap-server "
                + broker.bootstrap()
                + " --alter --entity-type topics --entity-name deletes-sluice-memory-changelog"
                + " --add-config cleanup.policy=compact");
    assertThat(exists("deletes-scores")).isFalse();
  }

  @Test
  void aChangelogWithOtherPartitionsIsRefused() throws Exception {
    Stage stage = stage("parts", "{wave: 256}");
    createChangelog("parts", 3, "compact");

    assertThat(refusal(stage, Map.of()))
        .startsWith(
            "Topic parts-sluice-memory-changelog has 3 partitions, and the input topic parts has 2;"
                + " they must be as many")
        .contains("kafka-streams-application-reset.sh")
        .endsWith("--application-id parts --input-topics parts");
    assertThat(exists("parts-scores")).isFalse();
  }

  @Test
  void aBrokerWithoutTheStreamsProtocolIsNamed() throws Exception {
    Stage stage = stage("protocol", "{wave: 256}");

    assertThat(refusal(stage, Map.of("group.protocol", "streams")))
        .startsWith("kafka: group.protocol is streams, and the brokers at ")
        .contains("do not offer it")
        .contains("Write group.protocol: classic");
  }

  @Test
  void transactionsLongerThanTheBrokersAllowAreRefused() throws Exception {
    Stage stage = stage("transactions", "{commitInterval: 4m}");

    assertThat(refusal(stage, Map.of()))
        .contains("allow transactions of 600000 ms (transaction.max.timeout.ms)")
        .contains("transaction.timeout.ms is 720000");
  }

  @Test
  void aStateFolderThatIsAFileIsNamed() throws Exception {
    Stage stage = stage("file", "{wave: 256}");
    Files.writeString(stage.path("state-a"), "I am a file");

    assertThat(refusal(stage, Map.of()))
        .startsWith("The state folder " + stage.path("state-a") + " cannot be used: ")
        .endsWith("Give one that this user may write to with --state-dir");
  }

  @Test
  void randomBytesInTheFolderOfATaskAreNoHindrance() throws Exception {
    Stage stage = stage("random", "{wave: 256}");
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    try (Child run = stage.run("a", Map.of())) {
      run.await("Scoring.", PATIENCE);
      run.terminate(PATIENCE);
    }
    byte[] garbage = new byte[500];
    new java.util.Random(5).nextBytes(garbage);
    Path state = stage.path("state-a").resolve("random");
    for (String task : List.of("0_0", "0_1")) {
      Path in = Files.createDirectories(state.resolve(task));
      Files.write(in.resolve("garbage"), garbage);
      Path snapshot = Files.createDirectories(in.resolve("sluice-memory"));
      Files.write(snapshot.resolve("mark"), garbage);
    }
    try (Child again = stage.run("a", Map.of());
        KafkaProducer<byte[], byte[]> producer = stage.producer()) {
      again.await("Scoring.", PATIENCE);
      try (Outputs outputs = stage.outputs()) {
        Events.of(100, 10, 2, 3).list().forEach(event -> stage.send(producer, event));
        outputs.awaitCount(100, Duration.ofSeconds(30));
        assertThat(outputs.count()).as(again.said()).isGreaterThanOrEqualTo(100);
      }
      assertThat(again.lines()).noneMatch(line -> line.startsWith("\tat "));
    }
  }

  @Test
  void aDamagedFolderThatKafkaStreamsCannotReadIsNamed() throws Exception {
    Stage stage = stage("damaged", "{wave: 256}");
    createChangelog("damaged", 2, "compact");
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    Path task = stage.path("state-a").resolve("damaged").resolve("0_0");
    Files.writeString(Files.createDirectories(task).resolve(".checkpoint"), "no numbers");

    try (Child run = stage.run("a", Map.of())) {
      assertThat(run.awaitExit(PATIENCE)).as(run.said()).isEqualTo(1);
      assertThat(run.lines())
          .anyMatch(line -> line.startsWith("The state folder is damaged: "))
          .anyMatch(line -> line.endsWith("nothing is lost, the changelog has every memory"));
    }
  }

  /** Its offsets begin at 0 again, so what was kept locally would be taken for its beginning. */
  @Test
  void aChangelogThatWasMadeAnewEndsWhatWasKeptOfTheOldOne() throws Exception {
    Stage stage = stage("anew", "{wave: 256}");
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    Path note = stage.path("state-a").resolve("anew.changelog");
    List<Events.Sent> events = Events.of(300, 10, 2, 3).list();
    try (KafkaProducer<byte[], byte[]> producer = stage.producer();
        Outputs outputs = outputsOnceThere(stage)) {
      try (Child run = stage.run("a", Map.of())) {
        run.await("Scoring.", PATIENCE);
        events.forEach(event -> stage.send(producer, event));
        outputs.awaitCount(300, PATIENCE);
        awaitFile(note);
        run.terminate(PATIENCE);
      }
      delete("anew" + CHANGELOG);
      createChangelog("anew", 2, "compact");
      try (Child again = stage.run("a", Map.of())) {
        again.await("Scoring.", PATIENCE);
        assertThat(again.lines())
            .filteredOn(line -> line.startsWith("The state folder belonged to another topic anew"))
            .hasSize(1);
        events.forEach(event -> stage.send(producer, event));
        outputs.awaitCount(600, PATIENCE);
        again.terminate(PATIENCE);
      }
      String scores = stage.topology().output().scores();
      List<String> found =
          outputs.of(scores).stream()
              .map(one -> new String(one.record().value(), StandardCharsets.UTF_8))
              .sorted()
              .toList();
      // Memories began anew, so the same events gave the same results, each twice.
      assertThat(found).hasSizeGreaterThan(500);
      for (int i = 0; i < found.size(); i += 2) {
        assertThat(found.get(i)).isEqualTo(found.get(i + 1));
      }
    }
  }

  private Outputs outputsOnceThere(Stage stage) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      List<NewTopic> topics =
          stage.outputTopics().stream().map(name -> new NewTopic(name, 2, (short) 1)).toList();
      admin.createTopics(topics).all().get();
    }
    return stage.outputs();
  }

  private void delete(String topic) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin.deleteTopics(List.of(topic)).all().get();
    }
    while (exists(topic)) {
      Thread.sleep(50);
    }
  }

  private static void awaitFile(Path file) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(file)) {
      assertThat(System.nanoTime()).as("%s is not there", file).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  /** Longer than the session and the transaction last. */
  @Test
  void aProcessThatWasPausedGoesOnByItself() throws Exception {
    Stage stage = stage("paused", "{wave: 256}");
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    Map<String, String> kafka =
        Map.of(
            "session.timeout.ms",
            "1500",
            "heartbeat.interval.ms",
            "300",
            "transaction.timeout.ms",
            "1000");
    try (Child run = stage.run("a", kafka);
        KafkaProducer<byte[], byte[]> producer = stage.producer()) {
      run.await("Scoring.", PATIENCE);
      Events events = Events.of(2_000, 10, 2, 3);
      try (Outputs outputs = stage.outputs()) {
        events.list().subList(0, 1_000).forEach(event -> stage.send(producer, event));
        producer.flush();
        run.signal("STOP");
        Thread.sleep(4_000);
        run.signal("CONT");
        events.list().subList(1_000, 2_000).forEach(event -> stage.send(producer, event));
        int wanted = 2_000;
        String scores = stage.topology().output().scores();
        String dead = stage.topology().output().deadLetters();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (outputs.of(scores).size() + outputs.of(dead).size() < wanted
            && System.nanoTime() < deadline) {
          Thread.sleep(100);
        }
        assertThat(outputs.of(scores).size() + outputs.of(dead).size())
            .as(run.said())
            .isEqualTo(wanted);
      }
      assertThat(run.lines()).as(run.said()).noneMatch(line -> line.startsWith("\tat "));
    }
  }
}
