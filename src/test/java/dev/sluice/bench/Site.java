package dev.sluice.bench;

import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.registry.PublisherSettings;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsPublisher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The broker of a benchmark, and what can be asked of it. */
final class Site implements AutoCloseable {

  private final Path folder;
  private final Jvm broker;
  private final String bootstrap;
  private final Admin admin;
  private final Set<String> published = new HashSet<>();

  private Site(Path folder, Jvm broker, String bootstrap) {
    this.folder = folder;
    this.broker = broker;
    this.bootstrap = bootstrap;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
  }

  /** Starts a broker with its data below {@code folder}, which is emptied at the end. */
  static Site start(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    // The cleaner would shrink the changelog that is measured, and take a core while it does; a
    // deleted topic should make room at once.
    List<String> arguments =
        List.of(
            folder.resolve("broker").toString(),
            "log.cleaner.min.compaction.lag.ms=86400000",
            "log.segment.delete.delay.ms=500",
            "group.initial.rebalance.delay.ms=0");
    Jvm broker = Jvm.bench("broker", "1g", BenchBrokerMain.class, arguments);
    try {
      String ready = broker.await("READY", Duration.ofSeconds(60));
      return new Site(folder, broker, ready.substring(ready.indexOf("READY") + 6).strip());
    } catch (RuntimeException | InterruptedException e) {
      broker.close();
      throw e;
    }
  }

  Path folder() {
    return folder;
  }

  String bootstrap() {
    return bootstrap;
  }

  long brokerPid() {
    return broker.pid();
  }

  /** Publishes the model of a size, once, and returns where its artifact is. */
  Path artifact(int hidden) throws IOException {
    Path path = folder.resolve("model-" + hidden + ".safetensors");
    if (published.add(Run.weights(false, hidden))) {
      byte[] bytes = ArtifactWriter.write(BenchModels.of(hidden));
      Files.write(path, bytes);
      publish(Run.weights(false, hidden), 1, bytes);
    }
    return path;
  }

  /** Publishes the model of tokens of a size, once. */
  void tokens(int hidden) {
    String topic = Run.weights(true, hidden);
    if (published.add(topic)) {
      publish(topic, 1, ArtifactWriter.write(BenchModels.ofTokens(hidden)));
    }
  }

  private void publish(String topic, int version, byte[] artifact) {
    var settings =
        PublisherSettings.of(Map.of("bootstrap.servers", bootstrap), topic, BenchModels.ID);
    try (var publisher = WeightsPublisher.open(settings, Clock.systemUTC())) {
      publisher.publish(artifact, version, Timeline.IMMEDIATE);
    }
  }

  /**
   * Publishes a model of a size under another version, in force at once. The window that begins
   * with the call has all of it: sending, checking, packing, warming up, and the swap.
   */
  void publish(int hidden, int version) {
    byte[] bytes = ArtifactWriter.write(BenchModels.of(hidden).withVersion(version));
    Thread.ofVirtual().start(() -> publish(Run.weights(false, hidden), version, bytes));
  }

  void createTopic(String name, int partitions, Map<String, String> settings)
      throws InterruptedException {
    NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(settings);
    get("create topic " + name, admin.createTopics(List.of(topic)).all());
  }

  /** Deletes everything of a run. */
  void delete(Run run) throws InterruptedException, IOException {
    Set<String> names = get("list topics", admin.listTopics().names());
    List<String> mine = names.stream().filter(name -> name.startsWith(run.name() + "-")).toList();
    get("delete topics", admin.deleteTopics(mine).all());
    deleteFolder(folder.resolve(run.name()));
  }

  void deleteTopic(String name) throws InterruptedException {
    get("delete topic " + name, admin.deleteTopics(List.of(name)).all());
  }

  /** Returns how many records of {@code topic} a group has processed and committed. */
  long committed(String group, String topic) throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        get(
            "ask for the offsets of " + group,
            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    long sum = 0;
    for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : offsets.entrySet()) {
      if (entry.getKey().topic().equals(topic) && entry.getValue() != null) {
        sum += entry.getValue().offset();
      }
    }
    return sum;
  }

  /** Returns the sum of the end offsets of a topic, 0 where there is none. */
  long endOffset(String topic) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (TopicPartition partition : partitions(topic)) {
      wanted.put(partition, OffsetSpec.latest());
    }
    return get("ask for the end of " + topic, admin.listOffsets(wanted).all()).values().stream()
        .mapToLong(info -> info.offset())
        .sum();
  }

  List<TopicPartition> partitions(String topic) throws InterruptedException {
    if (!get("list topics", admin.listTopics().names()).contains(topic)) {
      return List.of();
    }
    int count =
        get("describe " + topic, admin.describeTopics(List.of(topic)).allTopicNames())
            .get(topic)
            .partitions()
            .size();
    List<TopicPartition> partitions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      partitions.add(new TopicPartition(topic, i));
    }
    return partitions;
  }

  /** Returns the bytes of a topic on the broker's disk, before any compaction. */
  long bytes(String topic) throws InterruptedException {
    Map<Integer, Map<String, LogDirDescription>> folders =
        get("ask for log sizes", admin.describeLogDirs(List.of(1)).allDescriptions());
    return folders.values().stream()
        .flatMap(logs -> logs.values().stream())
        .flatMap(log -> log.replicaInfos().entrySet().stream())
        .filter(replica -> replica.getKey().topic().equals(topic))
        .mapToLong(replica -> replica.getValue().size())
        .sum();
  }

  private static <T> T get(String what, org.apache.kafka.common.KafkaFuture<T> future)
      throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Cannot " + what, e.getCause());
    }
  }

  static void deleteFolder(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(java.util.Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.deleteIfExists(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
    broker.close();
    try {
      deleteFolder(folder);
    } catch (IOException e) {
      System.err.println("Cannot delete " + folder + ": " + e.getMessage());
    }
  }
}
