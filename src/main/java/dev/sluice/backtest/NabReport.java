package dev.sluice.backtest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a detector is worth on the benchmark, for people and for scripts.
 *
 * @param detector what to call it
 * @param rows rows in the corpus
 * @param windows labelled anomalies in the corpus
 * @param lines one for each profile
 */
public record NabReport(String detector, int rows, int windows, List<Line> lines) {

  private static final int DIVISIONS = 20;
  private static final long SEED = 1;
  private static final int NAME_WIDTH = 22;
  private static final int COLUMN_WIDTH = 12;

  public NabReport {
    lines = List.copyOf(lines);
  }

  /** Scores under every profile: at the best threshold, and held out over 20 divisions. */
  public static NabReport of(String detector, NabScorer scorer) {
    List<Line> lines = new ArrayList<>();
    for (NabProfile profile : NabProfile.values()) {
      lines.add(new Line(scorer.best(profile), scorer.heldOut(profile, DIVISIONS, SEED)));
    }
    return new NabReport(detector, scorer.corpus().rows(), scorer.corpus().windows(), lines);
  }

  /** Returns a table of the profiles, then for each a table of the categories. */
  public String text() {
    var out = new StringBuilder();
    out.append("NAB, ").append(detector).append(": ").append(windows).append(" windows in ");
    out.append(rows).append(" rows\n\n");
    row(out, "profile", "score", "held out", "threshold");
    for (Line line : lines) {
      NabResult best = line.best();
      row(
          out,
          best.profile().label(),
          hundredths(best.score()),
          hundredths(line.heldOut().mean()),
          threshold(best));
    }
    for (Line line : lines) {
      out.append('\n');
      row(out, line.best().profile().label(), "found", "missed", "false");
      line.best().categories().forEach(tally -> row(out, tally));
      row(out, line.best().total());
    }
    out.append(
        """

        score: threshold chosen on the labels it is judged by, as NAB publishes it.
        held out: each half of the files scored at the other half's threshold; mean of %d divisions.
        found, missed: labelled windows. false: rows at or over the threshold outside windows.
        """
            .replace("%d", Integer.toString(DIVISIONS)));
    return out.toString();
  }

  /** Returns the same as a JSON object; a threshold that nothing reaches is {@code null}. */
  public ObjectNode json() {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("detector", detector).put("rows", rows).put("windows", windows);
    ArrayNode profiles = report.putArray("profiles");
    for (Line line : lines) {
      NabResult best = line.best();
      ObjectNode profile = profiles.addObject();
      profile.put("profile", best.profile().label()).put("score", best.score());
      if (Double.isFinite(best.threshold())) {
        profile.put("threshold", best.threshold());
      } else {
        profile.putNull("threshold");
      }
      profile
          .putObject("heldOut")
          .put("mean", line.heldOut().mean())
          .put("deviation", line.heldOut().deviation())
          .put("divisions", line.heldOut().scores().size());
      put(profile.putObject("total"), best.total());
      ObjectNode categories = profile.putObject("categories");
      best.categories().forEach(tally -> put(categories.putObject(tally.name()), tally));
    }
    return report;
  }

  private static void put(ObjectNode node, NabResult.Tally tally) {
    node.put("truePositives", tally.truePositives())
        .put("falseNegatives", tally.falseNegatives())
        .put("falsePositives", tally.falsePositives());
  }

  private static void row(StringBuilder out, NabResult.Tally tally) {
    row(
        out,
        tally.name(),
        Integer.toString(tally.truePositives()),
        Integer.toString(tally.falseNegatives()),
        Integer.toString(tally.falsePositives()));
  }

  private static void row(StringBuilder out, String name, String... columns) {
    out.append(name).repeat(' ', Math.max(1, NAME_WIDTH - name.length()));
    for (String column : columns) {
      out.repeat(' ', Math.max(1, COLUMN_WIDTH - column.length())).append(column);
    }
    out.append('\n');
  }

  private static String threshold(NabResult result) {
    return Double.isFinite(result.threshold()) ? Double.toString(result.threshold()) : "none";
  }

  private static String hundredths(double score) {
    return BigDecimal.valueOf(score).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
  }

  /**
   * One profile.
   *
   * @param best the result at the best threshold
   * @param heldOut the scores with the threshold chosen on other series
   */
  public record Line(NabResult best, NabHeldOut heldOut) {}
}
