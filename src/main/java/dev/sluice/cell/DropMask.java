package dev.sluice.cell;

import dev.sluice.kernel.RowBlock;
import java.util.SplittableRandom;

/**
 * Which of some values are dropped in a pass of training; the others are strengthened to make up
 * for them. Confined to one thread.
 */
public final class DropMask {

  private final float[] factors; // (rows · width)
  private boolean drops;

  /** Makes room for {@code values} values, and drops none. */
  public DropMask(int values) {
    this.factors = new float[values];
  }

  /**
   * Draws which are dropped from now on.
   *
   * @param rate 0 up to but not 1
   */
  public void draw(double rate, SplittableRandom random) {
    drops = rate > 0;
    float kept = (float) (1 / (1 - rate));
    for (int i = 0; drops && i < factors.length; i++) {
      factors[i] = random.nextDouble() < rate ? 0 : kept;
    }
  }

  /** Drops values, or on the way back their gradients. */
  public void apply(RowBlock rows) {
    int i = 0;
    for (int r = 0; drops && r < rows.rows(); r++) {
      for (int column = 0; column < rows.width(); column++) {
        rows.set(r, column, rows.get(r, column) * factors[i++]);
      }
    }
  }
}
