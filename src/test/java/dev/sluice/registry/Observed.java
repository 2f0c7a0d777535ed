package dev.sluice.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A listener that remembers what it heard and lets a test wait for something. */
final class Observed implements Consumer<Outcome> {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Outcome> heard = new ArrayList<>();

  @Override
  public synchronized void accept(Outcome outcome) {
    heard.add(outcome);
    notifyAll();
  }

  synchronized List<Outcome> all() {
    return List.copyOf(heard);
  }

  synchronized <T extends Outcome> List<T> all(Class<T> kind) {
    return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Waits for the first outcome of that kind that the test is about. */
  synchronized <T extends Outcome> T await(Class<T> kind, Predicate<T> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      for (T outcome : all(kind)) {
        if (wanted.test(outcome)) {
          return outcome;
        }
      }
      long left = deadline - System.nanoTime();
      assertThat(left).as("time left to wait for a %s; heard %s", kind, heard).isPositive();
      wait(Math.max(1, left / 1_000_000));
    }
  }

  Outcome.Refused awaitRefused(int version) throws InterruptedException {
    return await(Outcome.Refused.class, refused -> refused.version() == version);
  }

  Outcome.InForce awaitInForce(long sequence) throws InterruptedException {
    return await(Outcome.InForce.class, entry -> entry.sequence() == sequence);
  }
}
