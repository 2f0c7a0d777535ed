package dev.sluice.score;

/**
 * When a surprise becomes a score, and a score an alert.
 *
 * @param threshold score from which an event is an alert, in (0, 1]
 * @param warmUp events of a key before it can alert, 0 to 1,000,000
 * @param quiet events for which a key stays silent after an alert, unless it gets worse; 0 to
 *     1,000,000
 */
public record Calibration(double threshold, int warmUp, int quiet) {

  private static final int MAX_EVENTS = 1_000_000;

  /** Checks the ranges. */
  public Calibration {
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException("threshold " + threshold + " is not in (0, 1]");
    }
    if (warmUp < 0 || warmUp > MAX_EVENTS || quiet < 0 || quiet > MAX_EVENTS) {
      throw new IllegalArgumentException(
          "warmUp " + warmUp + " and quiet " + quiet + " must be from 0 to " + MAX_EVENTS);
    }
  }
}
