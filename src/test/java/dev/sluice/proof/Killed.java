package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;

/** One instance that is killed and started again. */
final class Killed {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Map<String, String> FIXED = Map.of("group.instance.id", "one");

  private Killed() {}

  /** Kills it half way through the events, and asserts that the outputs are the oracle's. */
  static void halfWay(Stage stage, Events events, Oracle oracle) throws Exception {
    int half = events.count() / 2;
    try (KafkaProducer<byte[], byte[]> producer = stage.producer();
        Child first = stage.run("a", FIXED)) {
      first.await("Scoring.", PATIENCE);
      try (Outputs outputs = stage.outputs()) {
        events.list().subList(0, half).forEach(event -> stage.send(producer, event));
        producer.flush();
        outputs.awaitCount(half / 2, PATIENCE);
        first.kill();
        try (Child second = stage.run("a", FIXED)) {
          events.list().subList(half, events.count()).forEach(e -> stage.send(producer, e));
          outputs.awaitCount(events.count() + oracle.alerted().length, PATIENCE);
          Thread.sleep(500);
          assertThat(stage.verdicts(events, oracle, outputs))
              .as(first.said() + second.said())
              .allMatch(Verdict::isExactlyOnce);
          second.terminate(PATIENCE);
          assertThat(second.lines()).noneMatch(line -> line.startsWith("\tat "));
        }
      }
    }
  }
}
