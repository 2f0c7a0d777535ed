package dev.sluice.app;

import dev.sluice.artifact.ArtifactException;
import dev.sluice.artifact.ArtifactReader;
import dev.sluice.config.Topology;
import dev.sluice.model.Lineage;
import dev.sluice.registry.Manifest;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsException;
import dev.sluice.registry.WeightsReader;
import dev.sluice.registry.WeightsTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the weights topic says of one model.
 *
 * @param topic the weights topic
 * @param timeline what was published and rolled back
 * @param inForce the version in force for events of now; empty before the first publication
 * @param versions all there is a manifest of, ascending
 */
record VersionList(
    String topic, Timeline timeline, Optional<Integer> inForce, List<Version> versions) {

  VersionList {
    versions = List.copyOf(versions);
  }

  /**
   * One version.
   *
   * @param lineage empty where its weights are removed or no use
   * @param problem why; empty where they are as they should be
   */
  record Version(Manifest manifest, Optional<Lineage> lineage, String problem) {}

  /** Reads every artifact whole, which proves on the way that it can be read. */
  static VersionList read(WeightsReader reader, Topology file, long nowMillis) {
    String id = file.modelId();
    Timeline timeline = reader.timeline(id);
    List<Version> versions = new ArrayList<>();
    for (Manifest manifest : reader.manifests(id).values()) {
      versions.add(version(reader, manifest));
    }
    Optional<Integer> inForce = timeline.inForce(nowMillis).map(Timeline.Entry::version);
    return new VersionList(file.weights().topic(), timeline, inForce, versions);
  }

  private static Version version(WeightsReader reader, Manifest manifest) {
    String id = manifest.id();
    int version = manifest.version();
    try {
      byte[] artifact = reader.artifact(id, version, WeightsTopic.MAX_ARTIFACT_BYTES);
      Lineage lineage = ArtifactReader.read(artifact, id + " version " + version).lineage();
      return new Version(manifest, Optional.of(lineage), "");
    } catch (WeightsException | ArtifactException e) {
      return new Version(manifest, Optional.empty(), String.valueOf(e.getMessage()));
    }
  }
}
