package dev.sluice.backtest;

import java.util.List;

/**
 * One file of the benchmark: a univariate series and its labelled anomalies. Immutable by
 * agreement: the arrays are handed out as they are, and nobody writes to them.
 */
public final class NabSeries {

  private static final double PROBATION_SHARE = 0.15;
  private static final int PROBATION_LIMIT_ROWS = 750;

  private final String name;
  private final long[] timesMillis;
  private final double[] values;
  private final List<Window> windows;

  /**
   * Checks what the scoring relies on.
   *
   * @param name {@code category/file.csv}, as in the labels
   * @param timesMillis shape (rows), epoch milliseconds, read as UTC; not always ascending, because
   *     some files hold local time across a clock change
   * @param values shape (rows), finite
   * @param windows ascending and apart, each of 2 rows or more, none begun in probation
   * @throws IllegalArgumentException naming the series and the window that is wrong
   */
  public NabSeries(String name, long[] timesMillis, double[] values, List<Window> windows) {
    if (timesMillis.length != values.length) {
      throw new IllegalArgumentException(
          name + ": " + timesMillis.length + " timestamps for " + values.length + " values");
    }
    for (int row = 0; row < values.length; row++) {
      if (!Double.isFinite(values[row])) {
        throw new IllegalArgumentException(
            name + ", row " + row + ": the value is " + values[row] + ". Give a finite number");
      }
    }
    this.name = name;
    this.timesMillis = timesMillis;
    this.values = values;
    this.windows = List.copyOf(windows);
    checkWindows();
  }

  /** Returns {@code category/file.csv}: what events of this series carry as their key. */
  public String name() {
    return name;
  }

  /** Returns the number of rows. */
  public int rows() {
    return values.length;
  }

  /** Returns the number of leading rows that are not scored: a detector may learn there. */
  public int probation() {
    return probation(rows());
  }

  /** Returns the number of leading rows that are not scored in a series of so many rows. */
  static int probation(int rows) {
    return (int) Math.min(Math.floor(PROBATION_SHARE * rows), PROBATION_LIMIT_ROWS);
  }

  /** Returns the times, shape (rows), epoch milliseconds; live, do not write. */
  public long[] timesMillis() {
    return timesMillis;
  }

  /** Returns the values, shape (rows); live, do not write. */
  public double[] values() {
    return values;
  }

  /** Returns the labelled anomalies, ascending and apart. */
  public List<Window> windows() {
    return windows;
  }

  private void checkWindows() {
    int free = probation();
    for (Window window : windows) {
      if (window.first() < free) {
        throw wrong(window, "begins before row " + free + ", in probation or in the one before it");
      }
      if (window.last() >= rows()) {
        throw wrong(window, "ends after the last row, " + (rows() - 1));
      }
      if (window.rows() < 2) {
        // False positives are placed in window widths after it: one row has no width.
        throw wrong(window, "has a single row, and needs two");
      }
      free = window.last() + 1;
    }
  }

  private IllegalArgumentException wrong(Window window, String what) {
    return new IllegalArgumentException(
        name
            + ": the window of rows "
            + window.first()
            + " to "
            + window.last()
            + " "
            + what
            + ". Correct the labels");
  }
}
