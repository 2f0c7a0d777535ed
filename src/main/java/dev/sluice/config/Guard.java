package dev.sluice.config;

import java.time.Duration;

/**
 * The {@code weights.guard} section: when {@code sluice models guard} goes back to the version
 * before.
 *
 * @param worse by how many nats the mean surprise has to rise, above 0 and up to 20. A difference
 *     of nats is a ratio of probabilities: 0.2 nats worse is to give what comes 18 % less of it
 * @param events results of the new version that are judged by at least, 200 to 100,000,000
 * @param within how long a new version is watched, 1s to 30d
 */
public record Guard(double worse, int events, Duration within) {

  private static final double MOST_NATS = 20;
  private static final int FEWEST_EVENTS = 200;
  private static final int MOST_EVENTS = 100_000_000;
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(30);

  /**
   * Checks the section.
   *
   * @throws TopologyException naming every field at fault
   */
  public Guard {
    new Check("weights.guard")
        .above("worse", worse, 0, MOST_NATS)
        .whole("events", events, FEWEST_EVENTS, MOST_EVENTS)
        .duration("within", within, SHORTEST, LONGEST)
        .done();
  }

  /** What a file without this section means. */
  public static Guard defaults() {
    return new Guard(Defaults.GUARD_WORSE, Defaults.GUARD_EVENTS, Defaults.GUARD_WITHIN);
  }
}
