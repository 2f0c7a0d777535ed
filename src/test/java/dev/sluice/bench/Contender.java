package dev.sluice.bench;

import dev.sluice.config.Topology;
import dev.sluice.stream.StreamProperties;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Who competes. */
enum Contender {
  /** Records from one topic to another, one by one, no state, no model: the ceiling of a stream. */
  PASS("a", "pass-through, per record"),
  /** What everyone writes, as well tuned as it goes. */
  BASELINE("b", "RocksDB + ONNX Runtime, tuned"),
  /** The same with nothing tuned. */
  DEFAULTS("b1", "RocksDB + ONNX Runtime, defaults"),
  /** The tuned one without a record cache: every event writes its row. */
  UNCACHED("b2", "RocksDB + ONNX Runtime, tuned, no record cache"),
  /** {@code sluice run}. */
  SLUICE("c", "Sluice"),
  /** The same with rows at times, and the input as what says the rest. */
  SPARSE("c2", "Sluice, state.rowsEvery"),
  /** The same where the bias of a key's heads learns from each event. */
  BIAS("c3", "Sluice, state.adapt: bias"),
  /** The same where all weights of a key's heads do. */
  HEAD("c4", "Sluice, state.adapt: head"),
  /** Sluice with many tokens in each event. */
  TOKENS("d", "Sluice, tokens");

  /** On the heap: a quarter of it is for the record cache. */
  private static final long LARGE_CACHE_BYTES = 768L << 20;

  private static final long CACHE_BYTES = 256L << 20;
  private static final int MANY_KEYS = 300_000;
  private static final int BUFFERED_RECORDS = 10_000;

  private final String letter;
  private final String text;

  Contender(String letter, String text) {
    this.letter = letter;
    this.text = text;
  }

  String letter() {
    return letter;
  }

  String text() {
    return text;
  }

  static Contender of(String letter) {
    for (Contender contender : values()) {
      if (contender.letter.equals(letter)) {
        return contender;
      }
    }
    throw new IllegalArgumentException(
        "'" + letter + "' is none of a, b, b1, b2, c, c2, c3, c4, d");
  }

  boolean isSluice() {
    return this == SLUICE || this == SPARSE || this == BIAS || this == HEAD || this == TOKENS;
  }

  /** Returns what of a key's heads learns from its events. */
  String adapt() {
    return this == BIAS ? "bias" : this == HEAD ? "head" : "none";
  }

  /** Starts an instance; more of the same {@code run} share the work. */
  Jvm start(Site site, Run run, String instance, Map<String, String> kafka) throws IOException {
    Path folder = Files.createDirectories(site.folder().resolve(run.name()));
    Path yaml = folder.resolve("topology.yaml");
    Files.writeString(yaml, run.topology());
    Path state = folder.resolve("state-" + instance);
    Path config = folder.resolve(instance + ".properties");
    if (isSluice()) {
      save(config, kafka);
      return Jvm.sluice(
          letter,
          run.scenario().heap(),
          List.of(
              "run",
              yaml.toString(),
              "--bootstrap",
              site.bootstrap(),
              "--kafka-config",
              config.toString(),
              "--state-dir",
              state.toString()));
    }
    Properties properties = this == DEFAULTS ? defaults(run) : tuned(run, yaml, instance);
    properties.putAll(kafka);
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, site.bootstrap());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    properties.put(BaselineMain.INPUT, run.input());
    properties.put(BaselineMain.OUTPUT, run.scores());
    properties.put(BaselineMain.ALERTS, run.alerts());
    properties.put(BaselineMain.CACHED, Boolean.toString(this != UNCACHED));
    if (this != PASS) {
      properties.put(BaselineMain.MODEL, site.artifact(run.scenario().hidden()).toString());
    }
    save(config, properties);
    return Jvm.bench(letter, run.scenario().heap(), BaselineMain.class, List.of(config.toString()));
  }

  /** What nobody can leave out. */
  private static Properties defaults(Run run) {
    var properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, run.name());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Long.toString(run.scenario().commitMillis()));
    properties.put(
        StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.toString(run.scenario().threads()));
    return properties;
  }

  /** All that Sluice sets for its own clients, but for what makes waves; and a tuned store. */
  private static Properties tuned(Run run, Path yaml, String instance) {
    Topology file = dev.sluice.config.TopologyFile.read(yaml);
    Properties properties = StreamProperties.complete(file, new Properties());
    properties
        .stringPropertyNames()
        .forEach(
            name -> {
              if (name.contains("interceptor") || name.contains("sluice.")) {
                properties.remove(name);
              }
            });
    properties.put(
        StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, Integer.toString(BUFFERED_RECORDS));
    long cache = run.scenario().keys() > MANY_KEYS ? LARGE_CACHE_BYTES : CACHE_BYTES;
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, Long.toString(cache));
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, TunedRocks.class.getName());
    // A name, as Sluice has one: otherwise a restarted instance waits 45 s for its own ghost.
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instance);
    return properties;
  }

  private static void save(Path file, Map<?, ?> properties) throws IOException {
    var all = new Properties();
    all.putAll(properties);
    // What is no text is an object of that process, such as what its producers share.
    all.values().removeIf(value -> !(value instanceof String));
    try (OutputStream out = Files.newOutputStream(file)) {
      all.store(out, null);
    }
  }
}
