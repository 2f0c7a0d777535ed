package dev.sluice.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The {@code alerts} section: which scores over the threshold are alerts.
 *
 * @param minEvents events in a row whose score has to be over the threshold, 1 to 1,000,000
 * @param minDuration event time from the first of them on, 0 s to 36,500 d
 * @param maxPerHour most alerts of a key in an hour of the UTC clock, 1 to 1,000,000; any number if
 *     empty
 * @param suppress when no alert is raised, at most 1,000 windows
 * @param feedback the topic on which people say that an alert was fine; empty if nobody does
 */
public record AlertsDecl(
    int minEvents,
    Duration minDuration,
    Optional<Integer> maxPerHour,
    List<SuppressDecl> suppress,
    Optional<String> feedback) {

  private static final int MAX_EVENTS = 1_000_000;
  private static final int MAX_WINDOWS = 1000;

  /**
   * Checks the section.
   *
   * @throws TopologyException naming every field at fault
   */
  public AlertsDecl {
    suppress = List.copyOf(suppress);
    new Check("alerts")
        .whole("minEvents", minEvents, 1, MAX_EVENTS)
        .duration("minDuration", minDuration, Duration.ZERO, Duration.ofDays(36_500))
        .topic("feedback", feedback.orElse("none"))
        .whole("maxPerHour", maxPerHour.orElse(1), 1, MAX_EVENTS)
        .require(
            suppress.size() <= MAX_WINDOWS,
            "suppress",
            suppress.size() + " windows",
            "are too many",
            "Write at most " + MAX_WINDOWS)
        .done();
  }

  /** Whether an alert can be suppressed at all. */
  public boolean suppresses() {
    return maxPerHour.isPresent() || !suppress.isEmpty() || feedback.isPresent();
  }

  /** What a file without this section means. */
  public static AlertsDecl defaults() {
    return new AlertsDecl(
        Defaults.MIN_EVENTS, Defaults.MIN_DURATION, Optional.empty(), List.of(), Optional.empty());
  }
}
