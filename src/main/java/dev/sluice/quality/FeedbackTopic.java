package dev.sluice.quality;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.registry.ClientProperties;
import dev.sluice.score.Verdicts;
import dev.sluice.score.Verdicts.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic of verdicts on alerts, read from its beginning. One partition, which keeps everything:
 * a replay needs what was said then.
 *
 * <p>A record has the key of the alert, and JSON:
 *
 * <pre>{@code
 * {"alert":"2026-11-23T14:05:00Z","surprise":9.7,"from":"2026-11-23T15:00:00Z",
 *  "until":"2026-11-30T15:00:00Z"}
 * }</pre>
 *
 * <p>Without {@code surprise} it takes back what was said before. A record that is none is passed
 * over and said so in the log: it cannot change what other records mean. For one thread.
 */
public final class FeedbackTopic implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FeedbackTopic.class);
  private static final JsonFactory JSON = new JsonFactory();
  private static final Duration POLL = Duration.ofMillis(200);

  private final String topic;
  private final Duration timeout;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private Verdicts verdicts = Verdicts.NONE;

  private FeedbackTopic(String topic, Duration timeout, KafkaConsumer<byte[], byte[]> consumer) {
    this.topic = topic;
    this.timeout = timeout;
    this.consumer = consumer;
    this.partition = new TopicPartition(topic, 0);
  }

  /**
   * Opens the topic.
   *
   * @param kafka client properties, {@code bootstrap.servers} at least
   * @param timeout how long to wait for an answer of the brokers
   * @throws ScoresException if no broker answers or there is no such topic
   */
  public static FeedbackTopic open(Map<String, String> kafka, String topic, Duration timeout) {
    var consumer =
        new KafkaConsumer<>(
            ClientProperties.consumer(kafka),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    try {
      var opened = new FeedbackTopic(topic, timeout, consumer);
      var found = consumer.partitionsFor(topic, timeout);
      if (found == null || found.isEmpty()) {
        throw new ScoresException(
            "topic "
                + topic
                + " does not exist. `sluice run` makes it; or correct alerts.feedback");
      }
      consumer.assign(List.of(opened.partition));
      consumer.seekToBeginning(List.of(opened.partition));
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
   * Takes note of everything that was said before this call.
   *
   * @throws ScoresException if the brokers do not deliver it
   */
  public Verdicts readToEnd() {
    try {
      long end = consumer.endOffsets(List.of(partition), timeout).getOrDefault(partition, 0L);
      long deadline = System.nanoTime() + timeout.toNanos();
      while (consumer.position(partition, timeout) < end) {
        poll(POLL);
        if (System.nanoTime() > deadline) {
          throw new TimeoutException("nothing comes");
        }
      }
      return verdicts;
    } catch (TimeoutException e) {
      throw unreachable(topic, timeout, e);
    }
  }

  /** Waits for more, and returns all that was said so far. */
  public Verdicts poll(Duration atMost) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(atMost)) {
      try {
        verdicts =
            verdicts.plus(
                Objects.requireNonNull(record.key(), "it has no key"),
                read(Objects.requireNonNull(record.value(), "it is empty")));
      } catch (IOException | DateTimeException | NullPointerException e) {
        LOG.atWarn()
            .addKeyValue("topic", topic)
            .addKeyValue("offset", record.offset())
            .addKeyValue("reason", e.getMessage())
            .log("Feedback passed over");
      }
    }
    return verdicts;
  }

  /** Returns the value of a record. */
  public static byte[] write(Verdict verdict) {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("alert", Instant.ofEpochMilli(verdict.alertMillis()).toString());
      if (!Double.isNaN(verdict.surprise())) {
        json.writeNumberField("surprise", verdict.surprise());
      }
      json.writeStringField("from", Instant.ofEpochMilli(verdict.fromMillis()).toString());
      json.writeStringField("until", Instant.ofEpochMilli(verdict.untilMillis()).toString());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads the value of a record; fields it does not know are passed over.
   *
   * @throws IOException if it is no verdict
   * @throws DateTimeException if a time in it is none
   */
  static Verdict read(byte[] value) throws IOException {
    @Nullable Instant alert = null;
    @Nullable Instant from = null;
    @Nullable Instant until = null;
    double surprise = Double.NaN;
    try (JsonParser json = JSON.createParser(value)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("it is no JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "alert" -> alert = Instant.parse(json.getText());
          case "from" -> from = Instant.parse(json.getText());
          case "until" -> until = Instant.parse(json.getText());
          case "surprise" -> surprise = json.getDoubleValue();
          default -> json.skipChildren();
        }
      }
    }
    if (alert == null || from == null || until == null) {
      throw new IOException("it lacks one of alert, from and until");
    }
    return new Verdict(alert.toEpochMilli(), surprise, from.toEpochMilli(), until.toEpochMilli());
  }

  @Override
  public void close() {
    ClientProperties.close(consumer);
  }

  private static ScoresException unreachable(String topic, Duration timeout, TimeoutException e) {
    return new ScoresException(
        "topic " + topic + ": no broker answers within " + timeout.toSeconds() + " s", e);
  }
}
