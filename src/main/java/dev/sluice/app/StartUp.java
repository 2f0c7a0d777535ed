package dev.sluice.app;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The phases of a start: each is timed for the log, and one that lasts longer than 2 s is named to
 * whoever waits, while it lasts. Phases may overlap.
 */
final class StartUp {

  private static final Logger LOG = LoggerFactory.getLogger(StartUp.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Consumer<String> say;

  StartUp(Consumer<String> say) {
    this.say = say;
  }

  /**
   * Does one phase.
   *
   * @param what it is called, such as {@code checking the topics}
   */
  <T> T phase(String what, Callable<T> work) throws Exception {
    try (Phase _ = begin(what)) {
      return work.call();
    }
  }

  /** Begins a phase that ends when it is closed. */
  Phase begin(String what) {
    return new Phase(what);
  }

  /** Returns how long this process has run. */
  static Duration age() {
    Instant now = Instant.now();
    return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
  }

  /** A phase that has begun. */
  final class Phase implements AutoCloseable {

    private final String what;
    private final long began = System.nanoTime();
    private final Thread impatience;
    private boolean closed;

    private Phase(String what) {
      this.what = what;
      this.impatience = Thread.ofVirtual().start(this::sayIfLong);
    }

    private void sayIfLong() {
      try {
        Thread.sleep(PATIENCE);
        say.accept("Still " + what + " ...");
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public synchronized void close() {
      if (closed) {
        return;
      }
      closed = true;
      impatience.interrupt();
      LOG.atDebug()
          .addKeyValue("millis", (System.nanoTime() - began) / 1_000_000)
          .addKeyValue("age", age().toMillis())
          .log("Start-up: " + what);
    }
  }
}
