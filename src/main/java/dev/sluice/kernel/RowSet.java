package dev.sluice.kernel;

import java.util.Arrays;
import java.util.Objects;

/**
 * The rows of memory that one call of a kernel works on, wherever they lie. Checked when a row is
 * added, so that the kernel need not. Rows must differ from each other: a key is stepped once per
 * call.
 *
 * <p>Confined to one thread; reuse it, it allocates nothing after construction.
 */
public final class RowSet {

  private final long[] addresses;
  private final Floats[] pages; // Keeps the memory of the rows alive while they are listed here.
  private int count;
  private int rowLength;

  /**
   * Creates an empty set.
   *
   * @param capacity most rows it will hold, at least 1
   */
  public RowSet(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "A row set for " + capacity + " rows is not possible. Ask for at least 1");
    }
    this.addresses = new long[capacity];
    this.pages = new Floats[capacity];
  }

  /** Forgets all rows. */
  public void clear() {
    Arrays.fill(pages, 0, count, null);
    count = 0;
  }

  /**
   * Adds the row of {@code length} floats at {@code offset} of {@code page}.
   *
   * @param offset of the row's first float, a multiple of {@value Floats#LINE}
   * @param length floats in the row; the same for all rows of a set
   * @throws IndexOutOfBoundsException if the row is not inside the page, or the set is full
   * @throws IllegalArgumentException if the offset is not aligned or the length is another one
   */
  public void add(Floats page, long offset, int length) {
    Objects.checkIndex(count, addresses.length);
    page.checkRange(offset, length);
    if (count == 0) {
      rowLength = length;
    }
    if (length != rowLength || offset % Floats.LINE != 0) {
      throw misfit(offset, length);
    }
    addresses[count] = page.address() + offset * Float.BYTES;
    pages[count] = page;
    count++;
  }

  /** Returns how many rows there are. */
  public int count() {
    return count;
  }

  /** Returns how many rows there is room for. */
  public int capacity() {
    return addresses.length;
  }

  /** Returns the floats in each row; meaningless while there are none. */
  public int rowLength() {
    return rowLength;
  }

  long address(int row) {
    return addresses[row];
  }

  private IllegalArgumentException misfit(long offset, int length) {
    return new IllegalArgumentException(
        "Row of "
            + length
            + " floats at offset "
            + offset
            + " does not fit a set of rows of "
            + rowLength
            + ". Give rows of one length at multiples of "
            + Floats.LINE);
  }
}
