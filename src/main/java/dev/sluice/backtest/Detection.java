package dev.sluice.backtest;

import java.util.BitSet;
import java.util.List;

/**
 * How well alerts match labelled anomalies, in everyday terms; parts can be added up over series.
 *
 * <p>An anomaly counts as found once, however many alerts fall into its window. Every alert outside
 * all windows is a false one. So precision is about alerts as a person meets them: found anomalies
 * against false alerts.
 *
 * @param found windows with at least one alert
 * @param missed windows without
 * @param falseAlerts alerts outside all windows
 * @param alerts all alerts, also the second and later ones in a window
 * @param delayMillis over the windows found, the sum of times from first row to first alert
 * @param spanMillis the time the series cover, added up
 */
public record Detection(
    int found, int missed, int falseAlerts, int alerts, long delayMillis, long spanMillis) {

  /** What a sum begins with. */
  public static final Detection NOTHING = new Detection(0, 0, 0, 0, 0, 0);

  private static final double MILLIS_A_DAY = 86_400_000;

  /**
   * Compares the alerts of one series with its labels.
   *
   * @param timesMillis shape (rows), epoch milliseconds
   * @param alerts the rows that raised an alert
   * @param windows ascending and apart
   */
  public static Detection of(long[] timesMillis, BitSet alerts, List<Window> windows) {
    if (alerts.length() > timesMillis.length) {
      throw new IllegalArgumentException(
          "an alert at row " + (alerts.length() - 1) + " of " + timesMillis.length + " rows");
    }
    int found = 0;
    int inside = 0;
    long delayMillis = 0;
    for (Window window : windows) {
      int first = alerts.nextSetBit(window.first());
      if (first >= 0 && first <= window.last()) {
        found++;
        inside += alerts.get(window.first(), window.last() + 1).cardinality();
        delayMillis += timesMillis[first] - timesMillis[window.first()];
      }
    }
    int all = alerts.cardinality();
    long span = timesMillis.length == 0 ? 0 : timesMillis[timesMillis.length - 1] - timesMillis[0];
    return new Detection(found, windows.size() - found, all - inside, all, delayMillis, span);
  }

  /** Returns both together. */
  public Detection plus(Detection other) {
    return new Detection(
        found + other.found,
        missed + other.missed,
        falseAlerts + other.falseAlerts,
        alerts + other.alerts,
        delayMillis + other.delayMillis,
        spanMillis + other.spanMillis);
  }

  /** Returns the share of what was reported that was real, in [0, 1]; 0 if nothing was. */
  public double precision() {
    return ratio(found, found + falseAlerts);
  }

  /** Returns the share of the windows that were found, in [0, 1]; 0 if there are none. */
  public double recall() {
    return ratio(found, found + missed);
  }

  /** Returns the harmonic mean of precision and recall, in [0, 1]. */
  public double f1() {
    return ratio(2 * found, 2 * found + falseAlerts + missed);
  }

  /** Returns the mean time from a window's first row to its first alert; 0 if none was found. */
  public double meanDelayMillis() {
    return ratio((double) delayMillis, found);
  }

  /** Returns the alerts per day of one series; 0 if no time passed. */
  public double alertsPerDay() {
    return ratio(alerts, spanMillis / MILLIS_A_DAY);
  }

  private static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
