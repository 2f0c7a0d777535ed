package dev.sluice.kernel;

import java.util.Objects;

/**
 * A multiplication for {@link TrainingKernel#multiply}, 64 outputs wide:
 *
 * <pre>{@code
 * into[r, 0..63] = from[r, 0..63] + Σ_k left[r, k] · panel[k, 0..63]      k ascending
 * }</pre>
 *
 * <p>Every distance between rows is free. Forwards, {@code left} is activations and {@code panel}
 * is weights; backwards, {@code left} is the gradient of sums and {@code panel} transposed weights;
 * for the gradient of weights, {@code left} is activations with rows and depth in each other's
 * place.
 *
 * <p>Set {@link #size} first: what follows is checked against it. Reuse the object; it is confined
 * to one thread.
 */
public final class Product {

  static final int WIDTH = GatePanels.ROW;

  final Tile tile = new Tile();
  int rows;
  private final Floats[] operands = new Floats[4]; // Keeps their memory alive.

  /** Creates a product whose size and operands are yet to be set. */
  public Product() {}

  /** Sets the number of rows and of multiply-adds in each output's chain, both at least 1. */
  public Product size(int rows, int depth) {
    if (rows < 1 || depth < 1) {
      throw new IllegalArgumentException(
          "A product of "
              + rows
              + " rows and depth "
              + depth
              + " is not possible. Give at least 1");
    }
    this.rows = rows;
    tile.depth = depth;
    return this;
  }

  /** Sets the left operand: element (r, k) is at {@code at + r · rowStep + k · depthStep}. */
  public Product left(Floats block, long at, long rowStep, long depthStep) {
    check(block, at, rowStep, depthStep, 1);
    tile.x = address(0, block, at);
    tile.xRow = rowStep * Float.BYTES;
    tile.xDepth = depthStep * Float.BYTES;
    return this;
  }

  /** Sets the right operand: row k of 64 floats is at {@code at + k · depthStep}. */
  public Product panel(Floats block, long at, long depthStep) {
    check(block, at, 0, depthStep, WIDTH);
    tile.w = address(1, block, at);
    tile.wDepth = depthStep * Float.BYTES;
    return this;
  }

  /** Sets where the chains start: row r of 64 floats is at {@code at + r · rowStep}. */
  public Product from(Floats block, long at, long rowStep) {
    check(block, at, rowStep, 0, WIDTH);
    tile.start = address(2, block, at);
    tile.startRow = rowStep * Float.BYTES;
    return this;
  }

  /** Sets where the results go, which may be where the chains start; overwritten. */
  public Product into(Floats block, long at, long rowStep) {
    check(block, at, rowStep, 0, WIDTH);
    if (rows > 1 && rowStep < WIDTH) {
      throw new IllegalArgumentException(
          "Results " + rowStep + " floats apart would overlap. Give a step of at least " + WIDTH);
    }
    tile.out = address(3, block, at);
    tile.outRow = rowStep * Float.BYTES;
    return this;
  }

  private void check(Floats block, long at, long rowStep, long depthStep, int width) {
    if (rowStep < 0 || depthStep < 0 || rows < 1) {
      throw new IllegalArgumentException(
          "Steps of "
              + rowStep
              + " and "
              + depthStep
              + " floats. Set the size, then steps from 0 on");
    }
    block.checkRange(at, (rows - 1) * rowStep + (tile.depth - 1) * depthStep + width);
  }

  private long address(int operand, Floats block, long at) {
    operands[operand] = block;
    return block.address() + at * Float.BYTES;
  }

  void requireComplete() {
    for (Floats operand : operands) {
      Objects.requireNonNull(operand, "Product with an operand missing. Set all four");
    }
  }
}
