package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.model.Model;
import dev.sluice.registry.Bootstrap;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.ModelSource;
import dev.sluice.registry.Models;
import dev.sluice.registry.Outcome;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsFollower;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;

/** The versions of the weights topic, for a replay: taken in and refused as {@code run} does. */
final class PublishedModels {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private PublishedModels() {}

  /**
   * Reads what is published now.
   *
   * @param say takes one line for each thing a person should know
   * @throws Complaint if there is no model that can be used
   */
  static ModelSource<Model> read(Topology file, Properties properties, Consumer<String> say) {
    try (WeightsFollower<Model> follower =
        WeightsFollower.start(
            WeightsAccess.following(file, KafkaOptions.clientMap(properties)),
            new ModelFiles.Loader(file, say),
            outcome -> refused(outcome, say))) {
      return switch (follower.awaitBootstrap(PATIENCE)) {
        case Bootstrap.Ready<Model>(Models<Model> models) -> replayable(models, say);
        case Bootstrap.NoModel<Model>(String reason) -> throw new Complaint(reason);
        case Bootstrap.NotReached<Model>(String reason) -> throw new Complaint(reason);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Complaint("interrupted");
    }
  }

  private static void refused(Outcome outcome, Consumer<String> say) {
    if (outcome instanceof Outcome.Refused(String id, int version, String reason)) {
      say.accept(id + " version " + version + " is left out, as `run` leaves it out: " + reason);
    }
  }

  /** Only what was published `immediate` came in force at an event that nobody noted. */
  private static ModelSource<Model> replayable(Models<Model> models, Consumer<String> say) {
    for (Models.Entry<Model> entry : models.entries().subList(1, models.entries().size())) {
      if (entry.validFromMillis() == Timeline.IMMEDIATE) {
        say.accept(
            "Version "
                + entry.version()
                + " was put in force `immediate`, so at which event is not known: here it is from"
                + " the first one on, and results before it differ from those of the stream");
      }
    }
    return new FixedModels<>(models);
  }
}
