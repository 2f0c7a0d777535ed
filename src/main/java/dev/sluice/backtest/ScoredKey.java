package dev.sluice.backtest;

import dev.sluice.backtest.Labels.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What was said of the events of one key, in the order of their times. */
final class ScoredKey {

  private final String key;
  private long[] timesMillis = new long[64];
  private float[] scores = new float[64];
  private BitSet alerts = new BitSet();
  private int rows;
  private boolean ascending = true;

  ScoredKey(String key) {
    this.key = key;
  }

  void add(long timeMillis, double score, boolean alert) {
    if (rows == timesMillis.length) {
      timesMillis = Arrays.copyOf(timesMillis, 2 * rows);
      scores = Arrays.copyOf(scores, 2 * rows);
    }
    ascending &= rows == 0 || timesMillis[rows - 1] <= timeMillis;
    timesMillis[rows] = timeMillis;
    scores[rows] = (float) score;
    alerts.set(rows, alert);
    rows++;
  }

  String key() {
    return key;
  }

  int rows() {
    return rows;
  }

  long firstMillis() {
    sort();
    return timesMillis[0];
  }

  long lastMillis() {
    sort();
    return timesMillis[rows - 1];
  }

  Detection detection(List<Window> windows) {
    sort();
    return Detection.of(Arrays.copyOf(timesMillis, rows), alerts, windows);
  }

  /** Returns the rows of each span; spans without a row are left out. */
  List<Window> windows(List<Span> spans) {
    sort();
    List<Window> windows = new ArrayList<>();
    for (Span span : spans) {
      int first = firstAtOrAfter(span.fromMillis());
      int end = span.toMillis() == Long.MAX_VALUE ? rows : firstAtOrAfter(span.toMillis() + 1);
      if (first < end) {
        windows.add(new Window(first, end - 1));
      }
    }
    return windows;
  }

  /**
   * Returns the key as a series of NAB, whose scores stand in for values that nobody reads.
   *
   * @param windows those that NAB can score
   */
  NabSeries series(List<Window> windows) {
    return new NabSeries(key, Arrays.copyOf(timesMillis, rows), scores(), windows);
  }

  /** Returns the scores, shape (rows). */
  double[] scores() {
    sort();
    double[] all = new double[rows];
    for (int row = 0; row < rows; row++) {
      all[row] = scores[row];
    }
    return all;
  }

  /** Returns 1 for each row that raised an alert and 0 for the others, shape (rows). */
  double[] alertsAsScores() {
    sort();
    double[] all = new double[rows];
    alerts.stream().forEach(row -> all[row] = 1);
    return all;
  }

  private int firstAtOrAfter(long timeMillis) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (timesMillis[middle] < timeMillis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Late events go to their places; those of one time keep their order. */
  private void sort() {
    if (ascending) {
      return;
    }
    int[] order =
        IntStream.range(0, rows)
            .boxed()
            .sorted(Comparator.comparingLong(row -> timesMillis[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] times = new long[rows];
    float[] sorted = new float[rows];
    BitSet raised = new BitSet();
    for (int row = 0; row < rows; row++) {
      times[row] = timesMillis[order[row]];
      sorted[row] = scores[order[row]];
      raised.set(row, alerts.get(order[row]));
    }
    timesMillis = times;
    scores = sorted;
    alerts = raised;
    ascending = true;
  }
}
