package dev.sluice.model;

import java.util.Map;
import java.util.Optional;

/**
 * Where a model comes from. Holds nothing that differs between two trainings of the same history
 * with the same seed, so that they give the same bytes.
 *
 * @param source the file or topic that was learned from, with the offsets where it was a topic
 * @param events events learned from
 * @param seed of the initial weights and of the order of learning
 * @param parentVersion the version that training began from, 0 where it began anew
 * @param code version of Sluice that trained it
 * @param metrics what was measured, by name, for example {@link #VALIDATION_NATS}; iteration order
 *     is the order of writing
 */
public record Lineage(
    String source,
    long events,
    long seed,
    int parentVersion,
    String code,
    Map<String, Double> metrics,
    Optional<Profile> profile) {

  /** The metric that says how surprising the held-out events are, in nats an event. */
  public static final String VALIDATION_NATS = "validationNats";

  /** Creates a lineage without a profile. */
  public Lineage(
      String source,
      long events,
      long seed,
      int parentVersion,
      String code,
      Map<String, Double> metrics) {
    this(source, events, seed, parentVersion, code, metrics, Optional.empty());
  }

  /** Keeps a copy of the metrics in their order. */
  public Lineage {
    metrics = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(metrics));
  }
}
