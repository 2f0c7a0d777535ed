package dev.sluice.app;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;

/**
 * Whether a new thread may take the place of one that failed. It begins at the last commit, so
 * nothing is lost or doubled by it; what has to be told apart is trouble that passes, such as a
 * broker that was killed in the middle of a transaction, from trouble that would come again.
 */
final class ThreadFailures {

  /** So many failures within the window are no accident any more. */
  static final int MOST = 20;

  static final Duration WINDOW = Duration.ofMinutes(10);

  private final Deque<Long> recent = new ArrayDeque<>();

  /**
   * Notes a failure.
   *
   * @param root the innermost cause
   * @param nowNanos of {@link System#nanoTime}
   */
  synchronized boolean mayGoOn(Throwable root, long nowNanos) {
    while (!recent.isEmpty() && nowNanos - recent.getFirst() > WINDOW.toNanos()) {
      recent.removeFirst();
    }
    recent.addLast(nowNanos);
    return isPassing(root) && recent.size() <= MOST;
  }

  private static boolean isPassing(Throwable root) {
    return switch (root) {
      case AuthenticationException _ -> false;
      case AuthorizationException _ -> false;
      case ConfigException _ -> false;
      case SerializationException _ -> false;
      case MissingSourceTopicException _ -> false;
      case KafkaException _ -> true; // From a client or a broker: not from our own code.
      default -> false;
    };
  }
}
