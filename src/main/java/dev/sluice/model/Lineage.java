package dev.sluice.model;

import java.util.Map;

/**
 * Where a model comes from. Holds nothing that differs between two trainings of the same history
 * with the same seed, so that they give the same bytes.
 *
 * @param source the file or topic that was learned from, with the offsets where it was a topic
 * @param events events learned from
 * @param seed of the initial weights and of the order of learning
 * @param parentVersion the version that training began from, 0 where it began anew
 * @param code version of Sluice that trained it
 * @param metrics what was measured, by name, for example {@code validationNats}; iteration order is
 *     the order of writing
 */
public record Lineage(
    String source,
    long events,
    long seed,
    int parentVersion,
    String code,
    Map<String, Double> metrics) {

  /** Keeps a copy of the metrics in their order. */
  public Lineage {
    metrics = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(metrics));
  }
}
