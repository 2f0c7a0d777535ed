package dev.sluice.river;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.event.Event;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.Models;
import dev.sluice.registry.Timeline;
import dev.sluice.river.Settings.OnSwap;
import dev.sluice.river.TestModels.Kind;
import dev.sluice.score.AlertPolicy;
import dev.sluice.score.Suppression;
import dev.sluice.state.Encoding;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Once models and keys are known, an event leaves nothing to the garbage collector. */
final class RiverAllocationTest {

  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final int EVENTS = 5_000;

  private static Settings settings() {
    var policy =
        new AlertPolicy(
            2, 1000, 1, List.of(new Suppression(0, 3_600_000, 86_400_000, "key*", "night")));
    return new Settings(
        Runs.WAVE,
        0.9,
        Optional.empty(),
        new OnSwap.Keep(),
        Encoding.FLOAT32,
        Settings.NEVER,
        policy,
        Optional.of(new Settings.Adapt(true, 0.01)));
  }

  @ParameterizedTest
  @CsvSource({"BINS, 1", "BINS, 64", "GAUSSIAN, 64", "WORDS, 64", "SEVERAL, 64"})
  void aKnownKeyCostsNothing(Kind kind, int wave) {
    // Versions above 127 and two models of one shape: neither is paid for.
    Model first = TestModels.random(1000, kind, 8);
    Model second = TestModels.random(1001, kind, 8);
    Models<Model> models = Runs.of(new long[] {Long.MIN_VALUE, TestEvents.START}, first, second);
    costsNothing(new Runs(settings(), models), wave);
  }

  /** Neither an event that a row keeps, nor one that two models step, one of them as a canary. */
  @ParameterizedTest
  @CsvSource({"BINS, 64", "WORDS, 1"})
  void aPolicyCostsNothingBetweenSwapsNorAShadow(Kind kind, int wave) {
    Model first = TestModels.random(1000, kind, 8);
    Model second = TestModels.random(1001, kind, 8);
    Timeline timeline =
        Timeline.empty("test")
            .plus(1000, Timeline.IMMEDIATE, 0, Timeline.What.PUBLISH)
            .plusCanary(1001, 0.5, TestEvents.START + 50_000, 0);
    Models<Model> models = FixedModels.of(timeline, Map.of(1000, first, 1001, second)).models();
    costsNothing(new Runs(new OnSwap.Rewarm(8), models), wave);
    costsNothing(new Runs(new OnSwap.Shadow(1_000_000_000), models), wave);
  }

  private static void costsNothing(Runs run, int wave) {
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
