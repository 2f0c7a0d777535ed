package dev.sluice.quality;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.score.Verdicts;
import dev.sluice.score.Verdicts.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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

  private final String topic;
  private final TopicReader reader;
  private Verdicts verdicts = Verdicts.NONE;

  private FeedbackTopic(String topic, TopicReader reader) {
    this.topic = topic;
    this.reader = reader;
  }

  /**
   * Opens the topic.
   *
   * @param kafka client properties, {@code bootstrap.servers} at least
   * @param timeout how long to wait for an answer of the brokers
   * @throws ScoresException if no broker answers or there is no such topic
   */
  public static FeedbackTopic open(Map<String, String> kafka, String topic, Duration timeout) {
    return new FeedbackTopic(topic, TopicReader.open(kafka, topic, "alerts.feedback", 0, timeout));
  }

  /**
   * Takes note of everything that was said before this call, and returns all of it.
   *
   * @throws ScoresException if the brokers do not deliver it
   */
  public Verdicts readToEnd() {
    reader.readToEnd(this::take);
    return verdicts;
  }

  /**
   * Waits for more, and returns all that was said so far.
   *
   * @throws ScoresException if the brokers refuse to deliver it
   */
  public Verdicts poll(Duration atMost) {
    reader.poll(atMost, this::take);
    return verdicts;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
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
    reader.close();
  }
}
