package dev.sluice.app;

import dev.sluice.artifact.ArtifactException;
import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.artifact.Claim;
import dev.sluice.artifact.SigningKey;
import dev.sluice.config.Topology;
import dev.sluice.model.Model;
import dev.sluice.quality.Drift;
import dev.sluice.quality.ScoresException;
import dev.sluice.registry.Publication;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsException;
import dev.sluice.registry.WeightsPublisher;
import dev.sluice.registry.WeightsUnreachableException;
import dev.sluice.train.Evaluation;
import dev.sluice.train.Progress;
import dev.sluice.train.Recorded;
import dev.sluice.train.Task;
import dev.sluice.train.TopicHistory;
import dev.sluice.train.Trained;
import dev.sluice.train.Trainer;
import dev.sluice.train.TrainingException;
import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A trainer that stays: learns from the topic as it is, publishes what beats the version published
 * last, waits, and begins again. Each round ends in one line that says what was decided and why.
 */
final class TrainFollower {

  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final Duration LAST_RETRY = Duration.ofMinutes(5);

  private final Topology file;
  private final KafkaOptions brokers;
  private final Properties properties;
  private final Map<String, String> kafka;
  private final FollowOptions options;
  private final Terms terms;
  private final long minEvents;
  private final InstantSource clock;
  private final Consumer<String> say;
  private String learnedFrom = "";

  /** From when on what is published is in force, and with which key it is signed. */
  record Terms(ModelsCommand.ValidFrom validFrom, Optional<SigningKey> key) {}

  /**
   * Creates a trainer.
   *
   * @param minEvents fewer are not learned from
   * @param say takes a line for each decision
   */
  TrainFollower(
      Topology file,
      KafkaOptions brokers,
      FollowOptions options,
      Terms terms,
      long minEvents,
      Consumer<String> say)
      throws IOException {
    this.file = file;
    this.brokers = brokers;
    this.properties = brokers.properties(file);
    this.kafka = KafkaOptions.clientMap(properties);
    this.options = options;
    this.terms = terms;
    this.minEvents = minEvents;
    this.clock = InstantSource.system();
    this.say = say;
  }

  /** Somebody ends the process in the middle of a round. */
  private static final class StoppedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;
  }

  /** Goes on until it is told to stop. */
  void run(Stop stop) throws InterruptedException {
    Duration retry = FIRST_RETRY;
    boolean stopped = stop.isAsked();
    while (!stopped) {
      Duration pause = options.every();
      try {
        decided(round(stop));
        retry = FIRST_RETRY;
      } catch (StoppedException _) {
        break;
      } catch (TrainingException
          | WeightsException
          | WeightsUnreachableException
          | ScoresException
          | ArtifactException
          | Complaint e) {
        pause = shorter(retry, pause);
        retry = shorter(retry.multipliedBy(2), LAST_RETRY);
        decided("Not trained: " + e.getMessage() + ". Trying again in " + seconds(pause) + " s.");
      }
      stopped = stop.await(pause);
    }
    decided("Stopped.");
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static long seconds(Duration pause) {
    return Math.max(1, pause.toSeconds());
  }

  private void decided(String what) {
    say.accept(Instant.ofEpochSecond(clock.instant().getEpochSecond()) + "  " + what);
  }

  private String round(Stop stop) {
    Timeline timeline;
    try (WeightsPublisher publisher = open()) {
      timeline = publisher.timeline(); // Which makes the topic where there is none.
    }
    boolean isFirst = timeline.entries().isEmpty();
    Optional<String> noDrift = options.isOnDrift() && !isFirst ? noDrift(stop) : Optional.empty();
    if (noDrift.isPresent()) {
      return "Not trained: " + noDrift.get();
    }
    long since = options.sinceMillis(clock.instant());
    Recorded recorded = TopicHistory.since(file, kafka, since, _ -> goOn(stop));
    if (recorded.source().equals(learnedFrom)) {
      return "Not trained: nothing is new on topic " + file.input().topic() + ".";
    }
    int events = recorded.history().events();
    if (events < minEvents) {
      return "Not trained: there are "
          + Numbers.grouped(events)
          + " events, --min-events asks for "
          + Numbers.grouped(minEvents)
          + ".";
    }
    Model parent = options.isAnew() || isFirst ? null : parent(Incumbent.newest(timeline));
    Trained trained = train(recorded, parent, stop);
    goOn(stop);
    String decision = publish(recorded, trained, parent);
    learnedFrom = recorded.source();
    return decision;
  }

  /** Says that and why there is no reason to train; empty where there is one. */
  private Optional<String> noDrift(Stop stop) {
    Optional<DriftCheck> check = DriftCheck.ofNewest(file, kafka);
    if (check.isEmpty() || !check.get().canTell()) {
      return Optional.empty(); // It does not say what it was held out from.
    }
    long since = clock.instant().minus(DriftCheck.LIVE).toEpochMilli();
    Drift drift = check.get().since(since, Drift.LARGE, _ -> goOn(stop));
    if (drift.drifted().isEmpty()) {
      return Optional.of(DriftCheck.verdict(drift));
    }
    decided(DriftCheck.verdict(drift));
    return Optional.empty();
  }

  private static void goOn(Stop stop) {
    if (stop.isAsked()) {
      throw new StoppedException();
    }
  }

  /** The version to go on from; none where it is no use. */
  private @Nullable Model parent(int version) {
    try {
      return Incumbent.load(file, kafka, version);
    } catch (WeightsException | ArtifactException | Complaint e) {
      decided("Beginning anew: " + e.getMessage());
      return null;
    }
  }

  private Trained train(Recorded recorded, @Nullable Model parent, Stop stop) {
    Task task = Task.of(file, recorded, parent == null ? 1 : parent.version() + 1, Main.VERSION);
    Progress progress = new UntilStopped(stop);
    if (parent == null) {
      return Trainer.train(task, progress);
    }
    try {
      return Trainer.train(task.from(parent), progress);
    } catch (TrainingException e) {
      // The topology asks for something else than it did when that version was trained.
      decided("Beginning anew: " + e.getMessage());
      return Trainer.train(task, progress);
    }
  }

  private String publish(Recorded recorded, Trained trained, @Nullable Model parent) {
    try (WeightsPublisher publisher = open()) {
      var held = new Incumbent.Held(recorded.history(), trained.split());
      Optional<Incumbent.Rival> rival =
          Incumbent.evaluate(file, kafka, publisher, held, this::decided);
      Evaluation mine = trained.validation();
      String figures = Numbers.four(mine.natsPerUnit()) + " nats on the held-out part";
      if (rival.isPresent()) {
        Evaluation its = rival.get().evaluation();
        figures += ", version " + rival.get().version() + " " + Numbers.four(its.natsPerUnit());
        if (!mine.isBetterThan(its) || its.natsPerUnit() - mine.natsPerUnit() < options.minGain()) {
          return "Kept version " + rival.get().version() + ": a new model reaches " + figures + ".";
        }
      }
      Model model = trained.model().withVersion(publisher.nextVersion());
      byte[] artifact = ArtifactWriter.write(model);
      Claim claim = Claim.of(model.id(), model.version(), artifact);
      Publication done =
          publisher.publish(
              artifact,
              model.version(),
              terms.validFrom().millis(publisher),
              terms.key().map(k -> k.sign(claim)));
      return Publishing.describe(done)
          + " It reaches "
          + figures
          + "; learned from "
          + Numbers.grouped(model.lineage().events())
          + " events"
          + (model.lineage().parentVersion() == 0 || parent == null
              ? ", anew."
              : ", going on from version " + parent.version() + ".");
    }
  }

  private WeightsPublisher open() {
    ModelsCommand.requireBroker(properties, brokers);
    return WeightsPublisher.open(WeightsAccess.publishing(file, kafka), clock);
  }

  /** Silent, and the place where a round can be broken off. */
  private record UntilStopped(Stop stop) implements Progress {

    @Override
    public void window(int epoch, int done, int windows, double trainNats) {
      goOn(stop);
    }

    @Override
    public void epoch(int epoch, double trainNats, double validationNats, boolean isBest) {
      goOn(stop);
    }
  }
}
