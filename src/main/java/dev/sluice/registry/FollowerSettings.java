package dev.sluice.registry;

import dev.sluice.artifact.TrustedKeys;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link WeightsFollower} follows, and how much it takes in.
 *
 * @param kafka client properties, {@code bootstrap.servers} at least
 * @param topic the weights topic
 * @param id the model
 * @param trusted whose signature an artifact needs; empty to trust whoever may write to the topic
 * @param maxArtifactBytes a larger artifact is refused unread
 * @param maxLoadedBytes of all artifacts loaded at a time; where the versions of the timeline add
 *     up to more, the oldest are refused
 * @param timeout how long the brokers may take for an answer, and how long they may be silent
 *     before they are asked for a sign of life
 */
public record FollowerSettings(
    Map<String, String> kafka,
    String topic,
    String id,
    Optional<TrustedKeys> trusted,
    long maxArtifactBytes,
    long maxLoadedBytes,
    Duration timeout) {

  private static final long MAX_LOADED_BYTES = 1L << 30;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Checks the settings. */
  public FollowerSettings {
    WeightsKey.requireId(id);
    kafka = Map.copyOf(kafka);
    if (maxArtifactBytes < 1 || maxLoadedBytes < maxArtifactBytes) {
      throw new IllegalArgumentException(
          "maxArtifactBytes: "
              + maxArtifactBytes
              + " of maxLoadedBytes "
              + maxLoadedBytes
              + " is out of range. Give at least 1, and at least as much for all as for one");
    }
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "timeout: brokers cannot answer in " + timeout + ". Give at least PT0.001S");
    }
  }

  /** Returns the usual limits: 256 MiB an artifact, 1 GiB together, 10 s, no signature needed. */
  public static FollowerSettings of(Map<String, String> kafka, String topic, String id) {
    return new FollowerSettings(
        kafka,
        topic,
        id,
        Optional.empty(),
        WeightsTopic.MAX_ARTIFACT_BYTES,
        MAX_LOADED_BYTES,
        TIMEOUT);
  }

  /** Returns these settings, refusing what none of {@code keys} signed; empty to refuse nothing. */
  public FollowerSettings withTrusted(Optional<TrustedKeys> keys) {
    return new FollowerSettings(kafka, topic, id, keys, maxArtifactBytes, maxLoadedBytes, timeout);
  }

  /** Returns these settings with other limits in bytes. */
  public FollowerSettings withLimits(long artifactBytes, long loadedBytes) {
    return new FollowerSettings(kafka, topic, id, trusted, artifactBytes, loadedBytes, timeout);
  }

  /** Returns these settings with another patience for the brokers. */
  public FollowerSettings withTimeout(Duration patience) {
    return new FollowerSettings(
        kafka, topic, id, trusted, maxArtifactBytes, maxLoadedBytes, patience);
  }
}
