package dev.sluice.score;

import java.util.Optional;

/**
 * Decides which scores are alerts.
 *
 * <p>A score is high from the threshold on, once the key has warmed up. It raises an alert when the
 * scores have been high for long enough ({@link AlertPolicy#minEvents}, {@link
 * AlertPolicy#minDurationMillis}) and the key is not silent after an earlier alert, unless this
 * score is higher than the one that was alerted. An alert is suppressed, with the reason, in a
 * {@link Suppression}, where {@link Verdicts} say that it was fine before, and beyond {@link
 * AlertPolicy#maxPerHour}. A suppressed alert leaves no trace: it begins no silence and counts for
 * no hour, so that a key that is still strange when the window ends alerts then.
 *
 * <p>A key's statistics here are {@value #STATS_SIZE} doubles: events left to stay quiet, the score
 * that was last alerted, high scores in a row, the time of the first of them, the hour of the last
 * alert (since 1970), and the alerts in it. All zero for a new key. Event times need not ascend: a
 * late alert counts for the latest hour that had one. Immutable and allocation-free, but for the
 * reasons of feedback.
 */
public final class AlertRules {

  /** Doubles of a key's statistics that are used. */
  public static final int STATS_SIZE = 6;

  private static final long HOUR_MILLIS = 3_600_000;

  private static final int QUIET_LEFT = 0;
  private static final int LAST_ALERT = 1;
  private static final int RUN = 2;
  private static final int RUN_SINCE = 3;
  private static final int HOUR = 4;
  private static final int IN_HOUR = 5;

  private final Calibration calibration;
  private final AlertPolicy policy;
  private final Suppression[] suppressions;
  private final Decision[] suppressed; // By place in suppressions.
  private final Decision tooMany;

  /** Creates the rules of one stream. */
  public AlertRules(Calibration calibration, AlertPolicy policy) {
    this.calibration = calibration;
    this.policy = policy;
    this.suppressions = policy.suppressions().toArray(Suppression[]::new);
    this.suppressed = new Decision[suppressions.length];
    for (int i = 0; i < suppressions.length; i++) {
      suppressed[i] = new Decision(false, Optional.of(suppressions[i].why()));
    }
    this.tooMany =
        new Decision(
            false, Optional.of("more than " + policy.maxPerHour() + " alerts in this hour"));
  }

  /**
   * What becomes of a score.
   *
   * @param isAlert whether somebody should look
   * @param suppressed why nobody is told, though otherwise somebody should look
   */
  public record Decision(boolean isAlert, Optional<String> suppressed) {

    /** Nothing happens. */
    public static final Decision SILENCE = new Decision(false, Optional.empty());

    /** Somebody should look. */
    public static final Decision ALERT = new Decision(true, Optional.empty());
  }

  /**
   * Decides, and takes the decision into the key's statistics.
   *
   * @param score in [0, 1]; 0 while the key warms up, which must raise none
   * @param surprise in nats
   * @param key of the event
   * @param timeMillis of the event, epoch milliseconds
   * @param stats {@value #STATS_SIZE} doubles from {@code at} on; updated
   */
  public Decision decide(
      double score, double surprise, byte[] key, long timeMillis, double[] stats, int at) {
    boolean quiet = stats[at + QUIET_LEFT] > 0;
    if (quiet) {
      stats[at + QUIET_LEFT]--;
    }
    if (score < calibration.threshold()) {
      stats[at + RUN] = 0;
      return Decision.SILENCE;
    }
    boolean lasts = lasts(timeMillis, stats, at);
    if (!lasts || (quiet && score <= stats[at + LAST_ALERT])) {
      return Decision.SILENCE;
    }
    for (int i = 0; i < suppressions.length; i++) {
      if (suppressions[i].covers(key, timeMillis)) {
        return suppressed[i];
      }
    }
    Optional<String> whyFine = policy.feedback().now().whyFine(key, timeMillis, surprise);
    if (whyFine.isPresent()) {
      return new Decision(false, whyFine);
    }
    if (!isWithinTheHour(timeMillis, stats, at)) {
      return tooMany;
    }
    stats[at + QUIET_LEFT] = calibration.quiet();
    stats[at + LAST_ALERT] = score;
    return Decision.ALERT;
  }

  /** Adds an event to the run of high scores, and says whether that is long enough. */
  private boolean lasts(long timeMillis, double[] stats, int at) {
    if (stats[at + RUN] == 0) {
      stats[at + RUN_SINCE] = timeMillis;
    }
    // Beyond what is asked for there is nothing to count.
    stats[at + RUN] = StrictMath.min(stats[at + RUN] + 1, policy.minEvents());
    double lasted = timeMillis - stats[at + RUN_SINCE]; // Below 0 at a late event.
    return stats[at + RUN] >= policy.minEvents()
        && (policy.minDurationMillis() == 0 || lasted >= policy.minDurationMillis());
  }

  /** Counts an alert for its hour; false, and uncounted, where that has enough. */
  private boolean isWithinTheHour(long timeMillis, double[] stats, int at) {
    if (policy.maxPerHour() == 0) {
      return true;
    }
    long hour = Math.floorDiv(timeMillis, HOUR_MILLIS);
    if (stats[at + IN_HOUR] == 0 || hour > stats[at + HOUR]) {
      stats[at + HOUR] = hour;
      stats[at + IN_HOUR] = 0;
    }
    if (stats[at + IN_HOUR] >= policy.maxPerHour()) {
      return false;
    }
    stats[at + IN_HOUR]++;
    return true;
  }
}
