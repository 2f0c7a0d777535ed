package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.registry.Timeline;
import dev.sluice.sandbox.SandboxBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Memories on disk, in halves, and with an end, through a kill; and more of them than fit. */
@TestInstance(Lifecycle.PER_CLASS)
final class StateIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Map<String, String> FIXED = Map.of("group.instance.id", "one");

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

  /** The cache holds a few dozen of 400 keys, so that rows come and go all the time. */
  @Test
  void aStreamOnDiskThatIsKilledGivesTheBytesOfTheFile() throws Exception {
    Stage stage = stage("disk", "store: rocksdb, cache: 64KB, encoding: float16, expireAfter: 2h");
    Events events = Events.of(12_000, 400, 2, 3);
    Path file = stage.path("events.jsonl");
    events.writeTo(file);
    Oracle oracle =
        Oracle.of(stage.topology(), events, file, ProofModels.swappedAt(Long.MAX_VALUE));
    stage.createInput(2);
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    Killed.halfWay(stage, events, oracle);
  }

  @Test
  void moreKeysThanFitEndTheProcessWithOneMessage() throws Exception {
    Stage stage = stage("full", "memory: 1MB");
    Events events = Events.of(6_000, 4_000, 1, 4);
    stage.createInput(1);
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    try (KafkaProducer<byte[], byte[]> producer = stage.producer();
        Child run = stage.run("a", FIXED)) {
      run.await("Scoring.", PATIENCE);
      events.list().forEach(event -> stage.send(producer, event));
      producer.flush();
      assertThat(run.awaitExit(PATIENCE)).as(run.said()).isEqualTo(1);
      assertThat(run.lines())
          .filteredOn(line -> line.startsWith("The memories of "))
          .hasSize(1)
          .allMatch(line -> line.contains(" keys need 2 MB, state.memory allows 1 MB. "));
      assertThat(run.lines()).as(run.said()).noneMatch(line -> line.startsWith("\tat "));
    }
  }
}
