package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.event.Event;
import dev.sluice.model.Model;
import dev.sluice.registry.Bootstrap;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.Models;
import dev.sluice.registry.WeightsFollower;
import dev.sluice.river.Declared;
import dev.sluice.river.Replay;
import dev.sluice.train.History;
import dev.sluice.train.Recorded;
import dev.sluice.train.TimeRange;
import dev.sluice.train.TopicHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.StringJoiner;

/**
 * {@code sluice check --dry-run}: how many alerts the latest events of the input topic would have
 * had, with the model that is in force now. Reads only; joins no group and commits nothing.
 */
final class DryRun {

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int MOST_KEYS = 10;

  private final Topology file;
  private final Map<String, String> kafka;
  private final PrintWriter out;
  private final PrintWriter err;

  DryRun(Topology file, Map<String, String> kafka, PrintWriter out, PrintWriter err) {
    this.file = file;
    this.kafka = kafka;
    this.out = out;
    this.err = err;
  }

  /**
   * Scores and prints.
   *
   * @param span how far to look back
   * @param now where from
   */
  void run(Duration span, Instant now) throws IOException, InterruptedException {
    Models.Entry<Model> model = model(now);
    Recorded recorded = recorded(now.minus(span));
    History history = recorded.history();
    if (history.events() == 0) {
      throw new Complaint(
          "--dry-run: topic "
              + file.input().topic()
              + " holds no event from "
              + now.minus(span)
              + " on. Look further back");
    }
    var counts = new AlertCounts(file);
    var replay =
        new Replay(
            Declared.schema(file),
            Declared.settings(file),
            FixedModels.of(model.version(), model.model()));
    try (Progress progress = Progress.on(err, "events scored")) {
      replay.run(new KeyByKey(history, progress), counts);
    }
    print(model, recorded, counts);
  }

  /** The model that is in force for an event of now; a canary is not for every key. */
  private Models.Entry<Model> model(Instant now) throws InterruptedException {
    try (WeightsFollower<Model> follower =
        WeightsFollower.start(
            WeightsAccess.following(file, kafka),
            new ModelFiles.Loader(file, this::say),
            _ -> {})) {
      return switch (follower.awaitBootstrap(PATIENCE)) {
        case Bootstrap.Ready<Model>(Models<Model> models) -> models.inForce(now.toEpochMilli());
        case Bootstrap.NoModel<Model>(String why) -> throw noModel(why);
        case Bootstrap.NotReached<Model>(String why) -> throw noModel(why);
      };
    }
  }

  private static Complaint noModel(String why) {
    return new Complaint("--dry-run: there is no model to score with: " + why);
  }

  private Recorded recorded(Instant from) {
    try (Progress progress = Progress.on(err, "events read")) {
      long[] before = {0};
      return TopicHistory.read(
          file,
          kafka,
          new TimeRange(from.toEpochMilli(), Long.MAX_VALUE),
          events -> {
            progress.add(events - before[0]);
            before[0] = events;
          });
    }
  }

  private void print(Models.Entry<Model> model, Recorded recorded, AlertCounts counts) {
    out.println(
        "  dry run: "
            + Numbers.grouped(counts.events())
            + " events of "
            + Numbers.grouped(recorded.history().keys())
            + " keys in "
            + Numbers.two(counts.days())
            + " days from "
            + Instant.ofEpochMilli(counts.firstMillis())
            + " on, scored by version "
            + model.version());
    out.println(
        "    memories began empty: "
            + Numbers.grouped(counts.warmingUp())
            + " of the events, at most "
            + file.score().warmUp()
            + " a key, could raise no alert");
    long left = recorded.rejected() + counts.unscorable();
    if (left > 0) {
      out.println("    " + Numbers.grouped(left) + " more could not be scored");
    }
    counts.lines().forEach(line -> print(line, counts.days()));
    var most = counts.mostAlerts(MOST_KEYS);
    if (!most.isEmpty()) {
      var keys = new StringJoiner(", ", "    most alerts: ", "");
      most.forEach(entry -> keys.add(entry.getKey() + " " + Numbers.grouped(entry.getValue())));
      out.println(keys);
    }
  }

  private void print(AlertCounts.Line line, double days) {
    var text = new StringBuilder();
    text.append("    threshold ").append(line.threshold());
    text.append(" ".repeat(Math.max(1, 7 - Double.toString(line.threshold()).length())));
    text.append(Numbers.grouped(line.alerts())).append(" alerts");
    if (days > 0) {
      text.append(", ").append(Numbers.two(line.alerts() / days)).append(" a day");
    }
    if (file.alerts().suppresses()) {
      text.append(", ").append(Numbers.grouped(line.suppressed())).append(" suppressed");
    }
    out.println(text.append(line.isConfigured() ? "  <- score.threshold" : ""));
  }

  private void say(String line) {
    err.println(line);
    err.flush();
  }

  /** The events of a history, one key after the other: no key knows of another. */
  private static final class KeyByKey implements Replay.Source {

    private final History history;
    private final Progress progress;
    private int key;
    private int index;

    KeyByKey(History history, Progress progress) {
      this.history = history;
      this.progress = progress;
    }

    @Override
    public boolean next(Event event) {
      while (key < history.keys() && index == history.end(key)) {
        key++;
      }
      if (key == history.keys()) {
        return false;
      }
      history.read(key, index++, event);
      progress.add(1);
      return true;
    }

    @Override
    public long line() {
      return index;
    }

    @Override
    public String text() {
      return "";
    }
  }
}
