package dev.sluice.bench;

import ai.onnxruntime.OrtException;
import dev.sluice.artifact.ArtifactReader;
import dev.sluice.model.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The contenders that are not Sluice, as a process. Argument: a properties file with those of Kafka
 * Streams and, beginning with {@code bench.}, those of {@link Contender}.
 */
public final class BaselineMain {

  static final String INPUT = "bench.input";
  static final String OUTPUT = "bench.scores";
  static final String ALERTS = "bench.alerts";
  static final String MODEL = "bench.model";
  static final String CACHED = "bench.cached";
  private static final double INTERVAL = 0.9;

  private BaselineMain() {}

  /** Runs a contender until the process ends; says {@code Scoring.} once it does. */
  public static void main(String[] args) throws IOException {
    var properties = new Properties();
    try (InputStream in = Files.newInputStream(Path.of(args[0]))) {
      properties.load(in);
    }
    var streams = new KafkaStreams(topology(properties), properties);
    streams.setUncaughtExceptionHandler(
        e -> {
          e.printStackTrace();
          return StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setStateListener(
        (now, _) -> {
          if (now == KafkaStreams.State.RUNNING) {
            System.out.println("Scoring.");
          }
          if (now == KafkaStreams.State.ERROR) {
            System.exit(1);
          }
        });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(20))));
    streams.start();
  }

  static Topology topology(Properties properties) throws IOException {
    var bytes = new ByteArrayDeserializer();
    var topology = new Topology();
    topology.addSource(
        AutoOffsetReset.earliest(), "events", bytes, bytes, properties.getProperty(INPUT));
    String model = properties.getProperty(MODEL, "");
    if (model.isEmpty()) {
      sink(topology, BaselineProcessor.SCORES, properties.getProperty(OUTPUT), "events");
      return topology;
    }
    Model read = ArtifactReader.read(Path.of(model));
    byte[] graph = OnnxGraph.of(read);
    topology.addProcessor("scoring", () -> processor(read, graph), "events");
    topology.addStateStore(store(Boolean.parseBoolean(properties.getProperty(CACHED))), "scoring");
    sink(topology, BaselineProcessor.SCORES, properties.getProperty(OUTPUT), "scoring");
    sink(topology, BaselineProcessor.ALERTS, properties.getProperty(ALERTS), "scoring");
    return topology;
  }

  private static void sink(Topology topology, String name, String topic, String parent) {
    var bytes = new ByteArraySerializer();
    topology.addSink(name, topic, bytes, bytes, parent);
  }

  private static Processor<byte[], byte[], byte[], byte[]> processor(Model model, byte[] graph) {
    try {
      return new BaselineProcessor(model, graph, INTERVAL);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses the graph", e);
    }
  }

  private static StoreBuilder<KeyValueStore<org.apache.kafka.common.utils.Bytes, byte[]>> store(
      boolean cached) {
    var builder =
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(BaselineProcessor.STORE),
                Serdes.Bytes(),
                Serdes.ByteArray())
            .withLoggingEnabled(java.util.Map.of());
    return cached ? builder.withCachingEnabled() : builder.withCachingDisabled();
  }
}
