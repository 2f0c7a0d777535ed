package dev.sluice.app;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How {@code sluice train} goes on, if it does. */
final class FollowOptions {

  @Option(
      names = "--follow",
      description = {
        "Stay: train again and again from the topic, and publish what predicts the held-out part"
            + " better than the version that was published last."
      })
  private boolean follow;

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      defaultValue = "6h",
      converter = Durations.class,
      description = "With --follow: how often (${DEFAULT-VALUE}).")
  private Duration every;

  @Option(
      names = "--last",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = {
        "With --follow: learn from what came in so long, such as 30d; otherwise from everything."
      })
  private @Nullable Duration last;

  @Option(
      names = "--anew",
      description = {
        "With --follow: begin anew each time, with new scales, bins and vocabularies, in place of"
            + " going on from the version that was published last."
      })
  private boolean anew;

  @Option(
      names = "--on-drift",
      description = {
        "With --follow: train only when `sluice models drift` would find drift in the last 24 h,"
            + " which is looked at that often."
      })
  private boolean onDrift;

  @Option(
      names = "--min-gain",
      paramLabel = "NATS",
      defaultValue = "0",
      description = {
        "With --follow: by how many nats an event a model has to be better to be published"
            + " (${DEFAULT-VALUE})."
      })
  private double minGain;

  boolean isWanted() {
    return follow;
  }

  Duration every() {
    return every;
  }

  boolean isOnDrift() {
    return onDrift;
  }

  boolean isAnew() {
    return anew;
  }

  double minGain() {
    return minGain;
  }

  /** Returns the first time of records to learn from, epoch milliseconds. */
  long sinceMillis(Instant now) {
    return last == null ? Long.MIN_VALUE : now.minus(last).toEpochMilli();
  }
}
