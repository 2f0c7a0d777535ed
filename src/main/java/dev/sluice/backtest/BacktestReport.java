package dev.sluice.backtest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/**
 * What alerts and scores were worth on labelled events, for people and for scripts.
 *
 * @param events scored events
 * @param keys their keys
 * @param spanMillis from the first event of all keys to the last
 * @param empty labelled anomalies in which no event was scored; they count nowhere
 * @param detection alerts against the other labels
 * @param nab scores against them, as NAB counts
 */
public record BacktestReport(
    long events, int keys, long spanMillis, int empty, Detection detection, Nab nab) {

  private static final double MILLIS_A_DAY = 86_400_000;

  /**
   * Scores as NAB counts them.
   *
   * @param windows labelled anomalies that it has rules for
   * @param lines one for each profile; empty without such an anomaly
   */
  public record Nab(int windows, List<NabLine> lines) {

    /** Copies the lines. */
    public Nab {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Scores under one profile: 0 for a detector that never speaks, 100 for a perfect one.
   *
   * @param profile how errors are weighed
   * @param ofAlerts the score of the alerts that were raised
   * @param best the score at the best threshold, found with the labels
   * @param threshold that threshold; positive infinity where silence is best
   */
  public record NabLine(NabProfile profile, double ofAlerts, double best, double threshold) {}

  /** Returns the alerts a day of all keys together; 0 if no time passed. */
  public double alertsPerDay() {
    return spanMillis == 0 ? 0 : detection.alerts() * MILLIS_A_DAY / spanMillis;
  }

  /** Returns a table. */
  public String text() {
    var out = new Formatter(Locale.ROOT);
    int windows = detection.found() + detection.missed();
    out.format("%,d events of %,d keys, %,d labelled anomalies%n", events, keys, windows);
    if (empty > 0) {
      out.format("%,d more labels have no event in them: they do not count%n", empty);
    }
    out.format(
        "precision    %6.3f  %,d anomalies found, %,d alerts outside%n",
        detection.precision(), detection.found(), detection.falseAlerts());
    out.format(
        "recall       %6.3f  %,d of %,d found%n", detection.recall(), detection.found(), windows);
    out.format("F1           %6.3f%n", detection.f1());
    out.format(
        "mean delay   %6s  from the first event of an anomaly to its first alert%n",
        duration(detection.meanDelayMillis()));
    out.format(
        "alerts a day %6.2f  %,d in %.1f days; %.3f a day and key%n%n",
        alertsPerDay(), detection.alerts(), spanMillis / MILLIS_A_DAY, detection.alertsPerDay());
    nab(out, windows);
    return out.toString();
  }

  private void nab(Formatter out, int windows) {
    if (nab.lines().isEmpty()) {
      out.format("No NAB scores: no label after the first 15 %% of its key's events.%n");
      return;
    }
    out.format("%-20s%14s%16s%12s%n", "NAB", "these alerts", "best threshold", "which is");
    for (NabLine line : nab.lines()) {
      out.format("%-20s%14.2f", line.profile().label(), line.ofAlerts());
      if (Double.isFinite(line.threshold())) {
        out.format("%16.2f%12.4f%n", line.best(), line.threshold());
      } else {
        out.format("%16.2f%12s%n", line.best(), "none");
      }
    }
    if (nab.windows() < windows) {
      out.format(
          "NAB leaves out %,d of the anomalies, begun in the first 15 %% of their key's events (750"
              + " at most).%n",
          windows - nab.windows());
    }
  }

  /** Returns the same as one JSON object; a threshold that nothing reaches is {@code null}. */
  public String json() {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("events", events).put("keys", keys).put("days", spanMillis / MILLIS_A_DAY);
    report
        .put("found", detection.found())
        .put("missed", detection.missed())
        .put("labelsWithoutEvents", empty)
        .put("alerts", detection.alerts())
        .put("falseAlerts", detection.falseAlerts())
        .put("precision", detection.precision())
        .put("recall", detection.recall())
        .put("f1", detection.f1())
        .put("meanDelaySeconds", detection.meanDelayMillis() / 1000)
        .put("alertsPerDay", alertsPerDay())
        .put("alertsPerDayAndKey", detection.alertsPerDay());
    ArrayNode profiles = report.putArray("nab");
    for (NabLine line : nab.lines()) {
      ObjectNode profile =
          profiles
              .addObject()
              .put("profile", line.profile().label())
              .put("anomalies", nab.windows())
              .put("alerts", line.ofAlerts())
              .put("best", line.best());
      if (Double.isFinite(line.threshold())) {
        profile.put("threshold", line.threshold());
      } else {
        profile.putNull("threshold");
      }
    }
    return report.toPrettyString();
  }

  /** Two units at most: {@code 40 s}, {@code 3 min 20 s}, {@code 2 d 4 h}. */
  private static String duration(double millis) {
    long seconds = Math.round(millis / 1000);
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    long minutes = Math.round(seconds / 60.0);
    if (minutes < 24 * 60) {
      return minutes / 60 + " h " + minutes % 60 + " min";
    }
    long hours = Math.round(minutes / 60.0);
    return hours / 24 + " d " + hours % 24 + " h";
  }
}
