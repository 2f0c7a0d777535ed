package dev.sluice.kernel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sixteen units of a layer, for a batch of rows at one step of a window, as the trainer's forward
 * and backward passes see them. All parts but the gates are rows of 16 floats; a row of gates is
 * 64: i, f, g, o of the sixteen units, or r, z, n and what n has of h where the cell is a GRU,
 * whose c is a copy of h.
 *
 * <p>Reuse the object; it is confined to one thread.
 */
public final class UnitStrip {

  /** What a strip is made of. */
  public enum Part {
    /**
     * In: sums of the gates. Out: their activations; after going back, the gradient of the sums.
     */
    GATES,
    /** The memory c before the step. */
    CELL_BEFORE,
    /** The memory c after the step. */
    CELL,
    /** Its hyperbolic tangent. */
    TANH,
    /** The h after the step, where the next step reads it. */
    HIDDEN,
    /** A copy of h, where the layer above reads it. */
    ABOVE,
    /** Gradient by h as seen from the next step. */
    HIDDEN_GRADIENT,
    /** Gradient by h as seen from the layer above. */
    ABOVE_GRADIENT,
    /** Gradient by c: in, after the step; out, before the step. */
    CELL_GRADIENT
  }

  private static final Part[] PARTS = Part.values();

  final int rows;
  private final long[] addresses = new long[PARTS.length];
  private final long[] steps = new long[PARTS.length];
  private final Floats[] blocks = new Floats[PARTS.length]; // Keeps their memory alive.

  private @Nullable Floats peepholes;
  private @Nullable Floats peepholeGradients;
  private long peepholesAt;

  /** Creates a strip of {@code rows} rows whose parts are yet to be placed. */
  public UnitStrip(int rows) {
    this.rows = rows;
  }

  /**
   * Says where a part is.
   *
   * @param at offset of row 0
   * @param rowStep floats from one row to the next; for {@link Part#GATES} 64, for {@link
   *     Part#TANH} 16, because exponentials are taken of all rows at once
   */
  public void place(Part part, Floats block, long at, int rowStep) {
    int width = part == Part.GATES ? GatePanels.ROW : GatePanels.UNITS;
    boolean dense = part == Part.GATES || part == Part.TANH;
    if (rowStep < width || dense && rowStep != width) {
      throw new IllegalArgumentException(
          part + " at a step of " + rowStep + " floats. Give " + width + (dense ? "" : " or more"));
    }
    block.checkRange(at, (rows - 1L) * rowStep + width);
    blocks[part.ordinal()] = block;
    addresses[part.ordinal()] = block.address() + at * Float.BYTES;
    steps[part.ordinal()] = (long) rowStep * Float.BYTES;
  }

  /**
   * Says where the weights of c in the gates i, f, o are, 48 in a row, and their gradients; for
   * {@link Recurrence#PEEPHOLE} alone.
   */
  public void placePeepholes(Floats weights, Floats gradients, long at) {
    weights.checkRange(at, CellPanels.PEEPHOLES);
    gradients.checkRange(at, CellPanels.PEEPHOLES);
    peepholes = weights;
    peepholeGradients = gradients;
    peepholesAt = at * Float.BYTES;
  }

  long peepholes() {
    return Objects.requireNonNull(peepholes, "peepholes are not placed").address() + peepholesAt;
  }

  long peepholeGradients() {
    return Objects.requireNonNull(peepholeGradients, "peepholes are not placed").address()
        + peepholesAt;
  }

  long address(Part part, int row) {
    return addresses[part.ordinal()] + row * steps[part.ordinal()];
  }

  void require(Part... parts) {
    for (Part part : parts) {
      if (blocks[part.ordinal()] == null) { // No lambda: it would be an object for each part.
        throw new NullPointerException(part + " is not placed. Place it first");
      }
    }
  }
}
