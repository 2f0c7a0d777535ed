package dev.sluice.kernel;

import java.lang.ref.Reference;

/**
 * The operations that dominate the cost of an event, behind the one door that checks their
 * arguments. Stateless and safe to share; what changes is in the rows and the scratch of the
 * caller.
 *
 * <p>Results do not depend on the twin, the vector width, the number of rows in a call or their
 * order: the same inputs and weights give the same bits.
 *
 * <p>Weights are float32, or int16 where {@link GatePanels#toInt16} was asked for them; a step with
 * the ones is not, bit for bit, a step with the others.
 *
 * <p>A NaN among the inputs is <em>not</em> visible in the results, because clamping exponents
 * swallows it: ask {@link #allFinite} first.
 */
public abstract sealed class Kernel permits ScalarKernel, VectorKernel {

  Kernel() {}

  /** Returns the fastest kernel that works in this process; always the same object. */
  public static Kernel best() {
    return KernelChoice.BEST;
  }

  /** Returns what this kernel is, for logs: {@code scalar} or {@code vector, 512 bits}. */
  public abstract String name();

  /**
   * Advances the memory of every row by one step of an LSTM layer:
   *
   * <pre>{@code
   * i, f, g, o = W·[x | h] + b
   * c ← σ(f) ⊙ c + σ(i) ⊙ tanh(g)       (|c| < 1e-30 becomes 0: subnormal numbers are slow)
   * h ← σ(o) ⊙ tanh(c)
   * }</pre>
   *
   * @param inputs shape [rows, stride], of which the first I of each row count; row r belongs to
   *     row r of {@code rows}
   * @param stride floats from one row of inputs to the next, a multiple of 16, at least I
   * @param hiddenAt offset of the layer's h in each row; its c follows at hiddenAt + pad(H)
   */
  public final void step(
      GatePanels weights, Floats inputs, int stride, RowSet rows, int hiddenAt, Scratch scratch) {
    if (rows.count() == 0) {
      return;
    }
    Door.dense(inputs, stride, weights.inputs(), rows.count());
    Door.rows(rows, hiddenAt, 2 * Floats.pad(weights.hidden()));
    Door.scratch(scratch, weights);
    stepDense(weights, inputs, stride, rows, hiddenAt, scratch);
    Reference.reachabilityFence(inputs);
    keep(weights, rows, scratch);
  }

  /**
   * Advances every row by one step of an upper layer, whose inputs are in the row itself.
   *
   * @param inputsAt offset in each row of the I inputs, a multiple of 16; usually the h of the
   *     layer below
   * @param hiddenAt offset of the layer's h in each row; its c follows at hiddenAt + pad(H)
   * @see #step(GatePanels, Floats, int, RowSet, int, Scratch)
   */
  public final void stepWithin(
      GatePanels weights, int inputsAt, RowSet rows, int hiddenAt, Scratch scratch) {
    if (rows.count() == 0) {
      return;
    }
    Door.rows(rows, inputsAt, Floats.pad(weights.inputs()));
    Door.rows(rows, hiddenAt, 2 * Floats.pad(weights.hidden()));
    Door.scratch(scratch, weights);
    stepStacked(weights, inputsAt, rows, hiddenAt, scratch);
    keep(weights, rows, scratch);
  }

  /**
   * Advances the memory of every row by one step of a layer of any kind; {@link Recurrence} has the
   * formulas.
   *
   * @param hiddenAt offset of the layer's h in each row; its c, if any, follows at hiddenAt +
   *     pad(R)
   * @see #step(GatePanels, Floats, int, RowSet, int, Scratch)
   */
  public final void step(
      CellPanels cell, Floats inputs, int stride, RowSet rows, int hiddenAt, Scratch scratch) {
    if (cell.recurrence() == Recurrence.LSTM) {
      step(cell.gates(), inputs, stride, rows, hiddenAt, scratch);
    } else if (rows.count() > 0) {
      Door.dense(inputs, stride, cell.inputs(), rows.count());
      Door.rows(rows, hiddenAt, cell.memoryFloats());
      Door.scratch(scratch, cell);
      stepCellDense(cell, inputs, stride, rows, hiddenAt, scratch);
      Reference.reachabilityFence(inputs);
      Reference.reachabilityFence(cell);
      keep(cell.gates(), rows, scratch);
    }
  }

  /**
   * Advances every row by one step of an upper layer of any kind, whose inputs are in the row.
   *
   * @see #stepWithin(GatePanels, int, RowSet, int, Scratch)
   */
  public final void stepWithin(
      CellPanels cell, int inputsAt, RowSet rows, int hiddenAt, Scratch scratch) {
    if (cell.recurrence() == Recurrence.LSTM) {
      stepWithin(cell.gates(), inputsAt, rows, hiddenAt, scratch);
    } else if (rows.count() > 0) {
      Door.rows(rows, inputsAt, Floats.pad(cell.inputs()));
      Door.rows(rows, hiddenAt, cell.memoryFloats());
      Door.scratch(scratch, cell);
      stepCellStacked(cell, inputsAt, rows, hiddenAt, scratch);
      Reference.reachabilityFence(cell);
      keep(cell.gates(), rows, scratch);
    }
  }

  /**
   * Applies a linear layer: {@code outputs[r] = W·inputs[r] + b}.
   *
   * @param inputs shape [rows, stride], of which the first C of each row count
   * @param stride floats from one row of inputs to the next, a multiple of 16, at least C
   * @param outputs shape [rows, {@link LinearPanels#paddedOutputs()}]; overwritten, 0 beyond O
   */
  public final void linear(
      LinearPanels weights, Floats inputs, int stride, int rows, Floats outputs, Scratch scratch) {
    Door.dense(inputs, stride, weights.inputs(), rows);
    outputs.checkRange(0, (long) rows * weights.paddedOutputs());
    linearDense(weights, inputs, stride, rows, outputs, scratch);
    Reference.reachabilityFence(inputs);
    Reference.reachabilityFence(outputs);
    Reference.reachabilityFence(weights);
  }

  /**
   * Applies a linear layer to what is at {@code inputsAt} of every row, usually the h of the top
   * layer.
   *
   * @param outputs shape [rows, {@link LinearPanels#paddedOutputs()}]; overwritten, 0 beyond O
   */
  public final void linearWithin(
      LinearPanels weights, int inputsAt, RowSet rows, Floats outputs, Scratch scratch) {
    if (rows.count() == 0) {
      return;
    }
    Door.rows(rows, inputsAt, Floats.pad(weights.inputs()));
    Door.scratch(scratch, weights.inputs(), 1);
    outputs.checkRange(0, (long) rows.count() * weights.paddedOutputs());
    linearStacked(weights, inputsAt, rows, outputs, scratch);
    Reference.reachabilityFence(outputs);
    Reference.reachabilityFence(weights);
    Reference.reachabilityFence(rows);
    Reference.reachabilityFence(scratch);
  }

  /**
   * Turns logits into probabilities, in place. No probability is below 1e-38. A NaN among the
   * logits makes the result of this method NaN.
   *
   * @param logits of which {@code count} from {@code at} on count; the floats after them, up to a
   *     multiple of 16, are overwritten with 0
   * @param at a multiple of 16
   * @return log Σ exp(logit), so that the surprise of class k is that minus its logit, in nats
   */
  public final double softmax(Floats logits, long at, int count, Scratch scratch) {
    Door.line(at);
    if (count < 1) {
      throw new IllegalArgumentException(
          "softmax of " + count + " logits is not possible. Give at least 1");
    }
    logits.checkRange(at, Floats.pad(count));
    long address = logits.address() + at * Float.BYTES;
    double result = softmaxAt(address, count, scratch);
    Reference.reachabilityFence(logits);
    Reference.reachabilityFence(scratch);
    return result;
  }

  /**
   * Rounds every float of every row to the nearest binary16, ties to even. Beyond ±65504 it is that
   * (infinities too); below 2^-14 it is a subnormal number of binary16, or 0. NaN stays NaN.
   */
  public final void roundToHalves(RowSet rows) {
    Door.line(rows.rowLength());
    for (int r = 0; r < rows.count(); r++) {
      roundToHalvesAt(rows.address(r), rows.rowLength());
    }
    Reference.reachabilityFence(rows);
  }

  /** Returns whether none of {@code count} floats from {@code at} on is NaN or infinite. */
  public final boolean allFinite(Floats values, long at, int count) {
    values.checkRange(at, count);
    boolean result = allFiniteAt(values.address() + at * Float.BYTES, count);
    Reference.reachabilityFence(values);
    return result;
  }

  abstract void stepDense(
      GatePanels weights, Floats inputs, int stride, RowSet rows, int hiddenAt, Scratch scratch);

  abstract void stepStacked(
      GatePanels weights, int inputsAt, RowSet rows, int hiddenAt, Scratch scratch);

  abstract void stepCellDense(
      CellPanels cell, Floats inputs, int stride, RowSet rows, int hiddenAt, Scratch scratch);

  abstract void stepCellStacked(
      CellPanels cell, int inputsAt, RowSet rows, int hiddenAt, Scratch scratch);

  abstract void linearDense(
      LinearPanels weights, Floats inputs, int stride, int rows, Floats outputs, Scratch scratch);

  abstract void linearStacked(
      LinearPanels weights, int inputsAt, RowSet rows, Floats outputs, Scratch scratch);

  abstract double softmaxAt(long address, int count, Scratch scratch);

  abstract boolean allFiniteAt(long address, int count);

  abstract void roundToHalvesAt(long address, int count);

  private static void keep(GatePanels weights, RowSet rows, Scratch scratch) {
    Reference.reachabilityFence(weights);
    Reference.reachabilityFence(rows);
    Reference.reachabilityFence(scratch);
  }
}
