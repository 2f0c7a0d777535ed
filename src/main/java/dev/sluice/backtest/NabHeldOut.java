package dev.sluice.backtest;

import java.util.List;

/**
 * The scores of a detector on series that had no part in choosing its threshold: an honest figure,
 * where the benchmark's own chooses the threshold on the very labels it is judged by.
 *
 * @param profile how errors were weighed
 * @param scores one score per division of the corpus into halves that give each other the threshold
 */
public record NabHeldOut(NabProfile profile, List<Double> scores) {

  public NabHeldOut {
    scores = List.copyOf(scores);
    if (scores.isEmpty()) {
      throw new IllegalArgumentException("no division was scored: ask for at least one");
    }
  }

  /** Returns the mean over the divisions: the figure to quote. */
  public double mean() {
    return scores.stream().mapToDouble(Double::doubleValue).sum() / scores.size();
  }

  /** Returns the standard deviation of one division's score; 0 where there is only one. */
  public double deviation() {
    double mean = mean();
    double squares = scores.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    return StrictMath.sqrt(squares / Math.max(1, scores.size() - 1));
  }
}
