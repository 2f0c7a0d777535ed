package dev.sluice.kernel;

/** What a recurrent layer does with the sums of its gates. */
public enum Recurrence {
  /**
   * Long short-term memory: {@link Kernel#step(GatePanels, Floats, int, RowSet, int, Scratch)} has
   * the formula.
   */
  LSTM,
  /**
   * An LSTM whose gates see the memory (Gers and Schmidhuber 2000): i and f have p ⊙ c of the step
   * before added to their sums, o that of the step itself.
   */
  PEEPHOLE,
  /**
   * A gated recurrent unit, reset after the product, as PyTorch, cuDNN and Keras' {@code
   * reset_after} have it. Its memory is h alone.
   *
   * <pre>{@code
   * r, z = σ(W·[x | h] + b);  n = tanh(Wx·x + bx + r ⊙ (Wh·h + bh))
   * h ← (1 - z) ⊙ n + z ⊙ h        (|h| < 1e-30 becomes 0)
   * }</pre>
   */
  GRU,
  /** The unit of Cho et al. 2014, reset before the product: {@code n = tanh(W·[x | r ⊙ h] + b)}. */
  GRU_BEFORE,
  /** An LSTM whose h is {@code P·(σ(o) ⊙ tanh(c))}, smaller than c (Sak, Senior, Beaufays 2014). */
  PROJECTED,
  /**
   * An LSTM with layer normalisation N (Ba, Kiros and Hinton 2016), each N with gains of its own:
   *
   * <pre>{@code
   * i, f, g, o = N(Wx·x) + N(Wh·h) + b;  h ← σ(o) ⊙ tanh(N(c))
   * N(a) = gain ⊙ (a - mean(a)) / √(mean((a - mean(a))²) + 1e-5) [+ bias]
   * }</pre>
   */
  NORMALISED;

  /** Returns whether a memory c stands beside h. */
  public boolean hasCell() {
    return this != GRU && this != GRU_BEFORE;
  }
}
