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
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where memories are and how long they stay changes no byte: the oracle is the file. */
final class KeepingTopologyTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{expireAfter: 1h}",
        "{encoding: float16}",
        "{store: rocksdb, cache: 64KB}",
        "{store: rocksdb, cache: 64KB, expireAfter: 1h, encoding: float16}",
      })
  void recordsGiveTheBytesOfTheFile(String state) throws Exception {
    Topology file =
        TopologyFile.parse(
            """
            name: readings
            input: {topic: readings, time: at}
            features: [{number: value, scale: key}, {time: of-day}]
            model: {hidden: 24, predict: {value: value, bins: 40}}
            score: {threshold: 0.55, warmUp: 50, quiet: 10}
            state:\
            """
                + " "
                + state,
            "test",
            Map.of());
    Events events = Events.of(6_000, 300, 1, 5);
    var models = ProofModels.swappedAt(Events.timeMillis(3_000));
    Path lines = folder.resolve("events.jsonl");
    events.writeTo(lines);
    Oracle oracle = Oracle.of(file, events, lines, models);
    Properties properties = new Properties();
    properties.put("bootstrap.servers", "127.0.0.1:1");
    properties.put("state.dir", folder.toString());
    var meters = new SimpleMeterRegistry();
    var scoring = ScoringTopology.of(file, models, meters);
    var topology = new org.apache.kafka.streams.Topology();
    scoring.addTo(topology);
    Properties complete = StreamProperties.complete(file, properties);
    try (var driver = new TopologyTestDriver(topology, complete, Instant.EPOCH)) {
      Driven.scores(driver, events, oracle);
      boolean expires = state.contains("expireAfter");
      assertThat(meters.counter("sluice.memory.expired").count() > 50).isEqualTo(expires);
      changelogAndStoreAgree(driver, expires);
    }
  }

  private static void changelogAndStoreAgree(TopologyTestDriver driver, boolean expires) {
    Map<String, byte[]> last = new HashMap<>();
    int tombstones = 0;
    for (TestRecord<byte[], byte[]> row : Driven.read(driver, "readings-sluice-memory-changelog")) {
      String key = new String(row.key(), UTF_8);
      if (row.value() == null) {
        assertThat(last.remove(key)).as(key).isNotNull();
        tombstones++;
      } else {
        last.put(key, row.value());
      }
    }
    assertThat(tombstones > 0).isEqualTo(expires);
    KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(ScoringTopology.MEMORY);
    last.forEach(
        (key, row) -> assertThat(store.get(Bytes.wrap(key.getBytes(UTF_8)))).isEqualTo(row));
    Set<String> all = new TreeSet<>();
    try (KeyValueIterator<Bytes, byte[]> rows = store.all()) {
      while (rows.hasNext()) {
        KeyValue<Bytes, byte[]> row = rows.next();
        assertThat(all.add(new String(row.key.get(), UTF_8))).isTrue();
        assertThat(row.value).isEqualTo(last.get(new String(row.key.get(), UTF_8)));
      }
    }
    assertThat(all).isEqualTo(new TreeSet<>(last.keySet()));
  }
}
