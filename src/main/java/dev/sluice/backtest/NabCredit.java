package dev.sluice.backtest;

import java.util.List;

/**
 * What a detection at each row of a corpus is worth, before a profile weighs it.
 *
 * <p>In a window: from 1 at its first row down to nearly 0 at its last, so early detections earn
 * more. Outside: from nearly 0 just after a window, where a detection is merely late, down to -1
 * three window widths on; -1 before any window.
 */
final class NabCredit {

  /** In place of a window's number, for rows outside all windows. */
  static final int OUTSIDE = -1;

  /** In place of a window's number, for rows that are not scored. */
  static final int PROBATION = -2;

  private static final double FAR_WIDTHS = 3;

  private final double[] credit; // (rows)
  private final int[] window; // (rows)

  NabCredit(NabCorpus corpus) {
    credit = new double[corpus.rows()];
    window = new int[corpus.rows()];
    int windowsBefore = 0;
    for (int s = 0; s < corpus.series().size(); s++) {
      NabSeries series = corpus.series().get(s);
      fill(series, corpus.offset(s), windowsBefore);
      windowsBefore += series.windows().size();
    }
  }

  /** Returns the credit of {@code row}, numbered as in the corpus, in [-1, 1]. */
  double at(int row) {
    return credit[row];
  }

  /** Returns the number of the window {@code row} is in, counted over the corpus, or a constant. */
  int window(int row) {
    return window[row];
  }

  private void fill(NabSeries series, int offset, int windowsBefore) {
    List<Window> windows = series.windows();
    int next = 0; // the first window that does not lie wholly before the row
    for (int row = 0; row < series.rows(); row++) {
      if (next < windows.size() && row > windows.get(next).last()) {
        next++;
      }
      boolean inside = next < windows.size() && windows.get(next).contains(row);
      if (inside) {
        credit[offset + row] = inside(windows.get(next), row);
        window[offset + row] = windowsBefore + next;
      } else {
        credit[offset + row] = next == 0 ? -1 : after(windows.get(next - 1), row);
        window[offset + row] = row < series.probation() ? PROBATION : OUTSIDE;
      }
    }
  }

  private static double inside(Window window, int row) {
    double position = -(window.last() - row + 1) / (double) window.rows();
    return scaledSigmoid(position) / scaledSigmoid(-1);
  }

  private static double after(Window window, int row) {
    double position = (row - window.last()) / (double) (window.rows() - 1);
    return position > FAR_WIDTHS ? -1 : scaledSigmoid(position);
  }

  /** Falls from 0.98661 at -1, the left edge of a window, over 0 at 0, its right edge, to -1. */
  private static double scaledSigmoid(double position) {
    return 2 / (1 + StrictMath.exp(5 * position)) - 1;
  }
}
