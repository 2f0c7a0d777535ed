package dev.sluice.app;

import dev.sluice.config.Guard;
import dev.sluice.config.Topology;
import dev.sluice.quality.ScoresException;
import dev.sluice.quality.ScoresTopic;
import dev.sluice.quality.SwapTest;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsException;
import dev.sluice.registry.WeightsPublisher;
import dev.sluice.registry.WeightsReader;
import dev.sluice.registry.WeightsUnreachableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches each new version of a model against the one before, by the results of the stream, and
 * goes back where it is worse. Holds nothing that it could not read again: one that is restarted
 * goes on judging.
 */
final class GuardWatch {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** A trouble of all keys that began with the swap has this part of the time to pass. */
  private static final int FIRST_PART = 20;

  private final Topology file;
  private final Guard bound;
  private final Map<String, String> kafka;
  private final boolean immediate;
  private final InstantSource clock;
  private final Consumer<String> say;
  private final Consumer<String> sayTrouble;

  private @Nullable Watched watched;
  private long noticed; // The newest entry of the timeline that was looked at.
  private long decided; // The newest entry that needs no more judging.
  private String trouble = "";

  /**
   * Creates a guard.
   *
   * @param immediate whether to go back for the very next event
   * @param say takes a line for each thing that happens to a version
   * @param sayTrouble takes a line for each thing that keeps the guard from its work
   */
  GuardWatch(
      Topology file,
      Map<String, String> kafka,
      boolean immediate,
      InstantSource clock,
      Consumer<String> say,
      Consumer<String> sayTrouble) {
    this.file = file;
    this.bound = file.weights().guard();
    this.kafka = kafka;
    this.immediate = immediate;
    this.clock = clock;
    this.say = say;
    this.sayTrouble = sayTrouble;
  }

  /** What became of a version. */
  enum Fate {
    /** Still watched, or none is. */
    OPEN,
    /** It stays. */
    STAYS,
    /** The version before is in force again. */
    ROLLED_BACK
  }

  /** A version under watch. */
  private static final class Watched {
    final Timeline.Entry entry;
    final int before;
    final long fromMillis;
    final long untilMillis;
    SwapTest.@Nullable Comparison worse; // Once it is; kept until it is acted upon.

    Watched(Timeline.Entry entry, int before, Duration within) {
      long inForce = Math.max(entry.publishedAtMillis(), entry.validFromMillis());
      this.entry = entry;
      this.before = before;
      this.fromMillis = inForce + within.dividedBy(FIRST_PART).toMillis();
      this.untilMillis = inForce + within.toMillis();
    }
  }

  /** Where somebody says when to stop. */
  interface Until {

    /** Returns whether to go on, given what became of a version just now. */
    boolean goesOn(Fate fate);
  }

  /** Watches until told to stop; returns what became of the version that was judged last. */
  Fate run(Until until) throws InterruptedException {
    Fate fate = Fate.OPEN;
    while (until.goesOn(fate)) {
      try (WeightsReader reader = WeightsAccess.reader(file, kafka);
          ScoresTopic scores =
              ScoresTopic.open(
                  kafka,
                  file.output().scores(),
                  clock.millis() - bound.within().toMillis(),
                  TIMEOUT)) {
        noticed = 0;
        watched = null;
        fate = follow(reader, scores, until);
      } catch (WeightsUnreachableException | ScoresException e) {
        troubled(e);
        Thread.sleep(RETRY);
      }
    }
    return fate;
  }

  private Fate follow(WeightsReader reader, ScoresTopic scores, Until until) {
    var test = new SwapTest(bound);
    Fate fate = Fate.OPEN;
    long looked = System.nanoTime() - LOOK_EVERY.toNanos();
    while (until.goesOn(fate)) {
      scores.poll(POLL, test);
      if (System.nanoTime() - looked >= LOOK_EVERY.toNanos()) {
        looked = System.nanoTime();
        fate = look(reader, test);
      }
    }
    return fate;
  }

  private Fate look(WeightsReader reader, SwapTest test) {
    try {
      reader.refresh();
      notice(reader.timeline(file.modelId()), test);
      Watched now = watched;
      Fate fate = now == null ? Fate.OPEN : judge(now, test);
      trouble = "";
      return fate;
    } catch (WeightsUnreachableException | WeightsException e) {
      troubled(e); // The consumer of the results looks after itself; what it has read is kept.
      return Fate.OPEN;
    }
  }

  /** Looks whether the newest version is one to watch. */
  private void notice(Timeline timeline, SwapTest test) {
    if (timeline.lastSequence() == noticed) {
      return;
    }
    noticed = timeline.lastSequence();
    watched = null;
    int entries = timeline.entries().size();
    if (entries < 2) {
      return;
    }
    Timeline.Entry entry = timeline.entries().getLast();
    int before = lastForAll(timeline.entries().subList(0, entries - 1));
    // An operator who goes back knows why.
    boolean isNew = entry.what() != Timeline.What.ROLLBACK && entry.version() != before;
    var next = new Watched(entry, before, bound.within());
    if (isNew && entry.sequence() > decided && clock.millis() < next.untilMillis) {
      watched = next;
      test.watch(entry.version(), before);
      say.accept(
          "Watching version "
              + entry.version()
              + ", which follows version "
              + before
              + ": it is rolled back if its mean surprise is worse by more than "
              + bound.worse()
              + " nats.");
    }
  }

  /** What the keys of a canary, and all others, had before it. */
  private static int lastForAll(List<Timeline.Entry> entries) {
    return entries.reversed().stream()
        .filter(Timeline.Entry::isForAll)
        .findFirst()
        .orElseThrow()
        .version();
  }

  private Fate judge(Watched now, SwapTest test) {
    SwapTest.Comparison worse = now.worse;
    if (clock.millis() < now.fromMillis) {
      return Fate.OPEN;
    }
    if (worse == null) {
      boolean isOver = clock.millis() >= now.untilMillis;
      Optional<SwapTest.Comparison> look = isOver ? Optional.of(test.lastLook()) : test.look();
      if (look.isEmpty()) {
        return Fate.OPEN;
      }
      if (!look.get().isWorse()) {
        return isOver ? stays(now, look.get()) : Fate.OPEN;
      }
      worse = look.get();
      now.worse = worse;
    }
    return goBack(now, worse);
  }

  private Fate stays(Watched now, SwapTest.Comparison comparison) {
    boolean isEnough = comparison.results() >= bound.events();
    end(
        now,
        "Version "
            + now.entry.version()
            + " stays: "
            + (isEnough
                ? describe(now, comparison)
                : Numbers.grouped(comparison.results())
                    + " results of keys that both versions have judged are too few to tell, "
                    + Numbers.grouped(bound.events())
                    + " are asked for"));
    return Fate.STAYS;
  }

  private Fate goBack(Watched now, SwapTest.Comparison comparison) {
    String verdict =
        "Version " + now.entry.version() + " is worse: " + describe(now, comparison) + ". ";
    var settings = WeightsAccess.publishing(file, kafka);
    try (WeightsPublisher publisher = WeightsPublisher.open(settings, clock)) {
      Timeline timeline = publisher.timeline();
      Timeline.Entry last = timeline.entries().getLast();
      if (last.sequence() == now.entry.sequence()) {
        if (timeline.pin().isPresent()) {
          end(now, verdict + "It is pinned, and stays.");
          return Fate.STAYS;
        }
        publisher.rollback(now.before, immediate ? Timeline.IMMEDIATE : publisher.shortly());
        last = publisher.timeline().entries().getLast();
      }
      // Not ours, or ours from an attempt whose answer was lost.
      boolean isBack = last.what() == Timeline.What.ROLLBACK && last.version() == now.before;
      end(
          now,
          verdict
              + (isBack
                  ? "Rolled back to version "
                      + now.before
                      + ", in force "
                      + ModelsCommand.describeTime(last.validFromMillis())
                      + "."
                  : "Version " + last.version() + " has followed it meanwhile; left alone."));
      return isBack ? Fate.ROLLED_BACK : Fate.STAYS;
    }
  }

  private static String describe(Watched now, SwapTest.Comparison comparison) {
    return "mean surprise "
        + Numbers.four(comparison.now())
        + " nats, "
        + Numbers.four(comparison.before())
        + " under version "
        + now.before
        + ", over "
        + Numbers.grouped(comparison.results())
        + " results of "
        + Numbers.grouped(comparison.keys())
        + " keys; "
        + Numbers.grouped(comparison.exceeding())
        + " of "
        + Numbers.grouped(comparison.pairs())
        + " pairs are beyond the bound";
  }

  private void end(Watched now, String line) {
    decided = now.entry.sequence();
    watched = null;
    say.accept(line);
  }

  /** Says what is wrong once, not at every attempt. */
  private void troubled(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    if (!message.equals(trouble)) {
      sayTrouble.accept(message + ". The guard goes on trying.");
      trouble = message;
    }
  }
}
