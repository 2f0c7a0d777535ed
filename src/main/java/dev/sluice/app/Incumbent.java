package dev.sluice.app;

import dev.sluice.artifact.ArtifactException;
import dev.sluice.artifact.ArtifactReader;
import dev.sluice.config.Topology;
import dev.sluice.model.Model;
import dev.sluice.registry.Manifest;
import dev.sluice.registry.Pin;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsException;
import dev.sluice.registry.WeightsPublisher;
import dev.sluice.registry.WeightsReader;
import dev.sluice.registry.WeightsTopic;
import dev.sluice.train.Evaluation;
import dev.sluice.train.History;
import dev.sluice.train.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The version that was published last: what a new one has to beat. */
final class Incumbent {

  private Incumbent() {}

  /**
   * Evaluates it on the validation part of a history.
   *
   * @param say is told why it cannot be evaluated, where that is so
   * @return its version and what it is worth; empty where there is none or it cannot be evaluated
   */
  static Optional<Rival> evaluate(
      Topology file,
      Map<String, String> kafka,
      WeightsPublisher publisher,
      Held held,
      Consumer<String> say) {
    Timeline timeline = publisher.timeline();
    if (timeline.entries().isEmpty()) {
      return Optional.empty();
    }
    int version = newest(timeline);
    try {
      Model model = load(file, kafka, version);
      return Optional.of(new Rival(version, Evaluation.of(model, held.history(), held.split())));
    } catch (WeightsException | ArtifactException | Complaint e) {
      say.accept("Version " + version + " cannot be compared with: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Events held back from training. */
  record Held(History history, Split split) {}

  /** A version and what it is worth. */
  record Rival(int version, Evaluation evaluation) {}

  /** While a version is pinned, what waits counts: it will be in force. */
  static int newest(Timeline timeline) {
    List<Integer> waiting = timeline.pin().map(Pin::held).orElse(List.of());
    return waiting.isEmpty() ? timeline.entries().getLast().version() : waiting.getLast();
  }

  /**
   * Reads a version from the topic.
   *
   * @throws WeightsException if its weights are gone or damaged
   * @throws ArtifactException if they are no model
   * @throws Complaint if it does not fit the topology
   */
  static Model load(Topology file, Map<String, String> kafka, int version) {
    String id = file.modelId();
    String where = id + " version " + version;
    try (WeightsReader reader = WeightsAccess.reader(file, kafka)) {
      reader.refresh();
      Manifest manifest = reader.manifests(id).get(version);
      if (manifest != null) {
        Trust.of(file).ifPresent(manifest::requireSignedBy);
      }
      byte[] artifact = reader.artifact(id, version, WeightsTopic.MAX_ARTIFACT_BYTES);
      return ModelFiles.fitting(ArtifactReader.read(artifact, where), file, where);
    }
  }
}
