package dev.sluice.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish of whoever ends this process (Ctrl-C, SIGTERM) that a loop comes to its end: the process
 * waits until the loop has closed what it holds, or patience is over.
 */
final class Stop implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::terminate, "sluice-stop");

  private Stop() {}

  /** Returns one that is told of the end of this process. */
  static Stop onTermination() {
    var stop = new Stop();
    Runtime.getRuntime().addShutdownHook(stop.hook);
    return stop;
  }

  /** Returns whether to stop. */
  boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** Waits until then, or for so long; returns whether to stop. */
  boolean await(Duration atMost) throws InterruptedException {
    return asked.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Says that the loop has ended. */
  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      asked.countDown(); // The process is ending already.
    }
  }

  private void terminate() {
    asked.countDown();
    try {
      ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
