package dev.sluice.app;

import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.config.ModelDecl;
import dev.sluice.config.Topology;
import dev.sluice.general.GeneralModel;
import dev.sluice.model.Model;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsException;
import dev.sluice.registry.WeightsPublisher;
import dev.sluice.registry.WeightsReader;
import dev.sluice.registry.WeightsUnreachableException;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Puts the general model in force where {@code model.start: general} asks for it and nothing was
 * published yet: on the weights topic, as the first version, so that results name it, every
 * instance has it, and a replay finds it.
 */
final class GeneralStart {

  private final Topology file;
  private final Map<String, String> kafka;
  private final Consumer<String> say;

  /**
   * Creates a start.
   *
   * @param say takes one line for each thing a person should know
   */
  GeneralStart(Topology file, Map<String, String> kafka, Consumer<String> say) {
    this.file = file;
    this.kafka = kafka;
    this.say = say;
  }

  /** Returns whether the topology asks for it. */
  boolean isWanted() {
    return file.model().start() == ModelDecl.Start.GENERAL;
  }

  /**
   * Publishes the model if nothing was published yet; of several instances, one does.
   *
   * @return whether there is a model that was not there before
   */
  boolean publish() {
    if (!isWanted() || isAnythingThere()) {
      return false;
    }
    Model model = GeneralModel.of(file, 1).orElseThrow(); // The topology was checked for it.
    try (WeightsPublisher publisher =
        WeightsPublisher.open(WeightsAccess.publishing(file, kafka), InstantSource.system())) {
      if (publisher.timeline().entries().isEmpty()) {
        publisher.publish(ArtifactWriter.write(model), model.version(), Timeline.IMMEDIATE);
        say.accept(
            "No model "
                + file.modelId()
                + " was published yet: the general model is version 1, until you train one.");
      }
      return true;
    } catch (WeightsException | WeightsUnreachableException e) {
      // Another instance may have been faster, and taken over.
      boolean isThere = isAnythingThere();
      if (!isThere) {
        say.accept("The general model could not be published: " + e.getMessage());
      }
      return isThere;
    }
  }

  /** Looks without taking over from a publisher that is at work. */
  private boolean isAnythingThere() {
    try (WeightsReader reader = WeightsAccess.reader(file, kafka)) {
      reader.refresh();
      return !reader.timeline(file.modelId()).entries().isEmpty();
    } catch (WeightsUnreachableException _) {
      return false; // As a topic that does not exist is.
    }
  }
}
