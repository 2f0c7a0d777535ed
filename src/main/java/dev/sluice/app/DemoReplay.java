package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.app.DemoSeries.Reading;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends readings to the demo's input topic, all at once or at a pace. */
final class DemoReplay implements AutoCloseable {

  /** What goes wrong in the demo, now and then: none of these is an event. */
  private static final List<String> BROKEN =
      List.of(
          "{\"at\": \"2001-05-01T00:00:00Z\", \"value\": ",
          "{\"at\": \"2001-05-01T00:00:00Z\"}",
          "{\"at\": \"2001-05-01T00:00:00Z\", \"value\": \"many\"}",
          "{\"at\": \"2001-05-01T00:00:00Z\", \"value\": 1e999}",
          "{\"at\": \"the day before yesterday\", \"value\": 1}");

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private long sent;
  private long broken;
  private volatile @Nullable Exception failure;

  DemoReplay(String bootstrap, String topic) {
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "linger.ms", "5", "batch.size", "262144"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Sends one reading. */
  void send(Reading reading) {
    send(reading.key(), reading.json());
  }

  /** Sends something that is no event, under the key of {@code near}. */
  void sendBroken(Reading near) {
    String text = BROKEN.get((int) (broken % BROKEN.size()));
    send(near.key(), text.getBytes(UTF_8));
    broken++;
  }

  private void send(String key, byte[] value) {
    var record = new ProducerRecord<>(topic, key.getBytes(UTF_8), value);
    Future<?> _ = producer.send(record, (_, e) -> failure = e == null ? failure : e);
    sent++;
  }

  /** Returns once everything is with the broker. */
  void flush() {
    producer.flush();
    Exception e = failure;
    if (e != null) {
      throw new Complaint("Cannot send to topic " + topic + ": " + e.getMessage());
    }
  }

  /** Returns the records sent so far, broken ones included. */
  long sent() {
    return sent;
  }

  /** Returns the broken ones among them. */
  long broken() {
    return broken;
  }

  @Override
  public void close() {
    producer.close();
  }
}
