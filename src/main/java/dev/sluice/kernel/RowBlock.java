package dev.sluice.kernel;

/**
 * Rows of floats at equal distances in one block, such as the activations of a batch.
 *
 * @param block where they are
 * @param start offset of the first row
 * @param stride floats from one row to the next
 * @param rows how many rows there are, at least 1
 * @param width floats of a row that count, at most {@code stride}
 */
public record RowBlock(Floats block, long start, int stride, int rows, int width) {

  /** Checks that every row is inside the block. */
  public RowBlock {
    if (rows < 1 || width < 1 || width > stride) {
      throw new IllegalArgumentException(
          rows
              + " rows of "
              + width
              + " floats at a stride of "
              + stride
              + " are not possible. Give at least 1 row, no wider than the stride");
    }
    block.checkRange(start, (rows - 1L) * stride + width);
  }

  /** Returns new rows of zeros. */
  public static RowBlock allocate(int rows, int width, int stride) {
    return new RowBlock(Floats.allocate((long) rows * stride), 0, stride, rows, width);
  }

  /** Returns where row {@code row} begins in the block. */
  public long at(int row) {
    return start + (long) row * stride;
  }

  /** Returns the float in column {@code column} of row {@code row}. */
  public float get(int row, int column) {
    return block.get(at(row) + column);
  }

  /** Sets the float in column {@code column} of row {@code row}. */
  public void set(int row, int column, float value) {
    block.set(at(row) + column, value);
  }
}
