package dev.sluice.train;

import dev.sluice.config.Topology;
import dev.sluice.model.Model;
import java.util.Optional;

/**
 * What is to be learned, and from what.
 *
 * @param topology what the model reads and predicts, and how it is trained
 * @param recorded the history
 * @param version of the model that results, at least 1
 * @param seed of everything random
 * @param parent a model to go on from, whose vocabularies, scales and bins are kept
 * @param code version of Sluice, for the lineage
 */
public record Task(
    Topology topology,
    Recorded recorded,
    int version,
    long seed,
    Optional<Model> parent,
    String code) {

  /** Returns the task that the topology itself describes. */
  public static Task of(Topology topology, Recorded recorded, int version, String code) {
    return new Task(
        topology, recorded, version, topology.training().seed(), Optional.empty(), code);
  }

  /** Returns this task with another seed. */
  public Task withSeed(long other) {
    return new Task(topology, recorded, version, other, parent, code);
  }

  /** Returns this task, going on from {@code model}. */
  public Task from(Model model) {
    return new Task(topology, recorded, version, seed, Optional.of(model), code);
  }
}
