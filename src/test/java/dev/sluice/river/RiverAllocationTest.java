package dev.sluice.river;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.event.Event;
import dev.sluice.model.Model;
import dev.sluice.registry.Models;
import dev.sluice.river.Settings.OnSwap;
import dev.sluice.river.TestModels.Kind;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Once models and keys are known, an event leaves nothing to the garbage collector. */
final class RiverAllocationTest {

  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final int EVENTS = 5_000;

  @ParameterizedTest
  @CsvSource({"BINS, 1", "BINS, 64", "GAUSSIAN, 64", "WORDS, 64"})
  void aKnownKeyCostsNothing(Kind kind, int wave) {
    // Versions above 127 and two models of one shape: neither is paid for.
    Model first = TestModels.random(1000, kind, 8);
    Model second = TestModels.random(1001, kind, 8);
    Models<Model> models = Runs.of(new long[] {Long.MIN_VALUE, TestEvents.START}, first, second);
    var run = new Runs(OnSwap.KEEP, models);
    List<Event> events = TestEvents.random(1, 1024, 100);
    Event[][] waves = new Event[events.size() / wave][];
    for (int i = 0; i < waves.length; i++) {
      waves[i] = events.subList(i * wave, (i + 1) * wave).toArray(Event[]::new);
    }
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    // The compiler needs a while to finish, usually less than a second; the best round counts.
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (least > 0 && System.nanoTime() < end) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < EVENTS / wave; i++) {
        run.flow(waves[i % waves.length]);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).as("bytes for %d events", EVENTS).isZero();
  }
}
