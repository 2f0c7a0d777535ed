package dev.sluice.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads committed results as they become visible. A result has the timestamp of its event, which is
 * when the broker appended it: the difference to now is the latency of the whole.
 */
final class Arrivals implements AutoCloseable {

  private static final int MOST_MILLIS = 120_000;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private final int[] histogram = new int[MOST_MILLIS + 1];
  private final long[] lastNanos;
  private volatile boolean closed;

  Arrivals(Site site, String topic) throws InterruptedException {
    var bytes = new ByteArrayDeserializer();
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", site.bootstrap(),
                "isolation.level", "read_committed",
                "max.poll.records", "10000",
                "enable.auto.commit", "false"),
            bytes,
            bytes);
    List<TopicPartition> partitions = site.partitions(topic);
    lastNanos = new long[partitions.size()];
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    thread = Thread.ofPlatform().name("arrivals").daemon().start(this::run);
  }

  private void run() {
    try (consumer) {
      while (!closed) {
        var records = consumer.poll(Duration.ofMillis(100));
        long now = System.currentTimeMillis();
        long nanos = System.nanoTime();
        synchronized (this) {
          for (ConsumerRecord<byte[], byte[]> record : records) {
            histogram[Math.clamp(now - record.timestamp(), 0, MOST_MILLIS)]++;
            lastNanos[record.partition()] = nanos;
          }
          notifyAll();
        }
      }
    }
  }

  /** Forgets all latencies so far. */
  synchronized void begin() {
    java.util.Arrays.fill(histogram, 0);
  }

  synchronized long count() {
    return java.util.Arrays.stream(histogram).asLongStream().sum();
  }

  /** Returns the latency that a share of the results did not exceed, in milliseconds. */
  synchronized double quantile(double share) {
    long wanted = (long) Math.ceil(share * count());
    long seen = 0;
    for (int millis = 0; millis < histogram.length; millis++) {
      seen += histogram[millis];
      if (seen >= wanted && seen > 0) {
        return millis;
      }
    }
    return Double.NaN;
  }

  /** Waits until every partition has had a result after {@code nanos}. */
  synchronized boolean awaitAllAfter(long nanos, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (java.util.Arrays.stream(lastNanos).anyMatch(last -> last < nanos)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      wait(20);
    }
    return true;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
