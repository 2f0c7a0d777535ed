package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.registry.Timeline;
import dev.sluice.sandbox.SandboxBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream against the file: the same events through {@code sluice run} on a real broker, in a
 * process of its own, give byte for byte what the river gives for the file, with another model
 * taking over in the middle.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class StreamEqualsFileIT {

  private static final Logger LOG = LoggerFactory.getLogger(StreamEqualsFileIT.class);

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int PARTITIONS = 4;
  private static final int KEYS = 200;

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

  /**
   * What is streamed.
   *
   * @param protocol of the consumer group
   */
  private record Variant(String name, int events, String input, String delivery, String protocol) {}

  @Test
  void aHundredThousandEventsGiveTheBytesOfTheFile() throws Exception {
    var variant = new Variant("whole", 100_000, "key: record", "{wave: 256}", "classic");
    Stage stage = stage(variant);
    Events events = Events.of(variant.events(), KEYS, PARTITIONS, 1);
    Oracle oracle = oracle(stage, events);
    assertThat(oracle.alerted()).as("alerts of the oracle").hasSizeBetween(50, 5_000);
    assertThat(oracle.rejected()).as("rejections of the oracle").hasSizeBetween(50, 1_000);
    scoreTheFile(stage, events, oracle);
    stream(stage, variant, events, oracle);
  }

  @Test
  void eventsThatAreKeyedByAFieldGiveTheBytesOfTheFile() throws Exception {
    check(new Variant("rekeyed", 15_000, "key: key", "{wave: 256}", "classic"));
  }

  @Test
  void theStreamsGroupProtocolGivesTheBytesOfTheFile() throws Exception {
    check(new Variant("protocol", 15_000, "key: record", "{wave: 64, threads: 2}", "streams"));
  }

  @Test
  void atLeastOnceLosesNothingAndWithoutAFailureRepeatsNothing() throws Exception {
    check(
        new Variant(
            "repeating", 15_000, "key: record", "{guarantee: at-least-once, wave: 7}", "classic"));
  }

  private void check(Variant variant) throws Exception {
    Stage stage = stage(variant);
    Events events = Events.of(variant.events(), KEYS, PARTITIONS, variant.name().hashCode());
    stream(stage, variant, events, oracle(stage, events));
  }

  private Stage stage(Variant variant) throws Exception {
    return Stage.set(
        broker.bootstrap(), folder, variant.name(), variant.input(), variant.delivery());
  }

  private static long swapMillis(Events events) {
    return Events.timeMillis(events.count() / 2);
  }

  private static Oracle oracle(Stage stage, Events events) throws Exception {
    Path file = stage.path("events.jsonl");
    events.writeTo(file);
    return Oracle.of(stage.topology(), events, file, ProofModels.swappedAt(swapMillis(events)));
  }

  /** The command says of the file what the oracle says. */
  private static void scoreTheFile(Stage stage, Events events, Oracle oracle) throws Exception {
    for (int version = 1; version <= 2; version++) {
      Files.write(
          stage.path(version + ".safetensors"), ArtifactWriter.write(ProofModels.version(version)));
    }
    Path output = stage.path("results.jsonl");
    try (Child score =
        stage.command(
            "score",
            stage.topologyPath().toString(),
            "--model",
            stage.path("1.safetensors").toString(),
            "--model",
            stage.path("2.safetensors") + "@" + Instant.ofEpochMilli(swapMillis(events)),
            "--input",
            stage.path("events.jsonl").toString(),
            "--output",
            output.toString())) {
      assertThat(score.awaitExit(PATIENCE)).as(score.said()).isZero();
    }
    List<String> wanted = oracle.inOrder().stream().map(line -> new String(line, UTF_8)).toList();
    assertThat(Files.readAllLines(output)).isEqualTo(wanted);
  }

  private static void stream(Stage stage, Variant variant, Events events, Oracle oracle)
      throws Exception {
    int swap = events.count() / 2;
    stage.createInput(PARTITIONS);
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    try (Child run = stage.run("a", Map.of("group.protocol", variant.protocol()));
        KafkaProducer<byte[], byte[]> producer = stage.producer()) {
      run.await("Scoring.", PATIENCE);
      try (Outputs outputs = stage.outputs()) {
        long began = System.nanoTime();
        events.list().subList(0, swap).forEach(event -> stage.send(producer, event));
        stage.publish(ProofModels.version(2), swapMillis(events));
        run.await(line -> isInForce(line, 2), "version 2 is in force", PATIENCE);
        events.list().subList(swap, events.count()).forEach(event -> stage.send(producer, event));
        outputs.awaitCount(events.count() + oracle.alerted().length, Duration.ofSeconds(60));
        long millis = (System.nanoTime() - began) / 1_000_000;

        List<Verdict> verdicts = stage.verdicts(events, oracle, outputs);
        LOG.info("{}: {} events in {} ms, {}", variant, events.count(), millis, verdicts);
        assertThat(verdicts).as(run.said()).allMatch(Verdict::isExactlyOnce);
        deadLettersSayWhy(stage, oracle, events, outputs);
        if (!stage.keyIsField()) {
          recordsThatNoFileHoldsAreDeadLetters(stage, producer, outputs);
        }
      }
      Duration stop = run.terminate(PATIENCE);
      LOG.info("{}: clean stop after {} ms", variant.name(), stop.toMillis());
      assertThat(run.lines()).noneMatch(line -> line.startsWith("\tat "));
    }
  }

  static boolean isInForce(String line, int version) {
    return line.contains("Model in force") && line.contains("version=\"" + version + "\"");
  }

  private static void deadLettersSayWhy(
      Stage stage, Oracle oracle, Events events, Outputs outputs) {
    Map<List<Long>, Outputs.Found> byPlace =
        outputs.of(stage.topology().output().deadLetters()).stream()
            .collect(
                java.util.stream.Collectors.toMap(
                    found -> List.of((long) found.partition(), found.offset()), found -> found));
    for (int i : oracle.rejected()) {
      Events.Sent event = events.list().get(i);
      Outputs.Found found = byPlace.get(List.of((long) event.partition(), event.offset()));
      var why = Objects.requireNonNull(oracle.reasons()[i]);
      assertThat(found.header("sluice-reason")).isEqualTo(why.reason().name());
      assertThat(found.header("sluice-message")).isEqualTo(why.getMessage());
    }
  }

  private static void recordsThatNoFileHoldsAreDeadLetters(
      Stage stage, KafkaProducer<byte[], byte[]> producer, Outputs outputs) throws Exception {
    String input = stage.topology().input().topic();
    byte[] key = {1, (byte) 0xff, 0};
    byte[] random = new byte[900_000];
    new java.util.Random(9).nextBytes(random);
    int before = outputs.count();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    records.add(new ProducerRecord<>(input, 0, null, "{\"value\":1}".getBytes(UTF_8)));
    records.add(new ProducerRecord<>(input, 0, key, null));
    records.add(new ProducerRecord<>(input, 0, key, random));
    records.forEach(record -> record.headers().add("trace", new byte[] {7}));
    records.forEach(producer::send);
    outputs.awaitCount(before + records.size(), Duration.ofSeconds(30));

    List<Outputs.Found> dead = outputs.of(stage.topology().output().deadLetters());
    List<Outputs.Found> last =
        dead.stream()
            .filter(found -> found.record().headers().lastHeader("trace") != null)
            .sorted(java.util.Comparator.comparingLong(Outputs.Found::offset))
            .toList();
    assertThat(last)
        .extracting(found -> found.header("sluice-reason"))
        .containsExactly("NO_KEY", "NO_VALUE", "MALFORMED");
    for (int i = 0; i < records.size(); i++) {
      assertThat(Arrays.equals(last.get(i).record().key(), records.get(i).key())).isTrue();
      assertThat(Arrays.equals(last.get(i).record().value(), records.get(i).value())).isTrue();
    }
  }
}
