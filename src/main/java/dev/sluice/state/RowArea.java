package dev.sluice.state;

import dev.sluice.kernel.Floats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of one layout, in pages that never move, so that the cell can step them in place. */
final class RowArea {

  static final int PAGE_ROWS = 1024;

  private final RowLayout layout;
  private final int rowFloats;
  private final List<Floats> pages = new ArrayList<>();
  private final List<double[]> stats = new ArrayList<>();
  private int[] free = new int[16];
  private int freeCount;
  private int rows;

  RowArea(RowLayout layout) {
    this.layout = layout;
    this.rowFloats = layout.floats();
  }

  RowLayout layout() {
    return layout;
  }

  Floats page(int row) {
    return pages.get(row / PAGE_ROWS);
  }

  long offset(int row) {
    return (long) (row % PAGE_ROWS) * rowFloats;
  }

  double[] stats(int row) {
    return stats.get(row / PAGE_ROWS);
  }

  int statsAt(int row) {
    return row % PAGE_ROWS * layout.stats();
  }

  /** Returns a row of zeros. */
  int claim() {
    if (freeCount > 0) {
      int row = free[--freeCount];
      clear(row);
      return row;
    }
    if (rows == pages.size() * PAGE_ROWS) {
      pages.add(Floats.allocate((long) PAGE_ROWS * rowFloats));
      stats.add(new double[PAGE_ROWS * layout.stats()]);
    }
    return rows++;
  }

  void clear(int row) {
    page(row).fill(offset(row), rowFloats, 0);
    int from = statsAt(row);
    Arrays.fill(stats(row), from, from + layout.stats(), 0);
  }

  void release(int row) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * freeCount);
    }
    free[freeCount++] = row;
  }
}
