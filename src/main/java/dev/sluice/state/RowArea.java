package dev.sluice.state;

import dev.sluice.kernel.Floats;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one layout, in pages that never move, so that the cell can step them in place. A page
 * without a row is freed, unless the next rows would want it back.
 */
final class RowArea {

  static final int PAGE_ROWS = 1024;

  private final RowLayout layout;
  private final int rowFloats;
  private final int rowDoubles;
  private final MemoryBudget.Share share;
  private @Nullable Page[] pages = new @Nullable Page[4];
  private int pageCount; // Those that are there; freed ones leave holes.
  private int rows;

  // Places of pages that may have room; a page that is full or gone is skipped when it comes up.
  private int[] open = new int[4];
  private int openCount;

  RowArea(RowLayout layout, MemoryBudget.Share share) {
    this.layout = layout;
    this.rowFloats = layout.floats();
    this.rowDoubles = layout.doubles();
    this.share = share;
  }

  /** Rows that lie together, and which of them are free. */
  private static final class Page {

    final Floats floats;
    final double[] stats;
    private int[] free = new int[8];
    private int freeCount;
    private int fresh; // Rows from here on were never used.
    boolean isOpen;

    Page(long floats, int stats) {
      this.floats = Floats.allocate(floats);
      this.stats = new double[stats];
    }

    int used() {
      return fresh - freeCount;
    }

    int claim() {
      return freeCount > 0 ? free[--freeCount] : fresh++;
    }

    void release(int place) {
      if (freeCount == free.length) {
        free = Arrays.copyOf(free, 2 * freeCount);
      }
      free[freeCount++] = place;
    }
  }

  RowLayout layout() {
    return layout;
  }

  /** Returns how many rows are in use. */
  int rows() {
    return rows;
  }

  /** Returns the bytes of one row and its statistics. */
  long rowBytes() {
    return (long) rowFloats * Float.BYTES + (long) rowDoubles * Double.BYTES;
  }

  @SuppressWarnings("NullAway") // A row is on a page.
  private Page pageOf(int row) {
    return pages[row / PAGE_ROWS];
  }

  Floats page(int row) {
    return pageOf(row).floats;
  }

  long offset(int row) {
    return (long) (row % PAGE_ROWS) * rowFloats;
  }

  double[] stats(int row) {
    return pageOf(row).stats;
  }

  int statsAt(int row) {
    return row % PAGE_ROWS * rowDoubles;
  }

  /**
   * Returns a row of zeros.
   *
   * @throws MemoryBudgetException if there is no room for another page; nothing has changed
   */
  int claim() {
    int index = pageWithRoom();
    int row = index * PAGE_ROWS + pageOf(index * PAGE_ROWS).claim();
    rows++;
    clear(row);
    return row;
  }

  private int pageWithRoom() {
    while (openCount > 0) {
      int index = open[openCount - 1];
      Page page = pages[index];
      if (page != null && page.used() < PAGE_ROWS) {
        return index;
      }
      openCount--;
      if (page != null) {
        page.isOpen = false;
      }
    }
    return addPage();
  }

  private int addPage() {
    share.take(PAGE_ROWS * rowBytes());
    int index = 0;
    while (index < pages.length && pages[index] != null) {
      index++;
    }
    if (index == pages.length) {
      pages = Arrays.copyOf(pages, 2 * index);
    }
    pages[index] = new Page((long) PAGE_ROWS * rowFloats, PAGE_ROWS * rowDoubles);
    pageCount++;
    open(index);
    return index;
  }

  private void open(int index) {
    Page page = pageOf(index * PAGE_ROWS);
    if (page.isOpen) {
      return;
    }
    page.isOpen = true;
    if (openCount == open.length) {
      open = Arrays.copyOf(open, 2 * openCount);
    }
    open[openCount++] = index;
  }

  void clear(int row) {
    page(row).fill(offset(row), rowFloats, 0);
    int from = statsAt(row);
    Arrays.fill(stats(row), from, from + rowDoubles, 0);
  }

  /** Copies what rows of both areas have from one of here to one of zeros of the other. */
  void copyTo(int row, RowArea other, int to) {
    if (layout.hidden().equals(other.layout.hidden())) {
      Floats.copy(page(row), offset(row), other.page(to), other.offset(to), layout.layerFloats());
    }
    if (layout.stats() == other.layout.stats()) {
      System.arraycopy(
          stats(row), statsAt(row), other.stats(to), other.statsAt(to), layout.stats());
    }
    for (Strip strip : layout.strips()) {
      if (other.layout.strips().contains(strip)) {
        copyStrip(strip, row, other, to);
      }
    }
  }

  private void copyStrip(Strip strip, int row, RowArea other, int to) {
    int kind = strip.kind();
    Floats.copy(
        page(row),
        offset(row) + layout.floatsAt(kind),
        other.page(to),
        other.offset(to) + other.layout.floatsAt(kind),
        strip.floats());
    System.arraycopy(
        stats(row),
        statsAt(row) + layout.doublesAt(kind),
        other.stats(to),
        other.statsAt(to) + other.layout.doublesAt(kind),
        strip.doubles());
  }

  /** Copies what a strip holds, without its first doubles, to a row of the other area. */
  void copyStripTo(int row, int kind, int skip, RowArea other, int to) {
    Floats.copy(
        page(row),
        offset(row) + layout.floatsAt(kind),
        other.page(to),
        other.offset(to),
        other.rowFloats);
    System.arraycopy(
        stats(row),
        statsAt(row) + layout.doublesAt(kind) + skip,
        other.stats(to),
        other.statsAt(to),
        other.rowDoubles);
  }

  void release(int row) {
    int index = row / PAGE_ROWS;
    Page page = pageOf(row);
    page.release(row % PAGE_ROWS);
    rows--;
    // The other pages must have room to spare, or a key that comes and goes would move a page.
    boolean spare = (pageCount - 1) * PAGE_ROWS - rows >= PAGE_ROWS / 2;
    if (rows == 0) {
      share.giveBack((long) pageCount * PAGE_ROWS * rowBytes());
      Arrays.fill(pages, null); // One that was kept to spare, too.
      pageCount = 0;
    } else if (page.used() == 0 && spare) {
      share.giveBack(PAGE_ROWS * rowBytes());
      pages[index] = null;
      pageCount--;
    } else {
      open(index);
    }
  }
}
