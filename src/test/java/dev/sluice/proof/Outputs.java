package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the committed records of the output topics, all the time, and notes when they came. */
final class Outputs implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, List<Found>> found = new TreeMap<>();
  private final Map<Integer, Long> lastNanosOf = new TreeMap<>();
  private final Consumer<Found> listener;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;
  private long lastNanos = System.nanoTime();

  /**
   * A committed record.
   *
   * @param partition of the input topic that its event was read from
   * @param offset of the event in that partition
   * @param arrivedNanos when it could be read
   */
  record Found(
      int partition, long offset, ConsumerRecord<byte[], byte[]> record, long arrivedNanos) {

    /** Returns its value. */
    String text() {
      return new String(record.value(), UTF_8);
    }

    /** Returns the text of a header, or null. */
    @Nullable String header(String name) {
      Header header = record.headers().lastHeader(name);
      return header == null ? null : new String(header.value(), UTF_8);
    }
  }

  private Outputs(
      KafkaConsumer<byte[], byte[]> consumer, List<String> kept, Consumer<Found> listener) {
    this.consumer = consumer;
    this.listener = listener;
    kept.forEach(topic -> found.put(topic, new ArrayList<>()));
    this.thread = Thread.ofPlatform().name("outputs").start(this::run);
  }

  /** Begins to read topics, which must be there, from their beginning, and keeps what it reads. */
  static Outputs of(String bootstrap, List<String> topics) {
    return new Outputs(consumer(bootstrap, topics), topics, _ -> {});
  }

  /** Begins to read topics, which must be there, from their beginning, and keeps nothing. */
  static Outputs to(String bootstrap, List<String> topics, Consumer<Found> listener) {
    return new Outputs(consumer(bootstrap, topics), List.of(), listener);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap, List<String> topics) {
    Map<String, Object> properties =
        Map.of(
            "bootstrap.servers", bootstrap,
            "isolation.level", "read_committed",
            "fetch.max.wait.ms", "50",
            "enable.auto.commit", "false");
    var bytes = new ByteArrayDeserializer();
    var consumer = new KafkaConsumer<>(properties, bytes, bytes);
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      for (PartitionInfo partition : consumer.partitionsFor(topic, Duration.ofSeconds(60))) {
        partitions.add(new TopicPartition(topic, partition.partition()));
      }
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  private void run() {
    try (consumer) {
      while (!closed) {
        var records = consumer.poll(Duration.ofMillis(100));
        long now = System.nanoTime();
        records.forEach(record -> take(record, now));
      }
    } catch (WakeupException e) {
      assert closed : "woken up for no reason";
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private synchronized void take(ConsumerRecord<byte[], byte[]> record, long now) {
    Header source = record.headers().lastHeader("sluice-source");
    String[] place = new String(source.value(), UTF_8).split("/");
    int partition = Integer.parseInt(place[1]);
    long offset = Long.parseLong(place[2]);
    Found one = new Found(partition, offset, record, now);
    List<Found> kept = found.get(record.topic());
    if (kept != null) {
      kept.add(one);
    }
    listener.accept(one);
    lastNanos = now;
    lastNanosOf.put(partition, now);
    notifyAll();
  }

  /** Returns what a topic holds so far, each partition in its order. */
  synchronized List<Found> of(String topic) {
    return List.copyOf(found.get(topic));
  }

  synchronized int count() {
    return found.values().stream().mapToInt(List::size).sum();
  }

  /** Waits until every input partition has had a record after {@code nanos}. */
  synchronized void awaitAllAfter(long nanos, int partitions, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < deadline && !allAfter(nanos, partitions)) {
      wait(50);
    }
  }

  /** Returns whether every input partition has had a record after {@code nanos}. */
  synchronized boolean areAllAfter(long nanos, int partitions) {
    return allAfter(nanos, partitions);
  }

  private void requireReading() {
    if (failure != null) {
      throw new IllegalStateException("The outputs cannot be read", failure);
    }
  }

  private boolean allAfter(long nanos, int partitions) {
    return IntStream.range(0, partitions)
        .allMatch(partition -> lastNanosOf.getOrDefault(partition, 0L) > nanos);
  }

  /** Waits until there are {@code count} records in all, or nothing came for {@code silence}. */
  void awaitCount(int count, Duration silence) throws InterruptedException {
    await(() -> count() >= count, silence);
  }

  /** Waits until something holds, or nothing came for {@code silence}. */
  synchronized void await(BooleanSupplier done, Duration silence) throws InterruptedException {
    long from = System.nanoTime();
    while (!done.getAsBoolean()
        && System.nanoTime() - Math.max(from, lastNanos) < silence.toNanos()) {
      requireReading();
      wait(100);
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
