package dev.sluice.app;

import dev.sluice.quality.FeedbackTopic;
import dev.sluice.quality.ScoresException;
import dev.sluice.score.Verdicts;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the verdicts on alerts current, on a thread of its own. When something goes wrong after the
 * start, they stay as they are, and it tries again.
 */
final class FeedbackFollower implements Verdicts.Source, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FeedbackFollower.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Map<String, String> kafka;
  private final Optional<String> topic;
  private final Thread thread;
  private volatile Verdicts verdicts = Verdicts.NONE;
  private @Nullable FeedbackTopic opened; // Of the start; later of the thread alone.
  private volatile boolean closed;

  /**
   * Creates a follower.
   *
   * @param topic to follow; empty for none
   */
  FeedbackFollower(Map<String, String> kafka, Optional<String> topic) {
    this.kafka = kafka;
    this.topic = topic;
    this.thread = Thread.ofPlatform().daemon().name("sluice-feedback").unstarted(this::run);
  }

  @Override
  public Verdicts now() {
    return verdicts;
  }

  /** Reads what was said until now, and goes on in the background. */
  void start() {
    if (topic.isPresent()) {
      FeedbackTopic first = open(kafka, topic.get());
      verdicts = readToEnd(first);
      opened = first;
      thread.start();
    }
  }

  /** Returns what was said until now. */
  static Verdicts read(Map<String, String> kafka, String topic) {
    try (FeedbackTopic feedback = open(kafka, topic)) {
      return readToEnd(feedback);
    }
  }

  private static FeedbackTopic open(Map<String, String> kafka, String topic) {
    try {
      return FeedbackTopic.open(kafka, topic, TIMEOUT);
    } catch (ScoresException e) {
      throw new Complaint(e);
    }
  }

  private static Verdicts readToEnd(FeedbackTopic feedback) {
    try {
      return feedback.readToEnd();
    } catch (ScoresException e) {
      feedback.close();
      throw new Complaint(e);
    }
  }

  private void run() {
    while (!closed) {
      try (FeedbackTopic feedback = Objects.requireNonNullElseGet(opened, this::again)) {
        take(feedback.readToEnd());
        while (!closed) {
          take(feedback.poll(POLL));
        }
      } catch (Complaint | ScoresException | KafkaException e) {
        if (!closed) {
          LOG.atWarn().addKeyValue("reason", e.getMessage()).log("Feedback topic not readable");
          pause();
        }
      }
      opened = null;
    }
  }

  private FeedbackTopic again() {
    return open(kafka, topic.orElseThrow());
  }

  @SuppressWarnings("ReferenceEquality") // It is the same one while nothing is said.
  private void take(Verdicts now) {
    if (now != verdicts) {
      verdicts = now;
      LOG.atInfo().addKeyValue("topic", topic.orElseThrow()).log("Feedback taken");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException _) {
      LOG.atDebug().log("Interrupted between two attempts");
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
