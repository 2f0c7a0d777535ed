package dev.sluice.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.proof.Events;
import dev.sluice.proof.Oracle;
import dev.sluice.proof.ProofModels;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that come at times, in Kafka Streams' own topology, without a broker. */
final class RowsEveryTopologyTest {

  private static final Duration EVERY = Duration.ofMillis(200);

  @TempDir private Path folder;

  @Test
  void resultsAreThoseOfTheFileAndRowsComeThoughNoEventDoes() throws Exception {
    Topology file =
        TopologyFile.parse(
            """
            name: readings
            input: {topic: readings, time: at}
            features: [{number: value, scale: key}, {time: of-day}]
            model: {hidden: 24, predict: {value: value, bins: 40}}
            score: {threshold: 0.55, warmUp: 50, quiet: 10}
            state: {rowsEvery: 200ms}
            """,
            "test",
            Map.of());
    Events events = Events.of(3_000, 50, 1, 5);
    var models = ProofModels.swappedAt(Events.timeMillis(1_500));
    Path lines = folder.resolve("events.jsonl");
    events.writeTo(lines);
    Oracle oracle = Oracle.of(file, events, lines, models);
    Properties properties = new Properties();
    properties.put("bootstrap.servers", "127.0.0.1:1");
    properties.put("state.dir", folder.toString());
    var topology = new org.apache.kafka.streams.Topology();
    ScoringTopology.of(file, models, new SimpleMeterRegistry()).addTo(topology);
    Properties complete = StreamProperties.complete(file, properties);
    try (var driver = new TopologyTestDriver(topology, complete, Instant.EPOCH)) {
      Driven.scores(driver, events, oracle);
      Thread.sleep(2 * EVERY.toMillis());
      driver.advanceWallClockTime(EVERY);

      Map<String, byte[]> last = new HashMap<>();
      for (TestRecord<byte[], byte[]> row :
          Driven.read(driver, "readings-sluice-memory-changelog")) {
        last.put(new String(row.key(), UTF_8), row.value());
        // That of an event: brokers would refuse the time of a clock that is ahead of theirs.
        assertThat(row.timestamp()).isEqualTo(1_000L);
      }
      Span span = Span.parse(last.remove(""), "test");
      assertThat(span.from()).isEqualTo(span.next()).isEqualTo(events.count());
      KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(ScoringTopology.MEMORY);
      assertThat(last).hasSize(50);
      last.forEach(
          (key, row) -> {
            assertThat(DatedRow.nextOffset(row)).isPositive();
            assertThat(store.get(Bytes.wrap(key.getBytes(UTF_8)))).isEqualTo(DatedRow.row(row));
          });
    }
  }
}
