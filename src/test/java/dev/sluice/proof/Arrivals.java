package dev.sluice.proof;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic as it is committed, and notes which moment's events have a result when. */
final class Arrivals implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<Integer, Seen> newest = new TreeMap<>();
  private final Thread thread;
  private volatile boolean closed;
  private long sinceMillis;

  /** The first result of an event sent since the moment that is waited for. */
  private record Seen(long sentMillis, long arrivedNanos) {}

  private Arrivals(KafkaConsumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
    this.thread = Thread.ofPlatform().name("arrivals").daemon().start(this::run);
  }

  /** Begins to read a topic from its end; its results are written to their event's partition. */
  static Arrivals of(String bootstrap, String topic) {
    Map<String, Object> properties =
        Map.of(
            "bootstrap.servers", bootstrap,
            "isolation.level", "read_committed",
            "fetch.max.wait.ms", "20",
            "enable.auto.commit", "false");
    var bytes = new ByteArrayDeserializer();
    var consumer = new KafkaConsumer<>(properties, bytes, bytes);
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic, Duration.ofSeconds(60)).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    return new Arrivals(consumer);
  }

  private void run() {
    try (consumer) {
      while (!closed) {
        var records = consumer.poll(Duration.ofMillis(50));
        long now = System.nanoTime();
        records.forEach(record -> take(record, now));
      }
    }
  }

  private synchronized void take(ConsumerRecord<byte[], byte[]> record, long now) {
    String source =
        new String(
            record.headers().lastHeader("sluice-source").value(),
            java.nio.charset.StandardCharsets.UTF_8);
    int partition = Integer.parseInt(source.split("/")[1]);
    // A result has the time of its event's record.
    if (record.timestamp() >= sinceMillis && !newest.containsKey(partition)) {
      newest.put(partition, new Seen(record.timestamp(), now));
      notifyAll();
    }
  }

  /**
   * Waits until each partition has a result of an event that was sent at {@code millis} or later.
   *
   * @return when the last of the first ones arrived, in nanoseconds
   */
  synchronized long awaitEach(Set<Integer> partitions, long millis, Duration patience)
      throws InterruptedException {
    sinceMillis = millis;
    newest.clear();
    long deadline = System.nanoTime() + patience.toNanos();
    while (!newest.keySet().containsAll(partitions)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(
            "no results within " + patience + " of partitions " + partitions + ": " + newest);
      }
      wait(left);
    }
    return partitions.stream().mapToLong(p -> newest.get(p).arrivedNanos()).max().orElseThrow();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
