package dev.sluice.registry;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads the chunks of one artifact and proves that they are what the manifest says.
 *
 * <p>Through a consumer of its own: one that follows the end of the topic has a request under way
 * that the broker answers after half a second of silence, and would have to wait for it first.
 */
final class ArtifactFetch implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<String, byte[]> consumer;
  private final TopicPartition partition;
  private final Duration timeout;

  private ArtifactFetch(
      KafkaConsumer<String, byte[]> consumer, TopicPartition partition, Duration timeout) {
    this.consumer = consumer;
    this.partition = partition;
    this.timeout = timeout;
  }

  static ArtifactFetch open(Map<String, String> kafka, TopicPartition partition, Duration timeout) {
    var consumer =
        new KafkaConsumer<>(
            ClientProperties.consumer(kafka),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(List.of(partition));
    return new ArtifactFetch(consumer, partition, timeout);
  }

  /**
   * Returns the artifact.
   *
   * @param manifest small enough to take memory for
   * @param shelf where all chunks of the manifest are
   * @throws WeightsException if a chunk is gone or has another length, or the checksum is another
   */
  byte[] artifact(Manifest manifest, Shelf shelf) {
    byte[] artifact = read(manifest, shelf);
    String found = Manifest.sha256(artifact);
    if (!found.equals(manifest.sha256())) {
      throw new WeightsException(
          what(manifest)
              + ": the SHA-256 of its "
              + manifest.size()
              + " bytes is "
              + found
              + ". "
              + manifest.sha256()
              + ", as in its manifest, is expected");
    }
    return artifact;
  }

  @Override
  public void close() {
    ClientProperties.close(consumer);
  }

  private byte[] read(Manifest manifest, Shelf shelf) {
    // In the order they lie on the topic, which is theirs unless one was written again.
    List<Integer> order =
        IntStream.range(0, manifest.chunks())
            .boxed()
            .sorted(Comparator.comparingLong(shelf::chunkOffset))
            .toList();
    byte[] artifact = memory(manifest);
    long deadline = System.nanoTime() + timeout.toNanos();
    long position = -1;
    int next = 0;
    while (next < order.size()) {
      long offset = shelf.chunkOffset(order.get(next));
      if (position != offset) {
        consumer.seek(partition, offset);
      }
      int before = next;
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL).records(partition)) {
        if (next < order.size() && record.offset() >= shelf.chunkOffset(order.get(next))) {
          copy(record, manifest, shelf, order.get(next), artifact);
          next++;
        }
      }
      position = consumer.position(partition, timeout);
      if (next > before) {
        deadline = System.nanoTime() + timeout.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw overdue(manifest, order.get(next));
      }
    }
    return artifact;
  }

  /** A heap too small for one model is a reason to refuse that model, not to stop following. */
  private static byte[] memory(Manifest manifest) {
    try {
      return new byte[(int) manifest.size()];
    } catch (OutOfMemoryError e) {
      throw new WeightsException(
          what(manifest)
              + ": no memory for its "
              + manifest.size()
              + " bytes. Give this process a larger heap",
          e);
    }
  }

  private static void copy(
      ConsumerRecord<String, byte[]> record,
      Manifest manifest,
      Shelf shelf,
      int index,
      byte[] artifact) {
    byte[] value = record.value();
    if (record.offset() != shelf.chunkOffset(index) || value == null) {
      throw new WeightsException(
          what(manifest) + ": chunk " + index + " was removed while it was being read");
    }
    int expected = manifest.chunkLength(index);
    if (value.length != expected) {
      throw new WeightsException(
          what(manifest)
              + ": chunk "
              + index
              + " has "
              + value.length
              + " bytes. "
              + expected
              + " are expected");
    }
    System.arraycopy(value, 0, artifact, index * manifest.chunkSize(), expected);
  }

  private WeightsUnreachableException overdue(Manifest manifest, int index) {
    return new WeightsUnreachableException(
        "weights topic "
            + partition.topic()
            + ": chunk "
            + index
            + " of "
            + what(manifest)
            + " does not arrive within "
            + timeout.toMillis()
            + " ms");
  }

  private static String what(Manifest manifest) {
    return manifest.id() + " version " + manifest.version();
  }
}
