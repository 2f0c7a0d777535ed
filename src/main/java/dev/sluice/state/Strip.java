package dev.sluice.state;

/**
 * A part of a row beside the memory that the model steps: floats, always float32, and doubles.
 *
 * <p>Whoever has a use for it says what is in it. A row that goes from one layout to another takes
 * the strips along that both have; what is in a strip is never read as anything else.
 *
 * @param kind what it is for, from 1; at most one of a kind in a row
 * @param shape a number that differs, as good as certainly, between strips of one kind whose
 *     numbers mean different things
 * @param floats from 0 to 1,048,576
 * @param doubles from 0 to 65,535
 */
public record Strip(int kind, long shape, int floats, int doubles) {

  /** Most floats. */
  public static final int MAX_FLOATS = 1 << 20;

  /** Most doubles. */
  public static final int MAX_DOUBLES = 65_535;

  /** Checks the ranges. */
  public Strip {
    if (kind < 1) {
      throw new IllegalArgumentException("a strip of kind " + kind + ", from 1");
    }
    if (floats < 0 || floats > MAX_FLOATS) {
      throw new IllegalArgumentException(floats + " floats in a strip, from 0 to " + MAX_FLOATS);
    }
    if (doubles < 0 || doubles > MAX_DOUBLES) {
      throw new IllegalArgumentException(doubles + " doubles in a strip, from 0 to " + MAX_DOUBLES);
    }
  }
}
