package dev.sluice.bench;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends events: as many as fit, or so many a second. */
final class Filling {

  private Filling() {}

  /** Sends {@code count} events as fast as the broker takes them. */
  static void fill(Site site, String topic, Load load, long count) {
    try (var producer = producer(site, "50")) {
      for (long i = 0; i < count; i++) {
        Load.Sent sent = load.next();
        producer.send(new ProducerRecord<>(topic, sent.key(), sent.value()));
      }
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Site site, String lingerMillis) {
    var bytes = new ByteArraySerializer();
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            site.bootstrap(),
            "linger.ms",
            lingerMillis,
            "batch.size",
            "262144",
            "buffer.memory",
            "134217728"),
        bytes,
        bytes);
  }

  /** A sender at a steady rate, until it is closed. */
  static final class Paced implements AutoCloseable {

    private static final long TICK_NANOS = 2_000_000;

    private final Thread thread;
    private volatile boolean closed;
    private volatile long late;

    Paced(Site site, String topic, Load load, double perSecond) {
      thread =
          Thread.ofPlatform()
              .name("paced")
              .daemon()
              .start(() -> run(producer(site, "2"), topic, load, perSecond));
    }

    private void run(
        KafkaProducer<byte[], byte[]> producer, String topic, Load load, double perSecond) {
      try (producer) {
        long from = System.nanoTime();
        long sent = 0;
        while (!closed) {
          long due = (long) ((System.nanoTime() - from) * 1e-9 * perSecond);
          late = Math.max(late, due - sent);
          for (; sent < due; sent++) {
            Load.Sent event = load.next();
            producer.send(new ProducerRecord<>(topic, event.key(), event.value()));
          }
          LockSupport.parkNanos(TICK_NANOS);
        }
      }
    }

    /** Returns the longest that sending was behind, in events. */
    long late() {
      return late;
    }

    @Override
    public void close() {
      closed = true;
      try {
        thread.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
