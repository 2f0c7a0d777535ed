package dev.sluice.registry;

import java.time.Duration;

/** What happened to the models of a {@link WeightsFollower}. */
public sealed interface Outcome {

  /**
   * A timeline entry can be used from now on.
   *
   * @param sequence its place in the history
   * @param validFromMillis the first event time it is in force for, or {@link Timeline#IMMEDIATE}
   * @param publishedAtMillis when it was published, epoch milliseconds
   * @param what whether new weights were published or old ones put back
   */
  record InForce(
      String id,
      int version,
      long sequence,
      long validFromMillis,
      long publishedAtMillis,
      Timeline.What what)
      implements Outcome {}

  /** A version was loaded: read from the topic, checked, made ready for its first event. */
  record Loaded(String id, int version, long bytes, Duration took) implements Outcome {}

  /** A version is no use; what was in force stays in force. */
  record Refused(String id, int version, String reason) implements Outcome {}

  /** The newest timeline is no use; what was in force stays in force. */
  record TimelineRefused(String id, String reason) implements Outcome {}

  /** The topic cannot be read; what was in force stays in force, and new versions do not arrive. */
  record Unreachable(String id, String reason, Duration retryIn) implements Outcome {}

  /** The topic is read to its end and watched for more. */
  record Following(String id, String topic, long offset) implements Outcome {}
}
