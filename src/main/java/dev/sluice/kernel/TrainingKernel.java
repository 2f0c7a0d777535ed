package dev.sluice.kernel;

import dev.sluice.kernel.UnitStrip.Part;
import java.lang.ref.Reference;

/**
 * What training needs beyond {@link Kernel}: products of any stride, the gates with all that the
 * way back will ask for, and the optimiser. Stateless and safe to share. As there, both twins yield
 * the same bits at every width, so the same seed trains the same model everywhere.
 */
public abstract sealed class TrainingKernel permits ScalarTrainingKernel, VectorTrainingKernel {

  private static final Part[] FORWARD = {
    Part.GATES, Part.CELL_BEFORE, Part.CELL, Part.TANH, Part.HIDDEN, Part.ABOVE
  };

  private static final Part[] BACKWARD = {
    Part.GATES,
    Part.CELL_BEFORE,
    Part.TANH,
    Part.HIDDEN_GRADIENT,
    Part.ABOVE_GRADIENT,
    Part.CELL_GRADIENT
  };

  TrainingKernel() {}

  /** Returns the fastest kernel that works in this process; always the same object. */
  public static TrainingKernel best() {
    return KernelChoice.BEST_TRAINING;
  }

  /** Carries out {@code product}. */
  public final void multiply(Product product) {
    product.requireComplete();
    multiplyAll(product);
    Reference.reachabilityFence(product);
  }

  /**
   * Goes forward through the gates of {@code strip}, whose sums are ready: activates them, and
   * computes the memory and h after the step.
   *
   * <p>Reads GATES and CELL_BEFORE; writes GATES, CELL, TANH, HIDDEN and ABOVE. The c of a GRU is
   * its h.
   *
   * @param recurrence {@link Recurrence#LSTM}, PEEPHOLE or GRU
   */
  public final void activate(UnitStrip strip, Recurrence recurrence) {
    strip.require(FORWARD);
    switch (recurrence) {
      case LSTM -> activateAll(strip);
      case PEEPHOLE -> activatePeephole(strip);
      case GRU -> activateGru(strip);
      default -> throw untrainable(recurrence);
    }
    Reference.reachabilityFence(strip);
  }

  /**
   * Goes back through the gates of {@code strip}.
   *
   * <p>Reads GATES, CELL_BEFORE, TANH, the gradients, and CELL where there are peepholes; writes
   * the gradient of the sums over GATES, and that of the memory before the step over CELL_GRADIENT.
   *
   * @param recurrence {@link Recurrence#LSTM}, PEEPHOLE or GRU
   */
  public final void differentiate(UnitStrip strip, Recurrence recurrence) {
    strip.require(BACKWARD);
    switch (recurrence) {
      case LSTM -> differentiateAll(strip);
      case PEEPHOLE -> differentiatePeephole(strip);
      case GRU -> differentiateGru(strip);
      default -> throw untrainable(recurrence);
    }
    Reference.reachabilityFence(strip);
  }

  /**
   * Ties the forget gates to the input gates: leaves of the gradients of their sums what keeps f =
   * 1 - i, half of it with each.
   */
  public final void tie(UnitStrip strip) {
    strip.require(Part.GATES);
    tieAll(strip);
    Reference.reachabilityFence(strip);
  }

  private static IllegalArgumentException untrainable(Recurrence recurrence) {
    return new IllegalArgumentException(
        recurrence + " cannot be trained. Give LSTM, PEEPHOLE or GRU");
  }

  /**
   * Transposes 64 columns: {@code into[j, r] = from[r, j]} for {@code rows} rows r, at most 64.
   *
   * @param from rows of 64 floats, at steps of 64
   * @param into 64 rows of 64 floats, at steps of 64; columns from {@code rows} on are left alone
   */
  public final void transpose(Floats from, long at, int rows, Floats into, long intoAt) {
    from.checkRange(at, (long) rows * GatePanels.ROW);
    into.checkRange(intoAt, (long) GatePanels.ROW * GatePanels.ROW);
    long source = from.address() + at * Float.BYTES;
    long target = into.address() + intoAt * Float.BYTES;
    for (int r = 0; r < Math.min(rows, GatePanels.ROW); r++) {
      for (int j = 0; j < GatePanels.ROW; j++) {
        float value = Memory.get(source + r * GatePanels.ROW_BYTES + 4L * j);
        Memory.set(target + j * GatePanels.ROW_BYTES + 4L * r, value);
      }
    }
    Reference.reachabilityFence(from);
    Reference.reachabilityFence(into);
  }

  /** Returns Σ x² of a block, summed in sixteen lanes. */
  public final double sumOfSquares(Floats values) {
    requireLines(values);
    double sum = sumOfSquaresOf(values);
    Reference.reachabilityFence(values);
    return sum;
  }

  /** Adds {@code addend} to {@code sum}, element by element; blocks of one size. */
  public final void add(Floats addend, Floats sum) {
    requireLines(sum);
    addend.checkRange(0, sum.size());
    addAll(addend, sum);
    Reference.reachabilityFence(addend);
    Reference.reachabilityFence(sum);
  }

  /**
   * Takes one step of Adam and sets {@code gradient} to 0; blocks of one size, a multiple of 16.
   *
   * <pre>{@code
   * g ← scale·gradient;  m ← β1·m + (1-β1)·g;  v ← β2·v + (1-β2)·g²
   * w ← w - decay·w - stepSize·m / (√v·varianceScale + ε)
   * }</pre>
   */
  public final void adam(
      Floats value, Floats gradient, Floats mean, Floats square, AdamRates rates) {
    requireLines(value);
    for (Floats other : new Floats[] {gradient, mean, square}) {
      other.checkRange(0, value.size());
    }
    adamAll(value, gradient, mean, square, rates);
    Reference.reachabilityFence(value);
    Reference.reachabilityFence(gradient);
    Reference.reachabilityFence(mean);
    Reference.reachabilityFence(square);
  }

  private static void requireLines(Floats block) {
    if (block.size() % Floats.LINE != 0) {
      throw new IllegalArgumentException(
          "A block of " + block.size() + " floats. Give a multiple of " + Floats.LINE);
    }
  }

  abstract void multiplyAll(Product product);

  abstract void activateAll(UnitStrip strip);

  abstract void differentiateAll(UnitStrip strip);

  abstract void activatePeephole(UnitStrip strip);

  abstract void differentiatePeephole(UnitStrip strip);

  abstract void activateGru(UnitStrip strip);

  abstract void differentiateGru(UnitStrip strip);

  abstract void tieAll(UnitStrip strip);

  abstract double sumOfSquaresOf(Floats values);

  abstract void addAll(Floats addend, Floats sum);

  abstract void adamAll(Floats value, Floats gradient, Floats mean, Floats square, AdamRates rates);
}
