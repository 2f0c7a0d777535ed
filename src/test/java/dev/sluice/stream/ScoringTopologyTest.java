package dev.sluice.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.head.BinHead;
import dev.sluice.head.Linear;
import dev.sluice.model.Model;
import dev.sluice.proof.Events;
import dev.sluice.proof.Oracle;
import dev.sluice.proof.ProofModels;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.ModelSource;
import dev.sluice.registry.Timeline;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The topology without a broker, record by record; the interceptor is absent here. The oracle is
 * the river on a file. That waves and processes change nothing is for {@code proof} to show.
 */
final class ScoringTopologyTest {

  private static final String YAML =
      """
      name: readings
      input: {topic: readings, time: atKEY, maxBytes: 2000}
      features:
        - {number: value, scale: key}
        - time: of-day
      model: {hidden: 24, predict: {value: value, bins: 40}}
      score: {threshold: 0.55, warmUp: 50, quiet: 10}
      delivery: {guarantee: GUARANTEE}
      """;
  private static final byte[] KEY = "k".getBytes(UTF_8);
  private static final String GOOD = "{\"at\":\"2001-01-01T00:00:00Z\",\"value\":1}";

  @TempDir private Path folder;

  /** A driver with the topics of the topology. */
  private final class Bench implements AutoCloseable {

    final Topology file;
    final TopologyTestDriver driver;
    final StreamMeters meters;

    Bench(String yaml, ModelSource<Model> models, Map<String, String> kafka) {
      file = TopologyFile.parse(yaml, "test", Map.of());
      Properties properties = new Properties();
      properties.put("bootstrap.servers", "127.0.0.1:1");
      properties.put("state.dir", folder.toString());
      properties.putAll(kafka);
      var scoring = ScoringTopology.of(file, models, new SimpleMeterRegistry());
      var topology = new org.apache.kafka.streams.Topology();
      scoring.addTo(topology);
      meters = scoring.meters();
      driver =
          new TopologyTestDriver(
              topology, StreamProperties.complete(file, properties), Instant.EPOCH);
    }

    void pipe(byte @Nullable [] key, byte @Nullable [] value) {
      var headers = new RecordHeaders();
      headers.add("trace", new byte[] {7});
      driver
          .createInputTopic("readings", new ByteArraySerializer(), new ByteArraySerializer())
          .pipeInput(new TestRecord<>(key, value, headers, 1_000L));
    }

    List<TestRecord<byte[], byte[]>> read(String topic) {
      return driver
          .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
          .readRecordsToList();
    }

    KeyValueStore<Bytes, byte[]> memory() {
      return driver.getKeyValueStore(ScoringTopology.MEMORY);
    }

    @Override
    public void close() {
      driver.close();
    }
  }

  private Bench bench(ModelSource<Model> models) {
    return new Bench(yaml("exactly-once", false), models, Map.of());
  }

  private static String yaml(String guarantee, boolean keyIsField) {
    return YAML.replace("GUARANTEE", guarantee).replace("KEY", keyIsField ? ", key: key" : "");
  }

  @ParameterizedTest
  @CsvSource({
    "exactly-once, 10485760, false",
    "exactly-once, 0, false", // No cache: the hook runs for every record.
    "at-least-once, 10485760, false",
    "exactly-once, 10485760, true",
  })
  void recordsGiveTheBytesOfTheFile(String guarantee, String cacheBytes, boolean keyIsField)
      throws Exception {
    Events events = Events.of(4000, 17, 1, 3);
    var models = ProofModels.swappedAt(Events.timeMillis(2000));
    Path lines = folder.resolve("events.jsonl");
    events.writeTo(lines);
    var cache = Map.of("statestore.cache.max.bytes", cacheBytes);
    try (Bench bench = new Bench(yaml(guarantee, keyIsField), models, cache)) {
      Oracle oracle = Oracle.of(bench.file, events, lines, models);
      for (Events.Sent event : events.list()) {
        bench.pipe(keyIsField ? null : event.key(), event.value());
      }

      assertThat(values(bench.read("readings-scores"))).isEqualTo(text(oracle, oracle.scored()));
      assertThat(oracle.alerted()).isNotEmpty();
      assertThat(values(bench.read("readings-alerts"))).isEqualTo(text(oracle, oracle.alerted()));
      assertThat(bench.read("readings-dead-letters"))
          .extracting(record -> header(record, "sluice-reason"))
          .isEqualTo(
              Arrays.stream(oracle.rejected())
                  .mapToObj(i -> oracle.reasons()[i].reason().name())
                  .toList());
      assertThat(bench.meters.events()).isEqualTo(oracle.scored().length);
      assertThat(bench.meters.alerts()).isEqualTo(oracle.alerted().length);
      assertThat(bench.meters.deadLetters()).isEqualTo(oracle.rejected().length);
    }
  }

  private static List<String> values(List<TestRecord<byte[], byte[]>> records) {
    return records.stream().map(record -> new String(record.value(), UTF_8)).toList();
  }

  private static List<String> text(Oracle oracle, int[] which) {
    return Arrays.stream(which).mapToObj(i -> new String(oracle.results()[i], UTF_8)).toList();
  }

  private static @Nullable String header(TestRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }

  @Test
  void theChangelogEndsWithTheMemoryOfEachKey() {
    try (Bench bench = bench(ProofModels.swappedAt(Events.timeMillis(300)))) {
      Events.of(600, 5, 1, 4).list().forEach(event -> bench.pipe(event.key(), event.value()));

      Map<String, byte[]> last = new TreeMap<>();
      for (TestRecord<byte[], byte[]> row : bench.read("readings-sluice-memory-changelog")) {
        last.put(new String(row.key(), UTF_8), row.value());
      }
      assertThat(last).hasSize(5);
      last.forEach(
          (key, row) ->
              assertThat(bench.memory().get(Bytes.wrap(key.getBytes(UTF_8)))).isEqualTo(row));
      assertThat(bench.memory().approximateNumEntries()).isEqualTo(5);
    }
  }

  @Test
  void whatCannotBeScoredGoesOnWithItsBytesAndTheReason() {
    byte[] good = GOOD.getBytes(UTF_8);
    try (Bench bench = bench(ProofModels.swappedAt(Long.MAX_VALUE))) {
      bench.pipe(KEY, good);
      byte[] memory = bench.memory().get(Bytes.wrap(KEY));
      bench.pipe(null, good);
      bench.pipe(new byte[0], good);
      bench.pipe(new byte[5000], good);
      bench.pipe(KEY, null);
      bench.pipe(KEY, new byte[0]);
      bench.pipe(KEY, new byte[3000]);
      for (String value :
          List.of("{", GOOD + "x", with("NaN"), with("1e31"), with("-1e400"), with("\"1\""))) {
        bench.pipe(KEY, value.getBytes(UTF_8));
      }
      bench.pipe(KEY, "{\"at\":\"2001-01-01T00:00:00Z\"}".getBytes(UTF_8));
      bench.pipe(KEY, "{\"at\":\"soon\",\"value\":1}".getBytes(UTF_8));
      bench.pipe(KEY, "{\"value\":1}".getBytes(UTF_8));

      assertThat(bench.read("readings-scores")).hasSize(1);
      List<TestRecord<byte[], byte[]>> dead = bench.read("readings-dead-letters");
      assertThat(dead)
          .extracting(record -> header(record, "sluice-reason"))
          .containsExactly(
              "NO_KEY",
              "NO_KEY",
              "KEY_TOO_LONG",
              "NO_VALUE",
              "MALFORMED",
              "TOO_LARGE",
              "MALFORMED",
              "MALFORMED",
              "MALFORMED",
              "OUT_OF_RANGE",
              "OUT_OF_RANGE",
              "WRONG_TYPE",
              "MISSING_FIELD",
              "BAD_TIME",
              "MISSING_FIELD");
      assertThat(dead.getFirst().key()).isNull();
      assertThat(dead.getFirst().value()).isEqualTo(good);
      assertThat(header(dead.getFirst(), "sluice-source")).isEqualTo("readings/0/1");
      assertThat(header(dead.getFirst(), "sluice-time")).isEqualTo("1000");
      assertThat(dead).allMatch(record -> record.headers().lastHeader("trace") != null);
      assertThat(dead.get(3).value()).isNull();
      assertThat(bench.memory().get(Bytes.wrap(KEY))).as("untouched").isEqualTo(memory);
    }
  }

  private static String with(String value) {
    return "{\"at\":\"2001-01-01T00:00:00Z\",\"value\":" + value + "}";
  }

  @Test
  void bytesOfAnySortAreScoredOrRejectedAndNothingElse() {
    var random = new Random(11);
    int count = 3000;
    try (Bench bench = bench(ProofModels.swappedAt(Long.MAX_VALUE))) {
      for (int i = 0; i < count; i++) {
        byte[] value = GOOD.getBytes(UTF_8);
        for (int change = random.nextInt(4); change >= 0; change--) {
          value[random.nextInt(value.length)] = (byte) random.nextInt(256);
        }
        bench.pipe(KEY, i % 10 == 0 ? randomBytes(random) : value);
      }
      int scored = bench.read("readings-scores").size();
      assertThat(scored).isPositive();
      assertThat(scored + bench.read("readings-dead-letters").size()).isEqualTo(count);
    }
  }

  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(100)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void aModelWithoutAFiniteAnswerMakesADeadLetterAndANewMemory() {
    try (Bench bench = bench(notFinite())) {
      for (int i = 0; i < 4; i++) {
        bench.pipe(KEY, GOOD.getBytes(UTF_8));
      }

      // A new memory is zero, and so is what the weights make of it: every other event is scored.
      assertThat(bench.read("readings-scores")).hasSize(2);
      List<TestRecord<byte[], byte[]>> dead = bench.read("readings-dead-letters");
      assertThat(dead).hasSize(2);
      assertThat(dead).allMatch(record -> "UNSCORABLE".equals(header(record, "sluice-reason")));
      assertThat(dead.getFirst().value()).isEqualTo(GOOD.getBytes(UTF_8));
      assertThat(header(dead.getFirst(), "sluice-source")).isEqualTo("readings/0/1");
    }
  }

  /** Finite weights whose sums are not, whatever the memory says if it says anything. */
  private static ModelSource<Model> notFinite() {
    Model model = ProofModels.version(1);
    int hidden = model.cell().hidden();
    float[] weights = new float[40 * hidden];
    float[] bias = new float[40];
    Arrays.fill(bias, Float.MAX_VALUE);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i / hidden % 2 == 0 ? Float.MAX_VALUE : -Float.MAX_VALUE;
    }
    var head =
        new BinHead("value", new Linear(weights, bias, hidden), ((BinHead) model.head()).bins());
    var broken =
        new Model(
            model.id(),
            1,
            model.features(),
            model.cell(),
            List.of(head),
            model.calibration(),
            model.lineage());
    var timeline = Timeline.empty("readings").plus(1, Timeline.IMMEDIATE, 0, Timeline.What.PUBLISH);
    return FixedModels.of(timeline, Map.of(1, broken));
  }

  @Test
  void reKeyedEventsRememberWhereTheyWereReadFrom() {
    var models = ProofModels.swappedAt(Long.MAX_VALUE);
    try (Bench bench = new Bench(yaml("exactly-once", true), models, Map.of())) {
      byte[] event = GOOD.replace("{", "{\"key\":\"field\",").getBytes(UTF_8);
      bench.pipe(KEY, event);
      bench.pipe(KEY, GOOD.getBytes(UTF_8));

      TestRecord<byte[], byte[]> result = bench.read("readings-scores").getFirst();
      assertThat(new String(result.key(), UTF_8)).isEqualTo("field");
      assertThat(header(result, "sluice-source")).isEqualTo("readings/0/0");
      TestRecord<byte[], byte[]> dead = bench.read("readings-dead-letters").getFirst();
      assertThat(dead.key()).isEqualTo(KEY);
      assertThat(dead.value()).isEqualTo(GOOD.getBytes(UTF_8));
      assertThat(header(dead, "sluice-reason")).isEqualTo("NO_KEY");
      assertThat(header(dead, "sluice-source")).isEqualTo("readings/0/1");
    }
  }
}
