package dev.sluice.quality;

import dev.sluice.registry.ClientProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The committed records of a topic, from some time on. Belongs to no consumer group and commits
 * nothing. For one thread at a time.
 */
final class TopicReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final String topic;
  private final Duration timeout;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  private TopicReader(
      String topic,
      Duration timeout,
      KafkaConsumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions) {
    this.topic = topic;
    this.timeout = timeout;
    this.consumer = consumer;
    this.partitions = partitions;
  }

  /**
   * Opens the topic where its records from {@code sinceMillis} on begin.
   *
   * @param kafka client properties, {@code bootstrap.servers} at least
   * @param setting of the topology that names the topic, for the message where there is none
   * @param sinceMillis epoch milliseconds, by the records' own timestamps
   * @param timeout how long to wait for an answer of the brokers
   * @throws ScoresException if no broker answers or there is no such topic
   */
  static TopicReader open(
      Map<String, String> kafka, String topic, String setting, long sinceMillis, Duration timeout) {
    Map<String, Object> properties = ClientProperties.consumer(kafka);
    // Retention may be quicker than a reader of everything; what is gone is no loss here.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    var consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      List<PartitionInfo> found = consumer.partitionsFor(topic, timeout);
      if (found == null || found.isEmpty()) {
        throw new ScoresException(
            "topic " + topic + " does not exist. `sluice run` makes it; or correct " + setting);
      }
      List<TopicPartition> partitions =
          found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
      var opened = new TopicReader(topic, timeout, consumer, partitions);
      opened.seek(sinceMillis);
      return opened;
    } catch (TimeoutException e) {
      ClientProperties.close(consumer);
      throw unreachable(topic, timeout, e);
    } catch (RuntimeException e) {
      ClientProperties.close(consumer);
      throw e;
    }
  }

  /**
   * Takes note of everything that was committed before this call.
   *
   * @param sink takes the records, each partition in its order
   * @throws ScoresException if the brokers do not deliver it
   */
  void readToEnd(Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    try {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, timeout);
      long deadline = System.nanoTime() + timeout.toNanos();
      while (!reached(ends)) {
        if (poll(POLL, sink)) {
          deadline = System.nanoTime() + timeout.toNanos();
        } else if (System.nanoTime() > deadline) {
          throw new TimeoutException("nothing comes");
        }
      }
    } catch (TimeoutException e) {
      throw unreachable(topic, timeout, e);
    }
  }

  /**
   * Waits for records.
   *
   * @return whether any came
   * @throws ScoresException if the brokers refuse to deliver any, which does not pass by itself
   */
  boolean poll(Duration atMost, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    try {
      var records = consumer.poll(atMost);
      records.forEach(sink);
      return !records.isEmpty();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw new ScoresException("topic " + topic + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    ClientProperties.close(consumer);
  }

  private void seek(long sinceMillis) {
    consumer.assign(partitions);
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, Math.max(0, sinceMillis)));
    Map<TopicPartition, OffsetAndTimestamp> firsts = consumer.offsetsForTimes(times, timeout);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, timeout);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp first = firsts.get(partition);
      long end = ends.getOrDefault(partition, 0L);
      consumer.seek(partition, first == null ? end : first.offset());
    }
  }

  private boolean reached(Map<TopicPartition, Long> ends) {
    return partitions.stream()
        .allMatch(p -> consumer.position(p, timeout) >= ends.getOrDefault(p, 0L));
  }

  private static ScoresException unreachable(String topic, Duration timeout, TimeoutException e) {
    return new ScoresException(
        "topic " + topic + ": no broker answers within " + timeout.toSeconds() + " s", e);
  }
}
