package dev.sluice.kernel;

/** The hyperbolic tangent by itself, with the kernels' exponential: the same bits everywhere. */
public final class Tanh {

  private static final float TWICE_LOG2_E = 2 * Exponential.LOG2_E;

  private Tanh() {}

  /** Replaces each of {@code count} floats from {@code at} on by its hyperbolic tangent. */
  public static void apply(Floats values, long at, long count) {
    for (long i = at; i < at + count; i++) {
      float e = Exponential.exp2(values.get(i) * TWICE_LOG2_E, Exponential.GATE_LIMIT);
      values.set(i, (e - 1) / (e + 1));
    }
  }
}
