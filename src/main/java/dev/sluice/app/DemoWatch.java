package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.app.DemoFaults.Fault;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the demo's results as any consumer of committed records would, tells of alerts as they
 * come, and adds up what the table at the end shows.
 */
final class DemoWatch implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ObjectMapper json = new ObjectMapper();
  private final String scoresTopic;
  private final List<Fault> faults;
  private final PrintWriter out;
  private final Set<Fault> caught = new HashSet<>();
  private final Map<Integer, Long> byVersion = new TreeMap<>();
  private final List<Alert> others = new ArrayList<>();
  private long results;
  private long alerts;
  private long deadLetters;
  private long firstNanos;
  private long lastNanos;

  /** An alert that no fault explains. */
  private record Alert(String key, String time, double score, String what) {}

  DemoWatch(
      String bootstrap,
      String scoresTopic,
      String deadLetterTopic,
      List<Fault> faults,
      PrintWriter out) {
    this.scoresTopic = scoresTopic;
    this.faults = faults;
    this.out = out;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrap,
                "group.id", "sluice-demo-watch",
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.subscribe(List.of(scoresTopic, deadLetterTopic));
  }

  /** Reads what has come. */
  void poll() throws IOException {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      if (record.topic().equals(scoresTopic)) {
        result(record);
      } else {
        deadLetters++;
        String message = new String(record.headers().lastHeader("sluice-message").value(), UTF_8);
        out.println("  dead letter  " + message);
      }
    }
    out.flush();
  }

  private void result(ConsumerRecord<byte[], byte[]> record) throws IOException {
    lastNanos = System.nanoTime();
    firstNanos = results == 0 ? lastNanos : firstNanos;
    results++;
    JsonNode result = json.readTree(record.value());
    byVersion.merge(result.path("modelVersion").asInt(), 1L, Long::sum);
    if (result.path("alert").asBoolean()) {
      alert(result);
    }
  }

  private void alert(JsonNode result) {
    alerts++;
    String key = result.path("key").asText();
    String time = result.path("time").asText();
    long millis = Instant.parse(time).toEpochMilli();
    String what =
        result.path("value").asText()
            + " came, "
            + round(result.path("low").asDouble())
            + " to "
            + round(result.path("high").asDouble())
            + " was expected";
    String cause = "";
    for (Fault fault : faults) {
      if (fault.covers(key, millis)) {
        caught.add(fault);
        cause = "  (injected: " + fault.kind().name().toLowerCase(java.util.Locale.ROOT) + ")";
      }
    }
    double score = result.path("score").asDouble();
    if (cause.isEmpty()) {
      others.add(new Alert(key, time, score, what));
    }
    out.println(
        "  alert " + round(100 * score) / 100 + "  " + time + "  " + key + ": " + what + cause);
  }

  private static double round(double value) {
    return Math.round(value * 10) / 10.0;
  }

  /** Returns the results read so far. */
  long results() {
    return results;
  }

  /** Returns the dead letters read so far. */
  long deadLetters() {
    return deadLetters;
  }

  /**
   * Prints the table.
   *
   * @param sent events that were sent
   * @param malformed how many of them were broken on purpose
   * @param replayed the faults that were among them
   */
  void table(long sent, long malformed, List<Fault> replayed) {
    double seconds = Math.max(1e-9, (lastNanos - firstNanos) / 1e9);
    long injected = replayed.size();
    long found = replayed.stream().filter(caught::contains).count();
    out.println();
    row("events sent", sent + ", of them " + malformed + " broken on purpose");
    row("results", results + " (" + Math.round(results / seconds) + " a second, as replayed)");
    row("faults injected", injected + ", of them caught " + found);
    for (Fault fault : replayed) {
      if (!caught.contains(fault)) {
        row(
            "",
            "missed: "
                + fault.kind()
                + " at "
                + Instant.ofEpochMilli(fault.fromMillis())
                + " in "
                + fault.key());
      }
    }
    row("alerts", alerts + ", of them " + others.size() + " not at an injected fault");
    others.stream()
        .sorted(Comparator.comparingDouble(Alert::score).reversed())
        .limit(3)
        .forEach(a -> row("", a.time() + "  " + a.key() + ": " + a.what()));
    byVersion.forEach((version, count) -> row("model version " + version, count + " events"));
    row("dead letters", deadLetters + "");
    out.flush();
  }

  private void row(String name, String value) {
    out.println("  " + name + " ".repeat(Math.max(1, 20 - name.length())) + value);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
