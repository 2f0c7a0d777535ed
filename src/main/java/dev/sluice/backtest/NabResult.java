package dev.sluice.backtest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a detector scores at one threshold under one profile.
 *
 * @param profile how errors were weighed
 * @param threshold a row is a detection when its score is at or over this; positive infinity when
 *     detecting nothing at all was best
 * @param series one tally per series scored, in corpus order; at least one window among them
 */
public record NabResult(NabProfile profile, double threshold, List<Tally> series) {

  public NabResult {
    series = List.copyOf(series);
    if (series.stream().allMatch(tally -> tally.windows() == 0)) {
      throw new IllegalArgumentException(
          "none of the " + series.size() + " series has a labelled window, so there is no score");
    }
  }

  /** Returns the score: 0 for a detector that never speaks, 100 for a perfect one; no lower end. */
  public double score() {
    return total().score(profile);
  }

  /** Returns all series together. */
  public Tally total() {
    return series.stream().reduce(new Tally("total", 0, 0, 0, 0), Tally::plus);
  }

  /** Returns one tally for each category, named by it, in corpus order. */
  public List<Tally> categories() {
    Map<String, Tally> byCategory = new LinkedHashMap<>();
    for (Tally tally : series) {
      String category = tally.name().split("/", 2)[0];
      byCategory.merge(category, new Tally(category, 0, 0, 0, 0).plus(tally), Tally::plus);
    }
    return List.copyOf(byCategory.values());
  }

  /**
   * Hits and errors of a part of the corpus.
   *
   * @param name the series, the category, or {@code total}
   * @param truePositives windows with at least one detection
   * @param falseNegatives windows without
   * @param falsePositives rows detected outside windows and probation
   * @param raw credits and costs added up, weighed by the profile, not normalised
   */
  public record Tally(
      String name, int truePositives, int falseNegatives, int falsePositives, double raw) {

    /** Returns the number of windows. */
    public int windows() {
      return truePositives + falseNegatives;
    }

    /** Returns {@link NabResult#score} for this part alone, which needs to have a window. */
    double score(NabProfile profile) {
      double silent = -profile.falseNegative() * windows();
      double perfect = profile.truePositive() * windows();
      return 100 * (raw - silent) / (perfect - silent);
    }

    Tally plus(Tally other) {
      return new Tally(
          name,
          truePositives + other.truePositives,
          falseNegatives + other.falseNegatives,
          falsePositives + other.falsePositives,
          raw + other.raw);
    }
  }
}
