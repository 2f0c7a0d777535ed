package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.registry.Timeline;
import dev.sluice.sandbox.SandboxBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The input topic as changelog: memories that were never written survive the end of a process. */
@TestInstance(Lifecycle.PER_CLASS)
final class RowsEveryIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Map<String, String> FIXED = Map.of("group.instance.id", "one");
  private static final String RECOMPUTED = "Memories recomputed from the input";

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

  private Stage stage(String name, String state) throws Exception {
    return Stage.set(broker.bootstrap(), folder, name, "key: record", "{wave: 256}", state);
  }

  /** Killed twice, the second time to go on with a row for each commit. */
  @Test
  void aStreamThatIsKilledGivesTheBytesOfTheFile() throws Exception {
    Stage stage = stage("sparse", "rowsEvery: 1s, expireAfter: 2h");
    Events events = Events.of(12_000, 400, 2, 5);
    Path file = stage.path("events.jsonl");
    events.writeTo(file);
    long swap = Events.timeMillis(5_000);
    Oracle oracle = Oracle.of(stage.topology(), events, file, ProofModels.swappedAt(swap));
    stage.createInput(2);
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    stage.publish(ProofModels.version(2), swap);
    try (KafkaProducer<byte[], byte[]> producer = stage.producer();
        Child first = stage.run("a", FIXED)) {
      first.await("Scoring.", PATIENCE);
      try (Outputs outputs = stage.outputs()) {
        send(stage, producer, events, 0, 2_000);
        outputs.awaitCount(2_000, PATIENCE);
        Thread.sleep(1_500); // Rows are written, although no event comes.
        send(stage, producer, events, 2_000, 6_000);
        outputs.awaitCount(4_000, PATIENCE);
        first.kill();
        try (Child second = stage.run("a", FIXED)) {
          second.await("Scoring.", PATIENCE);
          send(stage, producer, events, 6_000, 9_000);
          outputs.awaitCount(8_000, PATIENCE);
          second.kill();
          assertThat(second.lines()).as(second.said()).anyMatch(RowsEveryIT::isRecomputed);
        }
        stage = stage("sparse", "expireAfter: 2h");
        try (Child third = stage.run("a", FIXED)) {
          send(stage, producer, events, 9_000, events.count());
          outputs.awaitCount(events.count() + oracle.alerted().length, PATIENCE);
          Thread.sleep(500);
          assertThat(stage.verdicts(events, oracle, outputs))
              .as(third.said())
              .allMatch(Verdict::isExactlyOnce);
          third.terminate(PATIENCE);
          assertThat(third.lines()).anyMatch(RowsEveryIT::isRecomputed);
          assertThat(third.lines()).noneMatch(line -> line.startsWith("\tat "));
        }
      }
    }
  }

  private static void send(
      Stage stage, KafkaProducer<byte[], byte[]> producer, Events events, int from, int to) {
    events.list().subList(from, to).forEach(event -> stage.send(producer, event));
    producer.flush();
  }

  private static boolean isRecomputed(String line) {
    return line.contains(RECOMPUTED) && !line.contains("events=\"0\"");
  }

  @Test
  void anInputThatIsCompactedIsRefusedAndOneThatLostRecordsIsToldOf() throws Exception {
    Stage stage = stage("lost", "rowsEvery: 60s");
    Events events = Events.of(1_000, 20, 1, 6);
    stage.createInput(1);
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
        KafkaProducer<byte[], byte[]> producer = stage.producer()) {
      set(admin, "cleanup.policy", "compact");
      try (Child refused = stage.run("a", FIXED)) {
        assertThat(refused.awaitExit(PATIENCE)).as(refused.said()).isEqualTo(1);
        assertThat(refused.lines())
            .anyMatch(line -> line.startsWith("Topic lost has cleanup.policy=compact: compaction"));
      }
      set(admin, "cleanup.policy", "delete");
      try (Child first = stage.run("a", FIXED)) {
        first.await("Scoring.", PATIENCE);
        try (Outputs outputs = stage.outputs()) {
          send(stage, producer, events, 0, 1_000);
          outputs.awaitCount(1_000, PATIENCE);
        }
        first.kill();
      }
      var partition = new TopicPartition("lost", 0);
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(900))).all().get();
      try (Child second = stage.run("a", FIXED)) {
        second.await(line -> line.contains(RECOMPUTED), RECOMPUTED, PATIENCE);
        second.await("Scoring.", PATIENCE);
        assertThat(second.lines())
            .as(second.said())
            .anyMatch(
                line ->
                    line.contains("Records of the input that memories were to be recomputed from")
                        && line.contains("found=\"100\""));
        second.terminate(PATIENCE);
      }
    }
  }

  private static void set(Admin admin, String name, String value) throws Exception {
    var topic = new ConfigResource(ConfigResource.Type.TOPIC, "lost");
    var change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get();
  }
}
