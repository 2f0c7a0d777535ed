package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sandbox.SandboxBroker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a dry run counts is what {@code score} raises for the same events; on a real broker. */
final class DryRunIT {

  private static final int KEYS = 3;
  private static final int EVENTS = 1200; // A key, one a minute.
  private static final int OLD = 100; // Before the time that is looked back to.
  private static final Pattern CONFIGURED =
      Pattern.compile("threshold 0\\.7 +(\\d+) alerts, .*, (\\d+) suppressed {2}<- score");

  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(Object... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] args = new String[words.length];
    for (int i = 0; i < args.length; i++) {
      args[i] = words[i].toString();
    }
    return new Ran(line.execute(args), out.toString(), err.toString());
  }

  private Path topology() throws IOException {
    return Files.writeString(
        folder.resolve("lab.yaml"),
        """
        name: lab
        input: {topic: lab}
        features: [{number: x}]
        model: {hidden: 8, predict: {gaussian: x}}
        training: {window: 20, epochs: 2}
        score: {threshold: 0.7, warmUp: 50, quiet: 5}
        alerts: {maxPerHour: 1, suppress: [{daily: 00:00-00:00, key: k0}]}
        """);
  }

  @Test
  void itCountsWhatTheFileOfTheSameEventsRaises() throws Exception {
    Path topology = topology();
    Path model = folder.resolve("lab.safetensors");
    Path events = folder.resolve("events.csv");
    Path output = folder.resolve("out.jsonl");
    Instant now = Instant.now();
    try (SandboxBroker broker = SandboxBroker.start()) {
      String bootstrap = broker.bootstrap();
      produce(bootstrap, now, events);
      assertThat(run("train", topology, "--input", events, "--output", model).code()).isZero();
      Ran early = run("check", topology, "--dry-run", "7d", "--bootstrap", bootstrap);
      assertThat(early.code()).isEqualTo(1);
      assertThat(early.err()).contains("--dry-run: there is no model to score with: ");
      assertThat(run("models", "publish", topology, model, "--bootstrap", bootstrap).code())
          .isZero();

      Ran dry = run("check", topology, "--dry-run", "7d", "--bootstrap", bootstrap);
      Ran none = run("check", topology, "--dry-run", "1s", "--bootstrap", bootstrap);

      assertThat(dry.code()).as(dry.err()).isZero();
      Ran scored = run("score", topology, "--model", model, "--input", events, "--output", output);
      assertThat(scored.code()).as(scored.err()).isZero();
      List<String> results = Files.readAllLines(output);
      assertThat(dry.out())
          .contains("dry run: 3,600 events")
          .contains("of 3 keys in")
          .contains("memories began empty: 150 of the events, at most 50 a key")
          .contains("1 more could not be scored");
      Matcher configured = CONFIGURED.matcher(dry.out());
      assertThat(configured.find()).as(dry.out()).isTrue();
      assertThat(Long.parseLong(configured.group(1)))
          .isEqualTo(count(results, "\"alert\":true"))
          .isPositive();
      assertThat(Long.parseLong(configured.group(2)))
          .isEqualTo(count(results, "\"suppressed\":"))
          .isPositive();
      assertThat(dry.out().lines().filter(line -> line.contains(" threshold "))).hasSize(7);
      assertThat(none.code()).isEqualTo(1);
      assertThat(none.err()).contains("--dry-run: topic lab holds no event from ");
      assertThat(groups(bootstrap)).isZero();
    }
    assertThat(run("check", topology, "--dry-run", "7d", "--offline").code()).isEqualTo(2);
  }

  private static long count(List<String> results, String text) {
    return results.stream().filter(line -> line.contains(text)).count();
  }

  private static int groups(String bootstrap) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      return admin.listGroups().all().get().size();
    }
  }

  /** Sends events of the last days and some older ones, and writes the former to a file too. */
  private static void produce(String bootstrap, Instant now, Path file) throws Exception {
    List<String> lines = new ArrayList<>(List.of("key,time,x"));
    var random = new Random(1);
    Map<String, Object> properties = Map.of("bootstrap.servers", bootstrap);
    try (Admin admin = Admin.create(properties)) {
      var topic = new NewTopic("lab", Optional.of(2), Optional.empty());
      admin.createTopics(List.of(topic)).all().get();
    }
    try (var producer =
        new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
      Instant start = now.minus(Duration.ofMinutes(EVENTS + 60));
      for (int i = -OLD; i < EVENTS; i++) {
        for (int k = 0; k < KEYS; k++) {
          long time =
              i < 0
                  ? now.minus(Duration.ofDays(8)).plusSeconds(i).toEpochMilli()
                  : start.plusSeconds(60L * i).toEpochMilli();
          boolean fault = i > 200 && i % 150 < 3;
          double x = fault ? 9 + random.nextDouble() : Math.sin(i / 4.0 + k);
          String key = "k" + k;
          producer.send(new ProducerRecord<>("lab", null, time, key, "{\"x\":" + x + "}"));
          if (i >= 0) {
            lines.add(key + "," + time + "," + x);
          }
        }
      }
      producer.send(new ProducerRecord<>("lab", null, now.toEpochMilli() - 5000, "k1", "no JSON"));
    }
    Files.write(file, lines);
  }
}
