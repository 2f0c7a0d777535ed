package dev.sluice.proof;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;

/** Three brokers, each in a process and a folder of its own, each a controller as well. */
final class Cluster implements AutoCloseable {

  static final int NODES = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Path folder;
  private final List<Integer> ports;
  private final Child[] nodes = new Child[NODES];

  private Cluster(Path folder, List<Integer> ports) {
    this.folder = folder;
    this.ports = ports;
  }

  /** Starts the brokers together, as a quorum must be. */
  static Cluster start(Path folder) throws IOException, InterruptedException {
    var cluster = new Cluster(folder, freePorts(2 * NODES));
    try {
      for (int node = 0; node < NODES; node++) {
        cluster.startNode(node);
      }
      for (int node = 0; node < NODES; node++) {
        cluster.nodes[node].await("READY ", PATIENCE);
      }
      return cluster;
    } catch (AssertionError | InterruptedException e) {
      cluster.close();
      throw e;
    }
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
      sockets.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  private void startNode(int node) {
    String voters =
        IntStream.range(0, NODES)
            .mapToObj(i -> (i + 1) + "@127.0.0.1:" + ports.get(NODES + i))
            .collect(Collectors.joining(","));
    nodes[node] =
        Child.broker(
            "broker-" + node,
            List.of(
                Integer.toString(node + 1),
                ports.get(node).toString(),
                ports.get(NODES + node).toString(),
                voters,
                folder.resolve("broker-" + node).toString(),
                "num.replica.fetchers=1"));
  }

  /** Returns what clients need as {@code bootstrap.servers}. */
  String bootstrap() {
    return IntStream.range(0, NODES)
        .mapToObj(i -> "127.0.0.1:" + ports.get(i))
        .collect(Collectors.joining(","));
  }

  void kill(int node) throws InterruptedException {
    nodes[node].kill();
  }

  /** Starts a broker that was killed again, on its own data. */
  void restart(int node) throws InterruptedException {
    startNode(node);
    nodes[node].await("READY ", PATIENCE);
  }

  Child node(int node) {
    return nodes[node];
  }

  /**
   * Says how often topics are kept; the proof is worth nothing if one of them is kept once.
   *
   * @throws AssertionError if a topic, internal ones included, is not on all brokers, or would
   *     accept what only one of them has
   */
  String requireReplicas() throws InterruptedException, ExecutionException {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
      var all = new ListTopicsOptions().listInternal(true);
      Collection<String> names = admin.listTopics(all).names().get();
      for (TopicDescription topic : admin.describeTopics(names).allTopicNames().get().values()) {
        if (topic.partitions().stream().anyMatch(one -> one.replicas().size() != NODES)) {
          throw new AssertionError(topic + " is not on every broker");
        }
      }
      List<ConfigResource> resources =
          names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
      admin.describeConfigs(resources).all().get().forEach(Cluster::requireTwoInSync);
      return names.size() + " topics, each on 3 brokers, 2 in sync at least: " + names;
    }
  }

  private static void requireTwoInSync(
      ConfigResource topic, org.apache.kafka.clients.admin.Config config) {
    if (!config.get("min.insync.replicas").value().equals("2")) {
      throw new AssertionError(topic + ": min.insync.replicas is not 2");
    }
  }

  /** Tells the brokers what the streams protocol leaves to them. */
  void setStreamsGroup(String group, Plan.Variant variant)
      throws InterruptedException, ExecutionException {
    var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    List<AlterConfigOp> settings = new ArrayList<>();
    settings.add(set("streams.num.standby.replicas", variant.standbys()));
    if (variant.sessionMillis() > 0) {
      settings.add(set("streams.session.timeout.ms", variant.sessionMillis()));
      settings.add(set("streams.heartbeat.interval.ms", 1000));
    }
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
      admin.incrementalAlterConfigs(Map.of(resource, settings)).all().get();
    }
  }

  private static AlterConfigOp set(String name, int value) {
    return new AlterConfigOp(
        new ConfigEntry(name, Integer.toString(value)), AlterConfigOp.OpType.SET);
  }

  @Override
  public void close() {
    for (Child node : nodes) {
      if (node != null) {
        node.close();
      }
    }
  }
}
