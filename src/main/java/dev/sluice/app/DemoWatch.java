package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.app.DemoFaults.Fault;
import dev.sluice.config.Output;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the demo's results as any consumer of committed records would, tells of alerts as they
 * come, and adds up what the table at the end shows. For one thread at a time.
 */
final class DemoWatch implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final long STATUS_NANOS = 5_000_000_000L;
  private static final int MOST_OTHERS = 5;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ObjectMapper json = new ObjectMapper();
  private final Output topics;
  private final List<Fault> faults;
  private final PrintWriter out;
  private final Set<Fault> caught = new HashSet<>();
  private final Map<Integer, Long> byVersion = new TreeMap<>();
  private final List<Alert> others = new ArrayList<>();
  private boolean announced;
  private long resultsBefore;
  private long results;
  private long alerts;
  private long deadLetters;
  private long beganNanos;
  private long lastNanos;
  private long statusNanos;
  private String lastTime = "";

  /** An alert that no fault explains. */
  private record Alert(String key, String time, double score, String what) {}

  DemoWatch(String bootstrap, Output topics, List<Fault> faults, PrintWriter out) {
    this.topics = topics;
    this.faults = faults;
    this.out = out;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrap,
                "group.id", "sluice-demo-watch",
                "isolation.level", "read_committed",
                "metadata.max.age.ms", "1000",
                "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** From now on alerts are told, and counted. */
  void announce() {
    announced = true;
    resultsBefore = results;
    beganNanos = System.nanoTime();
    statusNanos = beganNanos;
  }

  /** Reads until every event sent has its result or its dead letter, or patience ends. */
  void await(long sent, Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    while (results + deadLetters < sent && System.nanoTime() < end) {
      poll();
    }
  }

  /** Reads what has come. */
  void poll() throws IOException {
    if (consumer.subscription().isEmpty()) {
      consumer.subscribe(List.of(topics.scores(), topics.deadLetters()));
    }
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      if (record.topic().equals(topics.scores())) {
        result(json.readTree(record.value()));
      } else {
        deadLetter(record);
      }
    }
    if (announced && System.nanoTime() - statusNanos > STATUS_NANOS) {
      statusNanos = System.nanoTime();
      line("at " + lastTime, Numbers.grouped(results - resultsBefore) + " events scored");
    }
    out.flush();
  }

  private void deadLetter(ConsumerRecord<byte[], byte[]> record) {
    deadLetters++;
    line("dead letter", new String(record.headers().lastHeader("sluice-message").value(), UTF_8));
  }

  private void result(JsonNode result) {
    lastNanos = System.nanoTime();
    lastTime = result.path("time").asText();
    results++;
    byVersion.merge(result.path("modelVersion").asInt(), 1L, Long::sum);
    if (announced && result.path("alert").asBoolean()) {
      alert(result);
    }
  }

  private void alert(JsonNode result) {
    alerts++;
    String key = result.path("key").asText();
    String time = result.path("time").asText();
    double score = result.path("score").asDouble();
    String what =
        result.path("value").asText()
            + " where "
            + Numbers.one(result.path("low").asDouble())
            + " to "
            + Numbers.one(result.path("high").asDouble())
            + " was expected";
    String cause = cause(key, Instant.parse(time).toEpochMilli());
    if (cause.isEmpty()) {
      others.add(new Alert(key, time, score, what));
    }
    line("alert " + Numbers.two(score), time + "  " + key + ": " + what + cause);
  }

  private String cause(String key, long millis) {
    for (Fault fault : faults) {
      if (fault.covers(key, millis)) {
        caught.add(fault);
        return "  <- injected: " + fault.kind().name().toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }

  /**
   * Prints the table.
   *
   * @param sent events that were sent
   * @param broken how many of them were broken on purpose
   */
  void table(long sent, long broken) {
    double seconds = Math.max(1e-9, (lastNanos - beganNanos) / 1e9);
    long paced = results - resultsBefore;
    out.println();
    line("events", Numbers.grouped(sent) + " sent, " + broken + " of them broken on purpose");
    line(
        "results",
        Numbers.grouped(results)
            + ", each event once; "
            + Numbers.grouped(paced)
            + " of them at a pace of "
            + Numbers.grouped(Math.round(paced / seconds))
            + " a second");
    line("faults", faults.size() + " injected, " + caught.size() + " caught");
    for (Fault fault : faults) {
      if (!caught.contains(fault)) {
        String kind = fault.kind().name().toLowerCase(Locale.ROOT);
        line(
            "",
            "missed: "
                + kind
                + ", "
                + fault.key()
                + " from "
                + Instant.ofEpochMilli(fault.fromMillis()));
      }
    }
    line(
        "alerts",
        alerts + ", " + others.size() + " of them not at an injected fault; the highest:");
    others.stream()
        .sorted(Comparator.comparingDouble(Alert::score).reversed())
        .limit(MOST_OTHERS)
        .forEach(
            alert ->
                line(
                    "",
                    Numbers.two(alert.score())
                        + "  "
                        + alert.time()
                        + "  "
                        + alert.key()
                        + ": "
                        + alert.what()));
    byVersion.forEach(
        (version, count) -> line("model " + version, Numbers.grouped(count) + " events"));
    line("dead letters", Long.toString(deadLetters));
    out.flush();
  }

  private void line(String name, String text) {
    out.println("  " + name + " ".repeat(Math.max(2, 14 - name.length())) + text);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
