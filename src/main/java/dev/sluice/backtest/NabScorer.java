package dev.sluice.backtest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Scores a detector as NAB 1.1 does: one threshold for all series, the earliest detection in a
 * window counts once, every detection outside costs.
 *
 * <p>The rows are sorted by score once. Lowering the threshold past a row changes one addend of the
 * total, so a single sweep tries every distinct score as the threshold. Immutable, safe to share.
 */
public final class NabScorer {

  private final NabCorpus corpus;
  private final NabCredit credit;
  private final double[] scores; // (rows)
  private final int[] descending; // (scored rows), row numbers by falling score
  private final int[] seriesOf; // (rows)

  /**
   * Sorts the rows by score.
   *
   * @param scores shape (rows of the corpus), corpus order, higher is more anomalous; any range.
   *     Kept, do not write
   * @throws IllegalArgumentException if the shape is wrong or a score is not finite
   */
  public NabScorer(NabCorpus corpus, double[] scores) {
    if (scores.length != corpus.rows()) {
      throw new IllegalArgumentException(
          scores.length + " scores for a corpus of " + corpus.rows() + " rows: give one each");
    }
    this.corpus = corpus;
    this.credit = new NabCredit(corpus);
    this.scores = scores;
    this.seriesOf = new int[scores.length];
    for (int s = 0; s < corpus.series().size(); s++) {
      checkScores(s);
      Arrays.fill(seriesOf, corpus.offset(s), corpus.offset(s + 1), s);
    }
    this.descending =
        IntStream.range(0, scores.length)
            .filter(row -> credit.window(row) != NabCredit.PROBATION)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> -scores[row]))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /** Returns the corpus that was scored. */
  public NabCorpus corpus() {
    return corpus;
  }

  /** Returns the result at the best threshold, as the benchmark's published figures are made. */
  public NabResult best(NabProfile profile) {
    BitSet all = allSeries();
    return result(profile, bestThreshold(profile, all), all);
  }

  /**
   * Returns the result at a threshold fixed beforehand.
   *
   * @param threshold a row is a detection when its score is at or over this
   */
  public NabResult at(NabProfile profile, double threshold) {
    return result(profile, threshold, allSeries());
  }

  /**
   * Scores every series at a threshold chosen on other series: divides the corpus into halves, each
   * half gives the other its threshold, and both together are normalised; several times over.
   *
   * <p>Both ways, so that every window counts once in every division: for HTM and CAD OSE on NAB
   * one division then has a standard deviation of 1.2 points, where half the corpus alone has 3.8.
   * Series with and without windows are divided separately, so that both halves have about as many
   * of each. The same seed gives every detector the same halves.
   *
   * @param divisions how many times, at least 1
   * @throws IllegalArgumentException if fewer than two series have windows
   */
  public NabHeldOut heldOut(NabProfile profile, int divisions, long seed) {
    List<Double> heldOut = new ArrayList<>();
    var random = new Random(seed);
    for (int i = 0; i < divisions; i++) {
      BitSet one = half(random);
      BitSet other = allSeries();
      other.andNot(one);
      NabResult.Tally otherTotal = result(profile, bestThreshold(profile, one), other).total();
      NabResult.Tally oneTotal = result(profile, bestThreshold(profile, other), one).total();
      heldOut.add(otherTotal.plus(oneTotal).score(profile));
    }
    return new NabHeldOut(profile, heldOut);
  }

  private void checkScores(int s) {
    for (int row = corpus.offset(s); row < corpus.offset(s + 1); row++) {
      if (!Double.isFinite(scores[row])) {
        throw new IllegalArgumentException(
            corpus.series().get(s).name()
                + ", row "
                + (row - corpus.offset(s))
                + ": the score is "
                + scores[row]
                + ". Give a finite number; 0 where the detector has none");
      }
    }
  }

  private BitSet allSeries() {
    var all = new BitSet();
    all.set(0, corpus.series().size());
    return all;
  }

  /** Returns the highest of the thresholds that score best on {@code members}. */
  private double bestThreshold(NabProfile profile, BitSet members) {
    double[] earned = new double[corpus.windows()];
    Arrays.fill(earned, -profile.falseNegative());
    double total = 0; // relative to detecting nothing
    double bestTotal = 0;
    double best = Double.POSITIVE_INFINITY;
    double threshold = Double.POSITIVE_INFINITY;
    for (int row : descending) {
      if (!members.get(seriesOf[row])) {
        continue;
      }
      if (scores[row] != threshold) {
        if (total > bestTotal) {
          bestTotal = total;
          best = threshold;
        }
        threshold = scores[row];
      }
      total += gain(profile, row, earned);
    }
    return total > bestTotal ? threshold : best;
  }

  /** Returns what one more detection changes, and notes it where it is its window's earliest. */
  private double gain(NabProfile profile, int row, double[] earned) {
    int window = credit.window(row);
    if (window == NabCredit.OUTSIDE) {
      return profile.falsePositive() * credit.at(row);
    }
    double before = earned[window];
    earned[window] = Math.max(before, profile.truePositive() * credit.at(row));
    return earned[window] - before;
  }

  private NabResult result(NabProfile profile, double threshold, BitSet members) {
    List<NabResult.Tally> tallies = new ArrayList<>();
    members.stream().forEach(s -> tallies.add(tally(profile, threshold, s)));
    return new NabResult(profile, threshold, tallies);
  }

  private NabResult.Tally tally(NabProfile profile, double threshold, int s) {
    int truePositives = 0;
    int falsePositives = 0;
    double raw = 0;
    int lastFound = NabCredit.OUTSIDE;
    for (int row = corpus.offset(s); row < corpus.offset(s + 1); row++) {
      int window = credit.window(row);
      if (window == NabCredit.PROBATION || scores[row] < threshold) {
        continue;
      }
      if (window == NabCredit.OUTSIDE) {
        falsePositives++;
        raw += profile.falsePositive() * credit.at(row);
      } else if (window != lastFound) {
        lastFound = window;
        truePositives++;
        raw += profile.truePositive() * credit.at(row);
      }
    }
    NabSeries series = corpus.series().get(s);
    int falseNegatives = series.windows().size() - truePositives;
    raw -= profile.falseNegative() * falseNegatives;
    return new NabResult.Tally(series.name(), truePositives, falseNegatives, falsePositives, raw);
  }

  private BitSet half(Random random) {
    var half = new BitSet();
    addHalf(half, random, true);
    addHalf(half, random, false);
    return half;
  }

  private void addHalf(BitSet half, Random random, boolean withWindows) {
    int[] members =
        IntStream.range(0, corpus.series().size())
            .filter(s -> corpus.series().get(s).windows().isEmpty() != withWindows)
            .toArray();
    if (withWindows && members.length < 2) {
      throw new IllegalArgumentException(
          "a corpus with windows in "
              + members.length
              + " series cannot be halved: two at least need some");
    }
    // Fisher and Yates, stopped half way: the first half of the array is then a random half.
    for (int i = 0; i < members.length / 2; i++) {
      int other = i + random.nextInt(members.length - i);
      int chosen = members[other];
      members[other] = members[i];
      half.set(chosen);
    }
  }
}
