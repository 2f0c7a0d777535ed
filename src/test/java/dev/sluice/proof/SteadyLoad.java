package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Sends events of all keys in turn, so many a second, on a thread of its own. */
final class SteadyLoad implements AutoCloseable {

  private static final long FIRST_MILLIS = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();
  private static final int BURSTS_A_SECOND = 100;

  private final Stage stage;
  private final KafkaProducer<byte[], byte[]> producer;
  private final int keys;
  private final int partitions;
  private final AtomicLong sent = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  /** Prepares the load; it begins with {@link #everyKeyOnce}. */
  SteadyLoad(Stage stage, int keys, int partitions, int rate) {
    this.stage = stage;
    this.producer = stage.producer();
    this.keys = keys;
    this.partitions = partitions;
    this.thread = Thread.ofPlatform().name("load").daemon().unstarted(() -> run(rate));
  }

  /** Gives every key a memory, and goes on at the rate. */
  void everyKeyOnce() {
    for (int i = 0; i < keys; i++) {
      sendNext();
    }
    producer.flush();
    thread.start();
  }

  /** Returns how many events were sent. */
  int sent() {
    return Math.toIntExact(sent.get());
  }

  private void sendNext() {
    long i = sent.getAndIncrement();
    int number = (int) (i % keys);
    String key = "k" + number;
    String value =
        "{\"key\":\""
            + key
            + "\",\"at\":\""
            + Instant.ofEpochMilli(FIRST_MILLIS + i)
            + "\",\"value\":"
            + (number % 100 + i % 7)
            + "}";
    stage.send(
        producer,
        new Events.Sent(number % partitions, 0, key.getBytes(UTF_8), value.getBytes(UTF_8)));
  }

  private void run(int rate) {
    long began = System.nanoTime();
    long base = sent.get();
    try {
      while (!closed) {
        long due = (System.nanoTime() - began) * rate / 1_000_000_000L;
        while (sent.get() - base < due) {
          sendNext();
        }
        Thread.sleep(1000 / BURSTS_A_SECOND);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends no more; what was sent is on the topic then. */
  void stop() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.flush();
  }

  @Override
  public void close() {
    stop();
    producer.close();
  }
}
