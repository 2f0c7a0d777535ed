package dev.sluice.kernel;

/**
 * The weights of one linear layer as the kernel reads them: 64 consecutive outputs make a panel;
 * row 0 of a panel is the bias, row 1 + k belongs to input k. Outputs that do not exist have
 * weights 0 and come out as 0. The same shape as {@link GatePanels}, so one micro-kernel serves
 * both.
 *
 * <p>Immutable; serves all threads.
 */
public final class LinearPanels {

  private static final int ROW = GatePanels.ROW;

  private final int inputs;
  private final int outputs;
  private final Floats data; // [panels][1 + C][64]

  private LinearPanels(int outputs, int inputs) {
    this.outputs = outputs;
    this.inputs = inputs;
    this.data = Floats.allocate(floats(outputs, inputs));
  }

  /**
   * Lays out weights given in the order of PyTorch.
   *
   * @param weights row-major, shape (O, C)
   * @param bias shape (O)
   * @throws IllegalArgumentException if a shape does not match {@code outputs} and {@code inputs}
   */
  public static LinearPanels pack(float[] weights, float[] bias, int outputs, int inputs) {
    var panels = new LinearPanels(outputs, inputs);
    layOut(weights, bias, panels.data);
    return panels;
  }

  /**
   * Lays out weights of shape (O, C) and bias of shape (O).
   *
   * @param into shape [panels][1 + C][64]
   */
  public static void layOut(float[] weights, float[] bias, Floats into) {
    int outputs = bias.length;
    int inputs = outputs == 0 ? 0 : weights.length / outputs;
    GatePanels.checkLength("weights", weights.length, (long) outputs * inputs);
    into.checkRange(0, floats(outputs, inputs));
    for (int o = 0; o < outputs; o++) {
      long at = columnOf(o, inputs);
      into.set(at, bias[o]);
      for (int k = 0; k < inputs; k++) {
        into.set(at + (1L + k) * ROW, weights[o * inputs + k]);
      }
    }
  }

  /** Reads back what {@link #layOut} wrote. */
  public static void layBack(Floats from, float[] weights, float[] bias) {
    int outputs = bias.length;
    int inputs = weights.length / outputs;
    for (int o = 0; o < outputs; o++) {
      long at = columnOf(o, inputs);
      bias[o] = from.get(at);
      for (int k = 0; k < inputs; k++) {
        weights[o * inputs + k] = from.get(at + (1L + k) * ROW);
      }
    }
  }

  /** Returns the floats that {@link #layOut} writes for a layer of these sizes. */
  public static long floats(int outputs, int inputs) {
    if (inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "A linear layer of "
              + inputs
              + " inputs and "
              + outputs
              + " outputs is not possible. Give at least 1 of each");
    }
    return (long) paddedOutputs(outputs) * (1 + inputs);
  }

  /** Returns the floats in a row of results: {@code outputs} rounded up to whole panels of 64. */
  public static int paddedOutputs(int outputs) {
    return (outputs + ROW - 1) / ROW * ROW;
  }

  /** Returns C, the number of inputs. */
  public int inputs() {
    return inputs;
  }

  /** Returns O, the number of outputs. */
  public int outputs() {
    return outputs;
  }

  /** Returns the floats in a row of results, O rounded up to whole panels of 64. */
  public int paddedOutputs() {
    return paddedOutputs(outputs);
  }

  int panels() {
    return paddedOutputs() / ROW;
  }

  long panelBytes() {
    return (1L + inputs) * GatePanels.ROW_BYTES;
  }

  /** Returns the address of panel 0, which is that of its bias row. */
  long address() {
    return data.address();
  }

  private static long columnOf(int output, int inputs) {
    return output / ROW * (1L + inputs) * ROW + output % ROW;
  }
}
