package dev.sluice.backtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.backtest.Labels.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Scored events of many keys, to be compared with labels. Holds some 13 bytes an event. Confined to
 * one thread.
 */
public final class Scored {

  private static final int LEAST_NAB_ROWS = 2;

  private final Map<String, ScoredKey> keys = new TreeMap<>();

  /**
   * Takes what was said of one event.
   *
   * @param key its key, UTF-8
   * @param timeMillis event time, epoch milliseconds
   * @param score finite
   */
  public void add(byte[] key, long timeMillis, double score, boolean alert) {
    keys.computeIfAbsent(new String(key, UTF_8), ScoredKey::new).add(timeMillis, score, alert);
  }

  /** Compares all that was taken with {@code labels}. */
  public BacktestReport compare(Labels labels) {
    long events = 0;
    long firstMillis = Long.MAX_VALUE;
    long lastMillis = Long.MIN_VALUE;
    Detection detection = Detection.NOTHING;
    for (ScoredKey key : keys.values()) {
      events += key.rows();
      firstMillis = Math.min(firstMillis, key.firstMillis());
      lastMillis = Math.max(lastMillis, key.lastMillis());
      detection = detection.plus(key.detection(key.windows(labels.of(key.key()))));
    }
    int windows = detection.found() + detection.missed();
    return new BacktestReport(
        events,
        keys.size(),
        events == 0 ? 0 : lastMillis - firstMillis,
        labels.count() - windows,
        detection,
        nab(labels));
  }

  /** The keys as a corpus of NAB; empty scores where none of the labels can be scored. */
  private BacktestReport.Nab nab(Labels labels) {
    List<NabSeries> series = new ArrayList<>();
    for (ScoredKey key : keys.values()) {
      series.add(key.series(scorable(key, labels.of(key.key()))));
    }
    var corpus = new NabCorpus(series);
    if (corpus.windows() == 0) {
      return new BacktestReport.Nab(0, List.of());
    }
    double[] scores = new double[corpus.rows()];
    double[] alerts = new double[corpus.rows()];
    int place = 0;
    for (ScoredKey key : keys.values()) {
      System.arraycopy(key.scores(), 0, scores, place, key.rows());
      System.arraycopy(key.alertsAsScores(), 0, alerts, place, key.rows());
      place += key.rows();
    }
    var byScore = new NabScorer(corpus, scores);
    var byAlert = new NabScorer(corpus, alerts);
    List<BacktestReport.NabLine> lines = new ArrayList<>();
    for (NabProfile profile : NabProfile.values()) {
      NabResult best = byScore.best(profile);
      lines.add(
          new BacktestReport.NabLine(
              profile, byAlert.at(profile, 1).score(), best.score(), best.threshold()));
    }
    return new BacktestReport.Nab(corpus.windows(), lines);
  }

  /**
   * Returns the windows that NAB has rules for: none begun in probation, where a detector may
   * learn, and none of a single row, which gets a neighbour.
   */
  private static List<Window> scorable(ScoredKey key, List<Span> spans) {
    int probation = NabSeries.probation(key.rows());
    List<Window> windows = key.windows(spans);
    List<Window> scorable = new ArrayList<>();
    int free = probation;
    for (int i = 0; i < windows.size(); i++) {
      Window window = windows.get(i);
      int end = i + 1 < windows.size() ? windows.get(i + 1).first() : key.rows();
      if (window.rows() < LEAST_NAB_ROWS && window.last() + 1 < end) {
        window = new Window(window.first(), window.last() + 1);
      } else if (window.rows() < LEAST_NAB_ROWS && window.first() - 1 >= free) {
        window = new Window(window.first() - 1, window.last());
      }
      if (window.first() >= probation && window.rows() >= LEAST_NAB_ROWS) {
        scorable.add(window);
        free = window.last() + 1;
      }
    }
    return scorable;
  }
}
