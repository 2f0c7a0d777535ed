package dev.sluice.score;

import java.util.List;

/**
 * Which high scores are alerts, beyond threshold and silence. The same for all keys.
 *
 * @param minEvents events in a row whose score has to be high, 1 to 1,000,000
 * @param minDurationMillis event time from the first of them on, in milliseconds, at least 0
 * @param maxPerHour most alerts of a key in an hour of the UTC clock, by event time; 0 for any
 *     number
 * @param suppressions when no alert is raised; the first that fits gives the reason
 * @param feedback what people said of earlier alerts
 */
public record AlertPolicy(
    int minEvents,
    long minDurationMillis,
    int maxPerHour,
    List<Suppression> suppressions,
    Verdicts.Source feedback) {

  /** Every high score may be an alert. */
  public static final AlertPolicy NONE = new AlertPolicy(1, 0, 0, List.of());

  /** Checks the ranges. */
  public AlertPolicy {
    if (minEvents < 1 || minDurationMillis < 0 || maxPerHour < 0) {
      throw new IllegalArgumentException(
          "minEvents "
              + minEvents
              + " must be at least 1, minDurationMillis "
              + minDurationMillis
              + " and maxPerHour "
              + maxPerHour
              + " at least 0");
    }
    suppressions = List.copyOf(suppressions);
  }

  /** Creates a policy without feedback. */
  public AlertPolicy(
      int minEvents, long minDurationMillis, int maxPerHour, List<Suppression> suppressions) {
    this(minEvents, minDurationMillis, maxPerHour, suppressions, Verdicts.Source.SILENT);
  }

  /** Returns this policy with feedback. */
  public AlertPolicy withFeedback(Verdicts.Source source) {
    return new AlertPolicy(minEvents, minDurationMillis, maxPerHour, suppressions, source);
  }
}
