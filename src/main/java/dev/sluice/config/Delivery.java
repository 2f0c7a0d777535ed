package dev.sluice.config;

import java.time.Duration;

/**
 * The {@code delivery} section: how results are delivered, and how fast.
 *
 * @param guarantee how often a result appears
 * @param commitInterval time between commits, 10ms to 5m; under exactly-once also how long a reader
 *     waits for a result
 * @param wave events stepped together at most, 1 to 4096
 * @param threads stream threads of an instance, 1 to 256
 */
public record Delivery(Guarantee guarantee, Duration commitInterval, int wave, int threads) {

  private static final Duration MIN_COMMIT = Duration.ofMillis(10);
  private static final Duration MAX_COMMIT = Duration.ofMinutes(5);
  private static final int MAX_WAVE = 4096;
  private static final int MAX_THREADS = 256;

  /** How often a result appears, whatever fails. */
  public enum Guarantee {
    /** Once: results, memories and offsets are committed in one transaction. */
    EXACTLY_ONCE,
    /** Once, or again after a failure; a memory may then have taken the same event twice. */
    AT_LEAST_ONCE
  }

  /**
   * Checks the section.
   *
   * @throws TopologyException naming every field at fault
   */
  public Delivery {
    new Check("delivery")
        .duration("commitInterval", commitInterval, MIN_COMMIT, MAX_COMMIT)
        .whole("wave", wave, 1, MAX_WAVE)
        .whole("threads", threads, 1, MAX_THREADS)
        .done();
  }

  /** What a file without this section means. */
  public static Delivery defaults() {
    return new Delivery(
        Guarantee.EXACTLY_ONCE, Defaults.COMMIT_INTERVAL, Defaults.WAVE, Defaults.THREADS);
  }
}
