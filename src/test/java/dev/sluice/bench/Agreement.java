package dev.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Compares the results of two contenders: who computes something else is no peer. */
final class Agreement {

  private static final double TOLERANCE = 1e-3;
  private static final List<String> NUMBERS =
      List.of("value", "expected", "low", "high", "surprise", "score");
  private static final List<String> FACTS = List.of("key", "time", "warmingUp", "modelVersion");

  private final Site site;
  private final ObjectMapper json = new ObjectMapper();

  Agreement(Site site) {
    this.site = site;
  }

  /**
   * Compares the first {@code most} results of partition 0, which are in the order of the events,
   * and returns how many there were.
   *
   * @throws IllegalStateException if two results differ
   */
  int check(Run one, Run other, int most) throws IOException {
    List<byte[]> ours = results(one.scores(), most);
    List<byte[]> theirs = results(other.scores(), most);
    int count = Math.min(ours.size(), theirs.size());
    if (count == 0) {
      throw new IllegalStateException("there are no results to compare");
    }
    for (int i = 0; i < count; i++) {
      compare(i, json.readTree(ours.get(i)), json.readTree(theirs.get(i)));
    }
    return count;
  }

  /** Compares two results. */
  static void compare(int index, JsonNode one, JsonNode other) {
    boolean same = FACTS.stream().allMatch(name -> one.path(name).equals(other.path(name)));
    for (String name : NUMBERS) {
      double a = one.path(name).asDouble(Double.NaN);
      double b = other.path(name).asDouble(Double.NaN);
      same &= Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a)); // false for NaN
    }
    if (!same) {
      throw new IllegalStateException("result " + index + " differs: " + one + " and " + other);
    }
  }

  private List<byte[]> results(String topic, int most) {
    var bytes = new ByteArrayDeserializer();
    List<byte[]> results = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", site.bootstrap(),
                "isolation.level", "read_committed",
                "enable.auto.commit", "false"),
            bytes,
            bytes)) {
      List<TopicPartition> first = List.of(new TopicPartition(topic, 0));
      consumer.assign(first);
      consumer.seekToBeginning(first);
      long deadline = System.nanoTime() + 20_000_000_000L;
      while (results.size() < most && System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          if (results.size() < most) {
            results.add(record.value());
          }
        }
      }
    }
    return results;
  }
}
