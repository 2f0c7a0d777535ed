package dev.sluice.registry;

import dev.sluice.artifact.TrustedKeys;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link WeightsPublisher} publishes, and where.
 *
 * @param kafka client properties, {@code bootstrap.servers} at least
 * @param topic the weights topic, created if it is missing
 * @param id the model
 * @param replication copies of each record of a topic that is created, 1 to 32767; 0 leaves it to
 *     the broker
 * @param lead how long after its publication a model takes over by default, so that all who score
 *     with it have it by then
 * @param timeout how long the brokers may take for an answer
 * @param trusted whose signature those who follow need, so that nothing is put in force that they
 *     would refuse; empty if they trust whoever may write to the topic
 */
public record PublisherSettings(
    Map<String, String> kafka,
    String topic,
    String id,
    int replication,
    Duration lead,
    Duration timeout,
    Optional<TrustedKeys> trusted) {

  private static final Duration LEAD = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** Checks the settings. */
  public PublisherSettings {
    WeightsKey.requireId(id);
    kafka = Map.copyOf(kafka);
    if (replication < 0 || replication > Short.MAX_VALUE) {
      throw new IllegalArgumentException(
          "replication: "
              + replication
              + " is out of range. Give 0 for the broker's default, or 1 to "
              + Short.MAX_VALUE);
    }
    if (lead.isNegative() || timeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "lead "
              + lead
              + ", timeout "
              + timeout
              + " are out of range. Give a lead of at least PT0S and a timeout of at least"
              + " PT0.001S");
    }
  }

  /** Returns the broker's replication, a lead of 10 s, a patience of 15 s, no signature needed. */
  public static PublisherSettings of(Map<String, String> kafka, String topic, String id) {
    return new PublisherSettings(kafka, topic, id, 0, LEAD, TIMEOUT, Optional.empty());
  }

  /** Returns these settings, putting in force only what one of {@code keys} signed. */
  public PublisherSettings withTrusted(Optional<TrustedKeys> keys) {
    return new PublisherSettings(kafka, topic, id, replication, lead, timeout, keys);
  }
}
