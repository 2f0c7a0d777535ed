package dev.sluice.app;

import dev.sluice.config.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to reach Kafka, for every command that does. */
final class KafkaOptions {

  /** Where a broker is looked for when nobody says where. */
  private static final String DEFAULT_BOOTSTRAP = "localhost:9092";

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = {
        "A broker; otherwise kafka.bootstrap.servers of the topology, otherwise "
            + DEFAULT_BOOTSTRAP
            + "."
      })
  private @Nullable String bootstrap;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "More client properties, for example credentials, in a properties file.")
  private @Nullable Path config;

  /** Returns where a stream keeps what outlives the process, if the properties do not say. */
  static String stateFolder() {
    String xdg = System.getenv("XDG_STATE_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(xdg);
    return base.resolve("sluice").toString();
  }

  /**
   * Returns the client properties: options win over the file of properties, it over the topology.
   */
  Properties properties(Topology file) throws IOException {
    Properties properties = new Properties();
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, DEFAULT_BOOTSTRAP);
    properties.putAll(file.kafka().values());
    if (config != null) {
      try (InputStream in = Files.newInputStream(config)) {
        properties.load(in);
      }
    }
    if (bootstrap != null) {
      properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    }
    return properties;
  }

  /** Returns properties as a map, for clients that are no stream. */
  static Map<String, String> clientMap(Properties properties) {
    Map<String, String> map = new TreeMap<>();
    properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
    return map;
  }

  /** Returns the address to name in messages. */
  String bootstrap(Properties properties) {
    return properties.getProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
  }
}
