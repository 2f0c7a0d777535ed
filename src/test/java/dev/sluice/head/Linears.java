package dev.sluice.head;

/** Layers for tests of heads, which read outputs that the test makes up. */
final class Linears {

  private Linears() {}

  /** Returns a layer of that many outputs that reads one unit. */
  static Linear outputs(int outputs) {
    return new Linear(new float[outputs], new float[outputs], 1);
  }
}
