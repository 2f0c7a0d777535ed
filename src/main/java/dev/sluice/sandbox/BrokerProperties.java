package dev.sluice.sandbox;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Turns {@link SandboxSettings} into the properties of Kafka's own broker. */
final class BrokerProperties {

  /** The listener for clients, and for brokers among themselves. */
  static final String CLIENTS = "PLAINTEXT";

  /** The listener for the nodes that agree on metadata. */
  static final String CONTROLLERS = "CONTROLLER";

  /** One identity for all sandboxes, so that the nodes of one cluster agree without being told. */
  static final String CLUSTER_ID = "c2x1aWNlLXNhbmRib3gtMQ";

  private static final int MAX_REPLICAS = 3;

  private BrokerProperties() {}

  /**
   * Returns the properties of one node.
   *
   * @param port where clients connect, bound already
   * @param controllerPort where the nodes agree on metadata, bound already
   */
  static Properties of(SandboxSettings settings, int port, int controllerPort, Path data) {
    var properties = new Properties();
    String self = SandboxBroker.HOST + ":" + controllerPort;
    String voters =
        settings.voters().isEmpty()
            ? settings.nodeId() + "@" + self
            : String.join(",", settings.voters());

    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(settings.nodeId()));
    properties.put("controller.quorum.voters", voters);
    properties.put("controller.listener.names", CONTROLLERS);
    properties.put("inter.broker.listener.name", CLIENTS);
    properties.put(
        "listeners",
        CLIENTS + "://" + SandboxBroker.HOST + ":" + port + "," + CONTROLLERS + "://" + self);
    properties.put("log.dirs", data.toString());

    addReplication(properties, Math.min(MAX_REPLICAS, Math.max(1, settings.voters().size())));
    addShortWaits(properties);
    addSmallFootprint(properties);
    properties.putAll(settings.overrides());
    return properties;
  }

  /** Returns where each node of {@code id@host:port} voters listens, by its id. */
  static Map<Integer, InetSocketAddress> addresses(List<String> voters) {
    Map<Integer, InetSocketAddress> addresses = new HashMap<>();
    for (String voter : voters) {
      int at = voter.indexOf('@');
      int colon = voter.lastIndexOf(':');
      if (at < 1 || colon < at) {
        throw new IllegalArgumentException(
            "voters: '" + voter + "' names no node. Give id@host:port, such as 1@127.0.0.1:9093");
      }
      addresses.put(
          Integer.valueOf(voter.substring(0, at)),
          new InetSocketAddress(
              voter.substring(at + 1, colon), Integer.parseInt(voter.substring(colon + 1))));
    }
    return addresses;
  }

  private static void addReplication(Properties properties, int replicas) {
    String all = Integer.toString(replicas);
    String majority = Integer.toString(replicas / 2 + 1);
    properties.put("default.replication.factor", all);
    properties.put("min.insync.replicas", majority);
    properties.put("offsets.topic.replication.factor", all);
    properties.put("transaction.state.log.replication.factor", all);
    properties.put("transaction.state.log.min.isr", majority);
    properties.put("share.coordinator.state.topic.replication.factor", all);
    properties.put("share.coordinator.state.topic.min.isr", majority);
  }

  /** What production waits for to be gentle with a cluster, a test waits for in vain. */
  private static void addShortWaits(Properties properties) {
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("group.min.session.timeout.ms", "500");
    properties.put("group.consumer.min.session.timeout.ms", "500");
    properties.put("group.consumer.min.heartbeat.interval.ms", "100");
    properties.put("group.streams.min.session.timeout.ms", "500");
    properties.put("group.streams.min.heartbeat.interval.ms", "100");
    properties.put("group.streams.initial.rebalance.delay.ms", "0");
    properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
    properties.put("broker.heartbeat.interval.ms", "500");
    properties.put("controller.quorum.election.timeout.ms", "500");
    properties.put("controller.quorum.election.backoff.max.ms", "300");
    properties.put("log.cleaner.backoff.ms", "1000");
  }

  private static void addSmallFootprint(Properties properties) {
    properties.put("offsets.topic.num.partitions", "4");
    properties.put("transaction.state.log.num.partitions", "4");
    properties.put("share.coordinator.state.topic.num.partitions", "4");
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "4");
    properties.put("background.threads", "2");
    properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
    // A misspelt topic should be an error, not a topic.
    properties.put("auto.create.topics.enable", "false");
  }
}
