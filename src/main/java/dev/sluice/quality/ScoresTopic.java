package dev.sluice.quality;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The committed results of a stream, read back. Belongs to no consumer group and commits nothing.
 * For one thread.
 *
 * <p>A result's record has the timestamp of its event's record, which for a live stream is about
 * the time at which it was made: that is the clock of {@code since} and of {@code last}.
 */
public final class ScoresTopic implements AutoCloseable {

  private final TopicReader reader;

  private ScoresTopic(TopicReader reader) {
    this.reader = reader;
  }

  /**
   * Opens the topic where its results from {@code sinceMillis} on begin.
   *
   * @param kafka client properties, {@code bootstrap.servers} at least
   * @param sinceMillis epoch milliseconds
   * @param timeout how long to wait for an answer of the brokers
   * @throws ScoresException if no broker answers or there is no such topic
   */
  public static ScoresTopic open(
      Map<String, String> kafka, String topic, long sinceMillis, Duration timeout) {
    return new ScoresTopic(TopicReader.open(kafka, topic, "output.scores", sinceMillis, timeout));
  }

  /**
   * Takes note of everything that was committed before this call.
   *
   * @param sink takes the results, each partition in its order
   * @throws ScoresException if the brokers do not deliver it
   */
  public void readToEnd(Consumer<Scored> sink) {
    reader.readToEnd(record -> take(record, sink));
  }

  /**
   * Waits for results.
   *
   * @return whether any came
   * @throws ScoresException if the brokers refuse to deliver any, which does not pass by itself
   */
  public boolean poll(Duration atMost, Consumer<Scored> sink) {
    return reader.poll(atMost, record -> take(record, sink));
  }

  private static void take(ConsumerRecord<byte[], byte[]> record, Consumer<Scored> sink) {
    if (record.key() != null && record.value() != null) {
      Scored.parse(record.key(), record.value()).ifPresent(sink);
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
