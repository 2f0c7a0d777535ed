package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.model.Model;
import dev.sluice.registry.Bootstrap;
import dev.sluice.registry.FollowerSettings;
import dev.sluice.registry.WeightsFollower;
import dev.sluice.state.MemoryBudgetException;
import dev.sluice.stream.OpenTransactions;
import dev.sluice.stream.ScoringTopology;
import dev.sluice.stream.StreamMeters;
import dev.sluice.stream.StreamProperties;
import dev.sluice.stream.UnfitStateException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running stream with the follower of its weights: started together, ended together. */
final class Scoring implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Scoring.class);

  /** What is published is known by then; where nothing is, somebody waits for the general model. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private static final Duration BOOTSTRAP = Duration.ofSeconds(15);

  /** In which an instance that starts has joined its group. */
  private static final Duration JOIN = Duration.ofSeconds(3);

  private static final int MAX_CAUSES = 20;
  private static final Duration CLOSE = Duration.ofSeconds(30);

  private final Followers followers;
  private final KafkaStreams streams;
  private final CloseOptions closing;
  private final StreamMeters meters;
  private final Consumer<String> say;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean refused = new AtomicBoolean();
  private final ThreadFailures failures = new ThreadFailures();
  private volatile boolean failed;

  private Scoring(
      Followers followers,
      KafkaStreams streams,
      CloseOptions closing,
      StreamMeters meters,
      Consumer<String> say) {
    this.say = say;
    this.followers = followers;
    this.streams = streams;
    this.closing = closing;
    this.meters = meters;
  }

  /** Who keeps current what the stream reads and others write. */
  private record Followers(WeightsFollower<Model> weights, FeedbackFollower feedback) {}

  /** What must be so before a stream may touch its topics. */
  interface Gate {

    /** Returns once it is so; throws a {@link Complaint} if it will not be. */
    void pass() throws InterruptedException;
  }

  /**
   * Starts once the gate is passed and there is a model, for which it waits. What can be made
   * before is made meanwhile: a stream whose process was killed is missed by the millisecond.
   *
   * @param properties client properties; completed by {@link StreamProperties}
   * @param gate passed on this thread before the stream joins its group
   * @param say takes one line for each thing a person should know
   */
  static Scoring start(
      Topology file, Properties properties, MeterRegistry registry, Gate gate, Consumer<String> say)
      throws InterruptedException {
    Membership membership = Membership.of(StreamProperties.complete(file, properties));
    FollowerSettings settings = WeightsAccess.following(file, KafkaOptions.clientMap(properties));
    WeightsFollower<Model> follower =
        WeightsFollower.start(settings, new ModelFiles.Loader(file, say), _ -> {});
    var startUp = new StartUp(say);
    var feedback =
        new FeedbackFollower(KafkaOptions.clientMap(properties), file.alerts().feedback());
    ScoringTopology scoring = ScoringTopology.of(file, follower, feedback, registry);
    var making =
        new FutureTask<>(
            () -> {
              try (StartUp.Phase _ = startUp.begin("making the stream")) {
                return streams(scoring, membership.properties());
              }
            });
    Thread.ofPlatform().name("sluice-start").start(making);
    try {
      gate.pass();
      feedback.start();
      KafkaStreams streams = made(making);
      try (StartUp.Phase _ = startUp.begin("reading the weights topic")) {
        awaitModel(
            follower, file, new GeneralStart(file, KafkaOptions.clientMap(properties), say), say);
      }
      CloseOptions closing =
          CloseOptions.timeout(CLOSE).withGroupMembershipOperation(membership.onClose());
      Scoring started =
          new Scoring(new Followers(follower, feedback), streams, closing, scoring.meters(), say);
      started.begin(startUp, new OpenTransactions(membership.properties()));
      return started;
    } catch (RuntimeException | InterruptedException e) {
      closeWhatWasMade(making);
      feedback.close();
      follower.close();
      throw e;
    }
  }

  private static KafkaStreams made(FutureTask<KafkaStreams> making) throws InterruptedException {
    try {
      return making.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void closeWhatWasMade(FutureTask<KafkaStreams> making) {
    try {
      made(making).close();
    } catch (RuntimeException e) {
      LOG.atDebug().setCause(e).log("There was no stream to close");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static KafkaStreams streams(ScoringTopology scoring, Properties properties) {
    var topology = new org.apache.kafka.streams.Topology();
    scoring.addTo(topology);
    try {
      return new KafkaStreams(topology, properties);
    } catch (StreamsException e) {
      // The first thing it does is to lock its state folder.
      throw new Complaint(
          "The stream cannot use its state folder: "
              + e.getMessage()
              + ". If another instance runs on this machine, give each its own with --state-dir");
    }
  }

  private static void awaitModel(
      WeightsFollower<Model> follower, Topology file, GeneralStart general, Consumer<String> say)
      throws InterruptedException {
    String said = "";
    while (true) {
      String problem =
          switch (follower.awaitBootstrap(general.isWanted() ? LOOK : BOOTSTRAP)) {
            case Bootstrap.Ready<Model> _ -> "";
            case Bootstrap.NoModel<Model>(String why) -> why;
            case Bootstrap.NotReached<Model>(String why) -> why;
          };
      if (problem.isEmpty()) {
        return;
      }
      if (general.publish()) {
        continue;
      }
      if (!problem.equals(said)) {
        say.accept(
            "Waiting for a model "
                + file.modelId()
                + " on topic "
                + file.weights().topic()
                + ": "
                + problem
                + ". Train one with `sluice train TOPOLOGY --publish`.");
        said = problem;
      }
      Thread.sleep(Duration.ofSeconds(1));
    }
  }

  private void begin(StartUp startUp, OpenTransactions left) {
    streams.setUncaughtExceptionHandler(this::onUncaught);
    StartUp.Phase joining = startUp.begin("joining the group and restoring memories");
    streams.setStateListener(
        (now, before) -> {
          LOG.atDebug().addKeyValue("from", before).addKeyValue("to", now).log("State");
          if (now == KafkaStreams.State.RUNNING) {
            joining.close();
            say.accept("Scoring.");
          }
          if (now == KafkaStreams.State.ERROR) {
            failed = true;
            ended.countDown();
          }
          // Partitions came or went: perhaps from somebody who was killed. His transaction holds
          // up the restoring, too.
          if (isActive(now) && left.isPossible()) {
            left.abortSoon(before == KafkaStreams.State.CREATED ? JOIN : Duration.ZERO);
          }
        });
    try {
      streams.start();
    } catch (ProcessorStateException e) {
      throw new Complaint(damaged(e));
    }
  }

  private static boolean isActive(KafkaStreams.State state) {
    return state == KafkaStreams.State.RUNNING || state == KafkaStreams.State.REBALANCING;
  }

  private static String damaged(Throwable e) {
    return "The state folder is damaged: "
        + e.getMessage()
        + ". Delete it and start again: nothing is lost, the changelog has every memory";
  }

  private StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse onUncaught(Throwable e) {
    Throwable root = e;
    for (int depth = 0; root.getCause() != null && depth < MAX_CAUSES; depth++) {
      if (root instanceof ProcessorStateException
          && root.getCause() instanceof NumberFormatException) {
        say.accept(damaged(root)); // Kafka Streams' own files are text.
      }
      root = root.getCause();
    }
    if (root instanceof MemoryBudgetException || root instanceof UnfitStateException) {
      failed = true;
      if (refused.compareAndSet(false, true)) {
        say.accept(String.valueOf(root.getMessage()));
      }
      return StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    boolean goesOn = failures.mayGoOn(root, System.nanoTime());
    LOG.atError()
        .addKeyValue("reason", root.toString())
        .log(
            goesOn
                ? "A stream thread failed; another goes on at the last commit"
                : "A stream thread failed");
    LOG.atDebug().setCause(e).log("Where it failed");
    return goesOn
        ? StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD
        : StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** Returns what is counted. */
  StreamMeters meters() {
    return meters;
  }

  /** Returns which model is in force when. */
  WeightsFollower<Model> models() {
    return followers.weights;
  }

  /** Returns whether the stream is up and has its partitions. */
  boolean isRunning() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** Returns whether the stream has given up. */
  boolean hasFailed() {
    return failed;
  }

  /** Waits for the end; returns false if the stream failed. */
  boolean awaitEnd() throws InterruptedException {
    ended.await();
    return !failed;
  }

  @Override
  public void close() {
    streams.close(closing);
    followers.weights.close();
    followers.feedback.close();
    ended.countDown();
  }
}
