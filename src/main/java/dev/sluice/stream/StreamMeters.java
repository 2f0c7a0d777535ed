package dev.sluice.stream;

import dev.sluice.event.Rejection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** What a stream says about itself; counted per wave, so that an event costs nothing. */
public final class StreamMeters {

  private final Counter events;
  private final Counter waves;
  private final Counter alerts;
  private final Counter rows;
  private final Counter resets;
  private final Counter expired;
  private final Counter recomputed;
  private final Counter inexact;
  private final Map<Rejection.Reason, Counter> deadLetters = new EnumMap<>(Rejection.Reason.class);

  /** Registers the meters. */
  StreamMeters(MeterRegistry registry, TaskMemory.Registry tasks) {
    events = Counter.builder("sluice.events").description("Events scored").register(registry);
    waves = Counter.builder("sluice.waves").description("Waves processed").register(registry);
    alerts = Counter.builder("sluice.alerts").description("Alerts sent").register(registry);
    rows =
        Counter.builder("sluice.changelog.rows")
            .description("Memories written to the changelog")
            .register(registry);
    resets =
        Counter.builder("sluice.memory.resets")
            .description("Memories that began anew: misfit at a swap, by policy, or not finite")
            .register(registry);
    expired =
        Counter.builder("sluice.memory.expired")
            .description("Memories that ended because their key was silent for too long")
            .register(registry);
    recomputed =
        Counter.builder("sluice.recomputed.events")
            .description("Events that memories were brought up to date with after a restart")
            .register(registry);
    inexact =
        Counter.builder("sluice.recomputed.inexactly")
            .description("Times that records or model versions were gone that were needed for it")
            .register(registry);
    for (Rejection.Reason reason : Rejection.Reason.values()) {
      deadLetters.put(
          reason,
          Counter.builder("sluice.dead.letters")
              .description("Records that could not be scored")
              .tag("reason", reason.name())
              .register(registry));
    }
    Gauge.builder("sluice.memory.keys", tasks, TaskMemory.Registry::keys)
        .description("Keys with a memory in this process")
        .register(registry);
  }

  void wave(long scored, long alerted, long reset) {
    waves.increment();
    events.increment((double) scored);
    alerts.increment((double) alerted);
    resets.increment((double) reset);
  }

  void expired(long count) {
    expired.increment((double) count);
  }

  void deadLetter(Rejection.Reason reason) {
    Counter counter = deadLetters.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  void recomputed(long count) {
    recomputed.increment((double) count);
  }

  void recomputedInexactly() {
    inexact.increment();
  }

  void written(long count) {
    rows.increment((double) count);
  }

  /** Returns the events scored so far. */
  public long events() {
    return (long) events.count();
  }

  /** Returns the alerts sent so far. */
  public long alerts() {
    return (long) alerts.count();
  }

  /** Returns the dead letters sent so far. */
  public long deadLetters() {
    return (long) deadLetters.values().stream().mapToDouble(Counter::count).sum();
  }
}
