package dev.sluice.app;

import dev.sluice.artifact.ArtifactFile;
import dev.sluice.artifact.ArtifactReader;
import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.artifact.TrustedKeys;
import dev.sluice.cell.CellStack;
import dev.sluice.config.Topology;
import dev.sluice.event.EventSchema;
import dev.sluice.feature.Encoder;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.Manifest;
import dev.sluice.registry.ModelLoader;
import dev.sluice.registry.ModelSource;
import dev.sluice.registry.Timeline;
import dev.sluice.river.Declared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Models from files and from the weights topic, checked against the topology that uses them. */
final class ModelFiles {

  /** Enough for the compiler; spent on the thread that follows the weights. */
  private static final Duration WARM_UP = Duration.ofMillis(1500);

  private ModelFiles() {}

  /** Writes a model as an artifact; returns where and how large, for a person. */
  static String write(Model model, Path to) throws IOException {
    byte[] artifact = ArtifactWriter.write(model);
    Files.write(to, artifact);
    return to + ", " + Numbers.grouped(artifact.length) + " bytes";
  }

  /** Reads one artifact. */
  static Model read(Path path) {
    return ArtifactReader.read(path);
  }

  /**
   * Reads the models of a command line, each in force from its time on.
   *
   * @param texts paths, each with {@code @TIME} behind it or not
   * @param trusted whose signature each needs; empty to take them as they are
   * @param say takes one line for each thing a person should know
   */
  static ModelSource<Model> read(
      List<String> texts, Topology file, Optional<TrustedKeys> trusted, Consumer<String> say) {
    Timeline timeline = Timeline.empty(file.modelId());
    Map<Integer, Model> models = new HashMap<>();
    for (String text : texts) {
      int at = text.lastIndexOf('@');
      Path path = Path.of(at < 0 ? text : text.substring(0, at));
      long from = at < 0 ? Timeline.IMMEDIATE : time(text.substring(at + 1));
      ArtifactFile artifact = ArtifactFile.read(path);
      trusted.ifPresent(artifact::require);
      Model model = fitting(artifact.model(), file, path.toString());
      Model earlier =
          models.put(model.version(), WeightChoice.forScoring(model, file, path.toString(), say));
      if (earlier != null) {
        throw new Complaint(
            path + ": version " + model.version() + " was given already. Give each version once");
      }
      timeline = timeline.plus(model.version(), from, 0, Timeline.What.PUBLISH);
    }
    return FixedModels.of(timeline, models);
  }

  /** Reads an ISO 8601 time as milliseconds since 1970. */
  static long time(String text) {
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeException _) {
      throw new Complaint("'" + text + "' is no time. Write it like 2026-11-23T14:00:00Z");
    }
  }

  /**
   * Returns {@code model} if it can serve {@code file}.
   *
   * @throws Complaint saying what does not fit
   */
  static Model fitting(Model model, Topology file, String where) {
    if (!model.id().equals(file.modelId())) {
      throw new Complaint(
          where + ": this is model " + model.id() + ", the topology wants " + file.modelId());
    }
    EventSchema schema = Declared.schema(file);
    try {
      new Encoder(model.features(), schema);
    } catch (IllegalArgumentException e) {
      throw new Complaint(
          where
              + ": the model does not fit the topology: "
              + e.getMessage()
              + ". Train it anew, or give the topology the features it was trained with");
    }
    List<String> wanted = file.model().predict().targets();
    if (!model.predicted().equals(wanted)) {
      throw new Complaint(
          where
              + ": the model predicts "
              + String.join(", ", model.predicted())
              + ", the topology wants "
              + String.join(", ", wanted));
    }
    return model;
  }

  /** Loads published artifacts: checked, packed and warmed up before they are in force. */
  static final class Loader implements ModelLoader<Model> {

    private final Topology file;
    private final Consumer<String> say;
    private final Set<Integer> warm = new HashSet<>();
    private final Executor background =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("sluice-warm-up").factory());

    /**
     * Creates a loader.
     *
     * @param say takes one line for each thing a person should know, on any thread
     */
    Loader(Topology file, Consumer<String> say) {
      this.file = file;
      this.say = say;
    }

    @Override
    public Model load(Manifest manifest, byte[] artifact) {
      String where = manifest.id() + " version " + manifest.version();
      Model model = fitting(ArtifactReader.read(artifact, where), file, where);
      if (model.version() != manifest.version()) {
        throw new Complaint(where + ": the artifact says it is version " + model.version());
      }
      Model scoring = WeightChoice.forScoring(model, file);
      warmUp(scoring.cell());
      background.execute(() -> WeightChoice.report(model, scoring, file, where, say));
      return scoring;
    }

    /**
     * Once for a shape, so that a restart that loads ten versions does not wait for each. While
     * nothing is in force, nothing is held up by a cold model but the start: that one warms up
     * while Kafka Streams joins its group and restores.
     */
    private void warmUp(CellStack cell) {
      boolean first = warm.isEmpty();
      if (!warm.add(cell.shapeHash())) {
        return;
      }
      if (first) {
        background.execute(() -> cell.warmUp(WARM_UP));
      } else {
        cell.warmUp(WARM_UP);
      }
    }
  }
}
