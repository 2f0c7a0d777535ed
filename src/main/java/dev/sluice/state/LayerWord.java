package dev.sluice.state;

import dev.sluice.cell.Cell;
import java.util.Arrays;

/**
 * What a row says of one layer, as one number: how many floats h has, how many c has, and the kind
 * of cell. A plain LSTM is just its units, as in the rows of releases that knew no other; the
 * others have the kind in bits 28 to 30, the floats of c in bits 14 to 27, those of h below. So
 * memory of one kind is never taken for that of another of the same size.
 */
public final class LayerWord {

  private static final int BITS = 14;
  private static final int MASK = (1 << BITS) - 1;

  private static final int MAX_KIND =
      Arrays.stream(Cell.values()).mapToInt(Cell::code).max().orElse(0);

  private LayerWord() {}

  /**
   * Returns the word of a layer.
   *
   * @param hidden floats of h, 1 to {@link RowLayout#MAX_UNITS}
   * @param units of the layer, as many
   * @throws IllegalArgumentException if there are more
   */
  public static int of(Cell cell, int hidden, int units) {
    requireUnits(hidden, 1);
    requireUnits(units, 1);
    if (cell == Cell.LSTM) {
      return units;
    }
    int kept = cell.hasCellState() ? units : 0;
    return cell.code() << 2 * BITS | kept << BITS | hidden;
  }

  /** Returns the floats of h. */
  static int hidden(int word) {
    return word & MASK;
  }

  /** Returns the floats of c, 0 if there is none. */
  static int cell(int word) {
    return word >>> BITS == 0 ? word : word >>> BITS & MASK;
  }

  /** Checks that a word, read from wherever, is one. */
  static void require(int word) {
    int kind = word >>> 2 * BITS;
    if (kind == 0 || kind > MAX_KIND) {
      requireUnits(word, 1);
    }
    requireUnits(hidden(word), 1);
    requireUnits(cell(word), 0);
  }

  private static void requireUnits(int units, int least) {
    if (units < least || units > RowLayout.MAX_UNITS) {
      throw new IllegalArgumentException(
          units + " units in a layer, from 1 to " + RowLayout.MAX_UNITS);
    }
  }
}
