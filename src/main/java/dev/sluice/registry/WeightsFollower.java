package dev.sluice.registry;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the models of one id current, on a thread of its own.
 *
 * <p>A stream waits once, in {@link #awaitBootstrap}, until everything published so far has been
 * looked at; from then on it reads {@link #models()} and is never waited for nor held up. Whatever
 * goes wrong here is an {@link Outcome} for the listener and a line in the log; the models stay as
 * they are, and the follower tries again.
 *
 * @param <M> a loaded model
 */
public final class WeightsFollower<M> implements ModelSource<M>, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WeightsFollower.class);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);
  private static final Duration CLOSE = Duration.ofSeconds(10);

  private final FollowerSettings settings;
  private final Consumer<Outcome> listener;
  private final Registry<M> registry;
  private final Thread thread;
  private final CountDownLatch drained = new CountDownLatch(1);
  private volatile String lastProblem;
  private volatile boolean closed;

  private WeightsFollower(
      FollowerSettings settings, ModelLoader<M> loader, Consumer<Outcome> listener) {
    this.settings = settings;
    this.listener = listener;
    this.registry = new Registry<>(settings, loader, this::report);
    this.lastProblem =
        "weights topic " + settings.topic() + " has not been read to its end yet; be patient";
    this.thread = Thread.ofPlatform().name("sluice-weights-" + settings.id()).unstarted(this::run);
    this.thread.setDaemon(true);
  }

  /**
   * Starts to follow.
   *
   * @param loader called on the follower's thread, for one artifact at a time
   * @param listener called on the follower's thread with all that happens; must return soon
   */
  public static <M> WeightsFollower<M> start(
      FollowerSettings settings, ModelLoader<M> loader, Consumer<Outcome> listener) {
    var follower = new WeightsFollower<>(settings, loader, listener);
    follower.thread.start();
    return follower;
  }

  @Override
  public Models<M> models() {
    return registry.models();
  }

  /**
   * Waits until everything that was published before the start has been looked at.
   *
   * @throws InterruptedException if this thread is interrupted meanwhile
   */
  public Bootstrap<M> awaitBootstrap(Duration timeout) throws InterruptedException {
    if (!drained.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      return new Bootstrap.NotReached<>(lastProblem);
    }
    Models<M> now = registry.models();
    return now.isEmpty() ? new Bootstrap.NoModel<>(lastProblem) : new Bootstrap.Ready<>(now);
  }

  /** Stops to follow. The models last published stay usable. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(CLOSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Duration retryIn = FIRST_RETRY;
    while (!closed) {
      // An interrupt that is not from close(), a loader's own, ends what it interrupted, no more.
      Thread.interrupted();
      try (var reader = open()) {
        catchUp(reader);
        retryIn = FIRST_RETRY;
        follow(reader);
      } catch (InterruptException e) {
        LOG.atDebug().addKeyValue("model", settings.id()).log("Interrupted");
      } catch (RuntimeException | Error e) {
        // Errors too: a follower that died in silence would look like one without news.
        if (!closed) {
          String reason = e.getMessage() == null ? e.toString() : e.getMessage();
          report(new Outcome.Unreachable(settings.id(), reason, retryIn));
          pause(retryIn);
          Duration doubled = retryIn.multipliedBy(2);
          retryIn = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
        }
      }
    }
  }

  private WeightsReader open() {
    return WeightsReader.open(
        settings.kafka(), settings.topic(), settings.id()::equals, settings.timeout());
  }

  private void catchUp(WeightsReader reader) {
    reader.refresh();
    registry.update(reader);
    if (registry.models().isEmpty()) {
      lastProblem = registry.whyNone(reader);
    }
    report(new Outcome.Following(settings.id(), settings.topic(), reader.position()));
    drained.countDown();
  }

  private void follow(WeightsReader reader) {
    long heard = System.nanoTime();
    while (!closed) {
      if (reader.poll(POLL)) {
        registry.update(reader);
        heard = System.nanoTime();
      } else if (System.nanoTime() - heard > settings.timeout().toNanos()) {
        // A consumer is silent about brokers that are gone; a model that never comes must not be.
        reader.ping();
        heard = System.nanoTime();
      }
    }
  }

  private void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      LOG.atDebug().addKeyValue("model", settings.id()).log("Interrupted between two attempts");
    }
  }

  private void report(Outcome outcome) {
    log(outcome);
    try {
      listener.accept(outcome);
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("model", settings.id())
          .setCause(e)
          .log("A listener of the weights failed; the weights are unaffected");
    }
  }

  private void log(Outcome outcome) {
    switch (outcome) {
      case Outcome.InForce entry ->
          LOG.atInfo()
              .addKeyValue("model", entry.id())
              .addKeyValue("version", entry.version())
              .addKeyValue("sequence", entry.sequence())
              .addKeyValue("validFromMillis", entry.validFromMillis())
              .log("Model in force");
      case Outcome.Loaded entry ->
          LOG.atInfo()
              .addKeyValue("model", entry.id())
              .addKeyValue("version", entry.version())
              .addKeyValue("bytes", entry.bytes())
              .addKeyValue("millis", entry.took().toMillis())
              .log("Model loaded");
      case Outcome.Refused(String id, int version, String reason) ->
          warn("Model refused", id, reason);
      case Outcome.TimelineRefused(String id, String reason) ->
          warn("Model timeline refused", id, reason);
      case Outcome.Unreachable(String id, String reason, Duration retryIn) ->
          warn("Weights topic not readable", id, reason);
      case Outcome.Following entry ->
          LOG.atInfo()
              .addKeyValue("model", entry.id())
              .addKeyValue("topic", entry.topic())
              .addKeyValue("offset", entry.offset())
              .log("Following the weights topic");
    }
  }

  private void warn(String message, String id, String reason) {
    lastProblem = reason;
    LOG.atWarn().addKeyValue("model", id).addKeyValue("reason", reason).log(message);
  }
}
