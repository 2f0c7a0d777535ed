package dev.sluice.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NabScorerTest {

  // NAB's scaled sigmoid at position p is -tanh(5p / 2); these are from a table of tanh.
  private static final double TANH_1_25 = 0.8482836399575129;
  private static final double TANH_2_5 = 0.9866142981514303;

  /**
   * Three series of 20 rows, so of 3 rows of probation. The first has a window of four rows, the
   * second none, the third a window of two.
   */
  private static NabScorer byHand() {
    NabSeries a = series("a/one.csv", 20, new Window(10, 13));
    NabSeries b = series("a/two.csv", 20);
    NabSeries c = series("b/three.csv", 20, new Window(6, 7));
    double[] scores = new double[60];
    scores[1] = 1.0; // in probation: not scored
    scores[12] = 0.9; // half way through the window: position -1/2
    scores[5] = 0.8; // before any window: -1
    scores[16] = 0.7; // a window width after the window: tanh(-2.5)
    scores[20 + 9] = 0.65; // no window in the series: -1
    scores[10] = 0.6; // first row of the window: 1
    scores[40 + 6] = 0.5; // first row of the window: 1
    return new NabScorer(new NabCorpus(List.of(a, b, c)), scores);
  }

  @Test
  void aFixedThresholdScoresAsComputedByHand() {
    NabResult result = byHand().at(NabProfile.STANDARD, 0.65);

    double raw = TANH_1_25 / TANH_2_5 - 0.11 * (1 + TANH_2_5 + 1) - 1;
    assertThat(result.total().raw()).isCloseTo(raw, within(1e-12));
    assertThat(result.score()).isCloseTo(100 * (raw + 2) / 4, within(1e-12));
    assertThat(result.series())
        .extracting(
            NabResult.Tally::name,
            NabResult.Tally::truePositives,
            NabResult.Tally::falseNegatives,
            NabResult.Tally::falsePositives)
        .containsExactly(
            tuple("a/one.csv", 1, 0, 2),
            tuple("a/two.csv", 0, 0, 1),
            tuple("b/three.csv", 0, 1, 0));
  }

  @Test
  void theBestThresholdIsFoundForEachProfile() {
    // At 0.5 both windows are found at their first rows, for three false positives.
    double cost = 0.11 * (2 + TANH_2_5);

    NabResult standard = byHand().best(NabProfile.STANDARD);
    assertThat(standard.threshold()).isEqualTo(0.5);
    assertThat(standard.score()).isCloseTo(100 * (2 - cost + 2) / 4, within(1e-12));

    NabResult lowFalsePositives = byHand().best(NabProfile.REWARD_LOW_FP_RATE);
    assertThat(lowFalsePositives.score()).isCloseTo(100 * (2 - 2 * cost + 2) / 4, within(1e-12));

    NabResult lowFalseNegatives = byHand().best(NabProfile.REWARD_LOW_FN_RATE);
    assertThat(lowFalseNegatives.score()).isCloseTo(100 * (2 - cost + 4) / 6, within(1e-12));
  }

  @Test
  void categoriesAddUpTheirSeries() {
    NabResult best = byHand().best(NabProfile.STANDARD);

    assertThat(best.categories())
        .extracting(
            NabResult.Tally::name, NabResult.Tally::truePositives, NabResult.Tally::falsePositives)
        .containsExactly(tuple("a", 1, 3), tuple("b", 1, 0));
  }

  @Test
  void aSilentDetectorScoresNothingAndAPerfectOneAHundred() {
    NabCorpus corpus = byHand().corpus();
    double[] perfect = new double[60];
    perfect[10] = 1;
    perfect[46] = 1;

    for (NabProfile profile : NabProfile.values()) {
      NabResult silent = new NabScorer(corpus, new double[60]).at(profile, 0.1);
      assertThat(silent.score()).isZero();
      assertThat(new NabScorer(corpus, perfect).best(profile).score())
          .isCloseTo(100, within(1e-12));
    }
  }

  @Test
  void whereEveryThresholdLosesTheBestIsOneThatNothingReaches() {
    // Before the window 240 false positives at 0.11 each, which its 1 + 1 cannot make good.
    var corpus = new NabCorpus(List.of(series("a.csv", 400, new Window(300, 303))));
    double[] scores = new double[400];
    Arrays.fill(scores, 60, 300, 0.5);

    NabResult best = new NabScorer(corpus, scores).best(NabProfile.STANDARD);

    assertThat(best.threshold()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(best.score()).isZero();
  }

  @Test
  void ofThresholdsThatScoreAlikeTheHighestIsTaken() {
    var corpus = new NabCorpus(List.of(series("a.csv", 400, new Window(300, 303))));
    double[] scores = new double[400];
    scores[300] = 0.9;
    scores[302] = 0.4; // the window is found already: no gain, no loss

    assertThat(new NabScorer(corpus, scores).best(NabProfile.STANDARD).threshold()).isEqualTo(0.9);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theSweepFindsWhatTryingEveryThresholdFinds(long seed) {
    var random = new Random(seed);
    NabCorpus corpus = randomCorpus(random);
    // Few distinct scores, so that many rows share one.
    double[] scores = random.doubles(corpus.rows()).map(x -> Math.rint(40 * x * x) / 40).toArray();
    var scorer = new NabScorer(corpus, scores);

    for (NabProfile profile : NabProfile.values()) {
      double most =
          DoubleStream.concat(
                  DoubleStream.of(Double.POSITIVE_INFINITY), DoubleStream.of(scores).distinct())
              .map(threshold -> naive(corpus, scores, profile, threshold))
              .max()
              .orElseThrow();
      NabResult best = scorer.best(profile);

      // A few hundred additions of numbers below 1 round to far less than 1e-9.
      assertThat(best.total().raw()).isCloseTo(most, within(1e-9));
      assertThat(naive(corpus, scores, profile, best.threshold())).isCloseTo(most, within(1e-9));
    }
  }

  @Test
  void halvesDependOnTheSeedAlone() {
    var random = new Random(9);
    NabCorpus corpus = randomCorpus(random);
    var scorer = new NabScorer(corpus, random.doubles(corpus.rows()).toArray());

    assertThat(scorer.heldOut(NabProfile.STANDARD, 5, 3))
        .isEqualTo(scorer.heldOut(NabProfile.STANDARD, 5, 3))
        .isNotEqualTo(scorer.heldOut(NabProfile.STANDARD, 5, 4));
  }

  @Test
  void eachHalfIsScoredAtTheThresholdOfTheOther() {
    // Two series with a window each: there is one way to halve them.
    NabSeries a = series("a.csv", 20, new Window(10, 13));
    NabSeries b = series("b.csv", 20, new Window(10, 13));
    double[] scores = new double[40];
    scores[10] = 0.9; // a is best at 0.9, where b finds nothing
    scores[20 + 10] = 0.5; // b is best at 0.5, where a has one false positive more
    scores[5] = 0.6;
    var scorer = new NabScorer(new NabCorpus(List.of(a, b)), scores);

    NabHeldOut heldOut = scorer.heldOut(NabProfile.STANDARD, 3, 1);

    double score = 100 * ((1 - 0.11) + -1 + 2) / 4;
    assertThat(heldOut.mean()).isCloseTo(score, within(1e-12));
    assertThat(heldOut.scores()).hasSize(3);
    assertThat(heldOut.deviation()).isCloseTo(0, within(1e-12));
  }

  @Test
  void whatCannotBeScoredIsRefused() {
    NabCorpus corpus = byHand().corpus();
    assertThatThrownBy(() -> new NabScorer(corpus, new double[59]))
        .hasMessage("59 scores for a corpus of 60 rows: give one each");

    double[] scores = new double[60];
    scores[23] = Double.NaN;
    assertThatThrownBy(() -> new NabScorer(corpus, scores))
        .hasMessage(
            "a/two.csv, row 3: the score is NaN."
                + " Give a finite number; 0 where the detector has none");

    var unlabelled = new NabCorpus(List.of(series("calm.csv", 20)));
    assertThatThrownBy(() -> new NabScorer(unlabelled, new double[20]).best(NabProfile.STANDARD))
        .hasMessage("none of the 1 series has a labelled window, so there is no score");
    assertThatThrownBy(
            () -> new NabScorer(unlabelled, new double[20]).heldOut(NabProfile.STANDARD, 1, 1))
        .hasMessage("a corpus with windows in 0 series cannot be halved: two at least need some");
  }

  /** The definition, series by series and window by window, with nothing prepared. */
  private static double naive(
      NabCorpus corpus, double[] scores, NabProfile profile, double threshold) {
    double raw = 0;
    for (int s = 0; s < corpus.series().size(); s++) {
      NabSeries series = corpus.series().get(s);
      for (Window window : series.windows()) {
        double earned = -profile.falseNegative();
        for (int row = window.last(); row >= window.first(); row--) {
          if (scores[corpus.offset(s) + row] >= threshold) {
            double left = (window.last() - row + 1.0) / window.rows();
            earned = profile.truePositive() * Math.tanh(2.5 * left) / TANH_2_5;
          }
        }
        raw += earned;
      }
      for (int row = series.probation(); row < series.rows(); row++) {
        int at = row;
        boolean inside = series.windows().stream().anyMatch(window -> window.contains(at));
        if (!inside && scores[corpus.offset(s) + row] >= threshold) {
          raw -= profile.falsePositive() * distanceCost(series, row);
        }
      }
    }
    return raw;
  }

  private static double distanceCost(NabSeries series, int row) {
    double cost = 1;
    for (Window window : series.windows()) {
      if (window.last() < row) {
        double widths = (row - window.last()) / (window.rows() - 1.0);
        cost = widths > 3 ? 1 : Math.tanh(2.5 * widths);
      }
    }
    return cost;
  }

  private static NabCorpus randomCorpus(Random random) {
    List<NabSeries> all = new ArrayList<>();
    for (int s = 0; s < 8; s++) {
      List<Window> windows = new ArrayList<>();
      int first = 40 + random.nextInt(40);
      while (s % 3 != 2 && first < 180) {
        var window = new Window(first, first + 1 + random.nextInt(15));
        windows.add(window);
        first = window.last() + 1 + random.nextInt(60);
      }
      all.add(series("part" + s % 2 + "/" + s + ".csv", 200, windows.toArray(Window[]::new)));
    }
    return new NabCorpus(all);
  }

  private static NabSeries series(String name, int rows, Window... windows) {
    return new NabSeries(name, new long[rows], new double[rows], List.of(windows));
  }
}
