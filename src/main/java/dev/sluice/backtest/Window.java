package dev.sluice.backtest;

/**
 * A labelled anomaly: a run of rows of one series in which a detection is right.
 *
 * @param first the first row, from 0
 * @param last the last row, included; at least {@code first}
 */
public record Window(int first, int last) {

  public Window {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException(
          "window of rows " + first + " to " + last + ": give 0 <= first <= last");
    }
  }

  /** Returns the number of rows, both ends included; at least 1. */
  public int rows() {
    return last - first + 1;
  }

  /** Says whether {@code row} lies in the window, ends included. */
  public boolean contains(int row) {
    return first <= row && row <= last;
  }
}
