package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.model.Model;
import dev.sluice.model.Profile;
import dev.sluice.model.Spread;
import dev.sluice.quality.Drift;
import dev.sluice.quality.ScoresTopic;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsReader;
import dev.sluice.train.Profiler;
import dev.sluice.train.Recorded;
import dev.sluice.train.TopicHistory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * What came lately against what the version published last was held out from in training: events
 * from the input topic, surprise from its own results.
 */
final class DriftCheck {

  /** How much of the past is looked at, if nobody says. */
  static final Duration LIVE = Duration.ofHours(24);

  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final Topology file;
  private final Map<String, String> kafka;
  private final Model model;

  private DriftCheck(Topology file, Map<String, String> kafka, Model model) {
    this.file = file;
    this.kafka = kafka;
    this.model = model;
  }

  /** Returns the check of the version that was put in force last; empty where there is none. */
  static Optional<DriftCheck> ofNewest(Topology file, Map<String, String> kafka) {
    Timeline timeline;
    try (WeightsReader reader = WeightsAccess.reader(file, kafka)) {
      reader.refresh();
      timeline = reader.timeline(file.modelId());
    }
    if (timeline.entries().isEmpty()) {
      return Optional.empty();
    }
    int version = timeline.entries().getLast().version();
    return Optional.of(new DriftCheck(file, kafka, Incumbent.load(file, kafka, version)));
  }

  Model model() {
    return model;
  }

  /** Returns whether the model says what it was held out from. */
  boolean canTell() {
    return model.lineage().profile().isPresent();
  }

  /**
   * Compares.
   *
   * @param sinceMillis from when on records count, epoch milliseconds
   * @param bound index from which something has drifted
   * @param progress takes the number of events read, now and then
   */
  Drift since(long sinceMillis, double bound, LongConsumer progress) {
    Profile then = model.lineage().profile().orElseThrow();
    Recorded recorded = TopicHistory.since(file, kafka, sinceMillis, progress);
    List<Profile.Field> fields = Profiler.like(then, model, recorded.history());
    var surprise = new Spread.Tally(then.surprise().edges());
    try (ScoresTopic scores =
        ScoresTopic.open(kafka, file.output().scores(), sinceMillis, TIMEOUT)) {
      scores.readToEnd(
          scored -> {
            if (scored.version() == model.version() && scored.isJudged()) {
              surprise.add(scored.surprise());
            }
          });
    }
    return Drift.of(then, surprise.spread(), fields, bound);
  }

  /** Returns the one line that matters. */
  static String verdict(Drift drift) {
    if (!drift.isJudged()) {
      return "Too little has come to tell: "
          + Drift.ENOUGH
          + " settled events of then and of now are needed.";
    }
    if (drift.drifted().isEmpty()) {
      return "No drift: every index is below " + drift.bound() + ".";
    }
    return drift.drifted().stream()
        .map(finding -> finding.name() + " (" + Numbers.two(finding.largest()) + ")")
        .collect(Collectors.joining(", ", "Drift in ", "."));
  }
}
