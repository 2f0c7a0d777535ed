package dev.sluice.registry;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed records of the weights topic: keeps a catalogue of where everything is, and
 * fetches one artifact at a time, checked.
 *
 * <p>Artifacts are read a second time instead of being kept while they pass by, because only the
 * timeline, which comes last, says which are wanted. Memory is therefore one artifact plus eight
 * bytes a chunk, whatever the topic holds. Belongs to no consumer group, commits nothing, disturbs
 * no publisher. For one thread at a time.
 */
public final class WeightsReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final int MAX_MODELS = 1024;

  private final KafkaConsumer<String, byte[]> consumer;
  private final TopicPartition partition;
  private final Predicate<String> wanted;
  private final Duration timeout;
  private final Map<String, String> kafka;
  private final Map<String, Catalog> catalogs = new TreeMap<>();

  private WeightsReader(
      KafkaConsumer<String, byte[]> consumer,
      TopicPartition partition,
      Predicate<String> wanted,
      Duration timeout,
      Map<String, String> kafka) {
    this.kafka = kafka;
    this.consumer = consumer;
    this.partition = partition;
    this.wanted = wanted;
    this.timeout = timeout;
  }

  /**
   * Opens the topic; {@link #refresh()} then reads it.
   *
   * @param kafka client properties, {@code bootstrap.servers} at least
   * @param wanted which models to take note of
   * @param timeout how long to wait for an answer of the brokers, here and in every other method
   * @throws WeightsUnreachableException if no broker answers or the topic does not exist
   */
  public static WeightsReader open(
      Map<String, String> kafka, String topic, Predicate<String> wanted, Duration timeout) {
    var consumer =
        new KafkaConsumer<>(
            ClientProperties.consumer(kafka),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    var partition = new TopicPartition(topic, 0);
    try {
      requireTopic(consumer, topic, timeout, kafka);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      return new WeightsReader(consumer, partition, wanted, timeout, kafka);
    } catch (RuntimeException e) {
      ClientProperties.close(consumer);
      throw e;
    }
  }

  /** Reads to the end of what is committed now. */
  public void refresh() {
    try {
      readTo(consumer.endOffsets(List.of(partition), timeout).getOrDefault(partition, 0L));
    } catch (TimeoutException e) {
      throw unreachable("its end is not known", e);
    }
  }

  /** Returns the models there is anything of, in alphabetical order. */
  public List<String> ids() {
    return List.copyOf(catalogs.keySet());
  }

  /**
   * Returns what was published of a model so far; empty if nothing was.
   *
   * @throws WeightsException if the stored timeline is unreadable
   */
  public Timeline timeline(String id) {
    Catalog catalog = catalog(id);
    catalog
        .timelineProblem()
        .ifPresent(
            problem -> {
              throw new WeightsException(problem);
            });
    return catalog.timeline();
  }

  /** Returns the readable manifests of a model by version, ascending. */
  public SequencedMap<Integer, Manifest> manifests(String id) {
    SequencedMap<Integer, Manifest> manifests = new TreeMap<>();
    catalog(id)
        .shelves()
        .forEach(
            (version, shelf) -> {
              Manifest manifest = shelf.manifest();
              if (manifest != null) {
                manifests.put(version, manifest);
              }
            });
    return Collections.unmodifiableSequencedMap(manifests);
  }

  /** Returns whether all weights of a version are still there, as far as can be told unread. */
  public boolean isComplete(String id, int version) {
    Shelf shelf = catalog(id).shelves().get(version);
    Manifest manifest = shelf == null ? null : shelf.manifest();
    return shelf != null && manifest != null && shelf.firstMissing(manifest) == manifest.chunks();
  }

  /**
   * Fetches the artifact of a version and checks its size and checksum.
   *
   * @param maxBytes a larger one is refused before memory is taken for it
   * @throws WeightsException saying what is missing or wrong
   * @throws WeightsUnreachableException if the brokers do not deliver it in time
   */
  public byte[] artifact(String id, int version, long maxBytes) {
    Shelf shelf = catalog(id).shelves().get(version);
    Manifest manifest = shelf == null ? null : shelf.manifest();
    if (shelf == null || manifest == null) {
      throw new WeightsException(whyNoManifest(id, version));
    }
    requireWhole(manifest, shelf, maxBytes);
    try (var fetch = ArtifactFetch.open(kafka, partition, timeout)) {
      return fetch.artifact(manifest, shelf);
    }
  }

  @Override
  public void close() {
    ClientProperties.close(consumer);
  }

  /** Waits for new records and takes note of them; returns whether there were any. */
  boolean poll(Duration atMost) {
    ConsumerRecords<String, byte[]> records = consumer.poll(atMost);
    records.forEach(this::apply);
    return !records.isEmpty();
  }

  /** Reads until offset {@code end} is the next. */
  void readTo(long end) {
    long deadline = System.nanoTime() + timeout.toNanos();
    long before = position();
    while (before < end) {
      poll(POLL);
      long now = position();
      if (now > before) {
        deadline = System.nanoTime() + timeout.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw unreachable(
            "nothing comes after offset "
                + now
                + " of "
                + end
                + " (a publication that broke off holds readers up for two minutes)",
            null);
      }
      before = now;
    }
  }

  /**
   * Asks the brokers for a sign of life.
   *
   * @throws WeightsUnreachableException if there is none
   */
  void ping() {
    try {
      consumer.endOffsets(List.of(partition), timeout);
    } catch (TimeoutException e) {
      throw unreachable("no broker answers", e);
    }
  }

  /** Returns the offset of the next record. */
  long position() {
    try {
      return consumer.position(partition, timeout);
    } catch (TimeoutException e) {
      throw unreachable("no broker answers", e);
    }
  }

  /** Returns why a version has no manifest that can be read. */
  String whyNoManifest(String id, int version) {
    Shelf shelf = catalog(id).shelves().get(version);
    String problem = shelf == null ? null : shelf.problem();
    return problem != null
        ? problem
        : id + " version " + version + ": there is no manifest on topic " + partition.topic();
  }

  /** Returns what is known about a model. */
  Catalog catalog(String id) {
    return catalogs.getOrDefault(id, new Catalog(id));
  }

  private void apply(ConsumerRecord<String, byte[]> record) {
    String text = record.key();
    Optional<WeightsKey> key = text == null ? Optional.empty() : WeightsKey.parse(text);
    if (key.isEmpty() || !wanted.test(key.get().id())) {
      return;
    }
    Catalog catalog = catalogs.get(key.get().id());
    if (catalog == null && catalogs.size() < MAX_MODELS) {
      catalog = new Catalog(key.get().id());
      catalogs.put(key.get().id(), catalog);
    }
    if (catalog != null) {
      catalog.apply(key.get(), record.value(), record.offset());
    }
  }

  private void requireWhole(Manifest manifest, Shelf shelf, long maxBytes) {
    if (manifest.size() > maxBytes) {
      throw new WeightsException(
          what(manifest)
              + ": "
              + manifest.size()
              + " bytes are too many. At most "
              + maxBytes
              + " are expected");
    }
    int missing = shelf.firstMissing(manifest);
    if (missing < manifest.chunks()) {
      throw new WeightsException(
          what(manifest)
              + ": chunk "
              + missing
              + " is missing. Chunks 0 to "
              + (manifest.chunks() - 1)
              + " are expected; publish the version again");
    }
  }

  private WeightsUnreachableException unreachable(String what, @Nullable Exception cause) {
    String message =
        "weights topic "
            + partition.topic()
            + ": "
            + what
            + " within "
            + timeout.toMillis()
            + " ms";
    return cause == null
        ? new WeightsUnreachableException(message)
        : new WeightsUnreachableException(message, cause);
  }

  private static String what(Manifest manifest) {
    return manifest.id() + " version " + manifest.version();
  }

  private static void requireTopic(
      KafkaConsumer<String, byte[]> consumer,
      String topic,
      Duration timeout,
      Map<String, String> kafka) {
    try {
      List<PartitionInfo> partitions = consumer.partitionsFor(topic, timeout);
      if (partitions == null || partitions.isEmpty()) {
        throw new WeightsUnreachableException(
            "weights topic "
                + topic
                + " does not exist on "
                + ClientProperties.servers(kafka)
                + ". Publish a model to create it: sluice models publish");
      }
    } catch (TimeoutException e) {
      throw new WeightsUnreachableException(
          "weights topic "
              + topic
              + ": no broker answers at "
              + ClientProperties.servers(kafka)
              + " within "
              + timeout.toMillis()
              + " ms. Check kafka.bootstrap.servers and the network",
          e);
    }
  }
}
