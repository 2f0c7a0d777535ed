package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.registry.FollowerSettings;
import dev.sluice.registry.PublisherSettings;
import dev.sluice.registry.WeightsReader;
import java.time.Duration;
import java.util.Map;

/**
 * How the weights of a topology are reached. In one place, so that no command forgets whose models
 * are trusted.
 */
final class WeightsAccess {

  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private WeightsAccess() {}

  /** Returns what is followed, and how strictly; alike for every command that scores with it. */
  static FollowerSettings following(Topology file, Map<String, String> kafka) {
    return FollowerSettings.of(kafka, file.weights().topic(), file.modelId())
        .withTrusted(Trust.of(file));
  }

  /** Returns what is published to, and whose models may be put in force there. */
  static PublisherSettings publishing(Topology file, Map<String, String> kafka) {
    return PublisherSettings.of(kafka, file.weights().topic(), file.modelId())
        .withTrusted(Trust.of(file));
  }

  /** Looks without taking over from a publisher that is at work. */
  static WeightsReader reader(Topology file, Map<String, String> kafka) {
    return WeightsReader.open(kafka, file.weights().topic(), file.modelId()::equals, TIMEOUT);
  }
}
