package dev.sluice.kernel;

/**
 * The weights of one LSTM layer as the kernel reads them, front to back.
 *
 * <p>Units are taken {@value #UNITS} at a time, a panel; a row of a panel is the four gates of its
 * units, 64 floats in the order i, f, g, o. Row 0 is the bias, rows 1 to I belong to the inputs,
 * rows I+1 to I+H to the hidden units of the step before. Units that do not exist (H is rarely a
 * multiple of 16) have weights 0, and their memory stays 0.
 *
 * <p>The weights of the sigmoid gates are multiplied by -log2(e), those of the candidate g by
 * 2·log2(e): what a chain of multiply-adds yields is then already the exponent of two that the
 * activation needs.
 *
 * <p>Immutable; serves all keys and threads.
 */
public final class GatePanels {

  static final int GATES = 4;
  static final int UNITS = Floats.LINE;
  static final int ROW = GATES * UNITS;
  static final long ROW_BYTES = ROW * (long) Float.BYTES;

  private static final int CANDIDATE = 2;

  private final int inputs;
  private final int hidden;
  private final Floats data; // [panels][1 + I + H][64]

  private GatePanels(int inputs, int hidden) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.data = Floats.allocate(floats(inputs, hidden));
  }

  /**
   * Lays out weights given in the order of PyTorch.
   *
   * @param inputWeights row-major, shape (4H, I), gates i, f, g, o
   * @param hiddenWeights row-major, shape (4H, H)
   * @param bias shape (4H)
   * @throws IllegalArgumentException if a shape does not match {@code inputs} and {@code hidden}
   */
  public static GatePanels pack(
      float[] inputWeights, float[] hiddenWeights, float[] bias, int inputs, int hidden) {
    var panels = new GatePanels(inputs, hidden);
    layOut(inputWeights, hiddenWeights, bias, panels.data, hidden);
    panels.scale();
    return panels;
  }

  /**
   * Lays out weights without scaling them, for training.
   *
   * @param into shape [panels][1 + I + H][64]
   */
  public static void layOut(
      float[] inputWeights, float[] hiddenWeights, float[] bias, Floats into, int hidden) {
    int units = GATES * hidden;
    int inputs = units == 0 ? 0 : inputWeights.length / units;
    checkLength("inputWeights", inputWeights.length, (long) units * inputs);
    checkLength("hiddenWeights", hiddenWeights.length, (long) units * hidden);
    checkLength("bias", bias.length, units);
    into.checkRange(0, floats(inputs, hidden));
    for (int unit = 0; unit < units; unit++) {
      long at = columnOf(unit, inputs, hidden);
      into.set(at, bias[unit]);
      for (int k = 0; k < inputs; k++) {
        into.set(at + (1L + k) * ROW, inputWeights[unit * inputs + k]);
      }
      for (int k = 0; k < hidden; k++) {
        into.set(at + (1L + inputs + k) * ROW, hiddenWeights[unit * hidden + k]);
      }
    }
  }

  /** Reads back what {@link #layOut} wrote. */
  public static void layBack(
      Floats from, float[] inputWeights, float[] hiddenWeights, float[] bias, int hidden) {
    int inputs = inputWeights.length / (GATES * hidden);
    for (int unit = 0; unit < GATES * hidden; unit++) {
      long at = columnOf(unit, inputs, hidden);
      bias[unit] = from.get(at);
      for (int k = 0; k < inputs; k++) {
        inputWeights[unit * inputs + k] = from.get(at + (1L + k) * ROW);
      }
      for (int k = 0; k < hidden; k++) {
        hiddenWeights[unit * hidden + k] = from.get(at + (1L + inputs + k) * ROW);
      }
    }
  }

  /** Returns the floats that {@link #layOut} writes for a layer of these sizes. */
  public static long floats(int inputs, int hidden) {
    if (inputs < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          "A layer of "
              + inputs
              + " inputs and "
              + hidden
              + " units is not possible. Give at least 1 of each");
    }
    return Floats.pad(hidden) / UNITS * (1L + inputs + hidden) * ROW;
  }

  /** Returns I, the number of inputs. */
  public int inputs() {
    return inputs;
  }

  /** Returns H, the number of hidden units. */
  public int hidden() {
    return hidden;
  }

  int depth() {
    return inputs + hidden;
  }

  int panels() {
    return Floats.pad(hidden) / UNITS;
  }

  long panelBytes() {
    return (1L + depth()) * ROW_BYTES;
  }

  /** Returns the address of panel 0, which is that of its bias row. */
  long address() {
    return data.address();
  }

  private void scale() {
    for (long at = 0; at < data.size(); at++) {
      boolean candidate = at % ROW / UNITS == CANDIDATE;
      data.set(at, data.get(at) * gateScale(candidate));
    }
  }

  /** Returns what turns a gate's sum into the exponent of two that its activation needs. */
  static float gateScale(boolean candidate) {
    return candidate ? 2 * Exponential.LOG2_E : -Exponential.LOG2_E;
  }

  private static long columnOf(int unit, int inputs, int hidden) {
    int gate = unit / hidden;
    int panel = unit % hidden / UNITS;
    int lane = unit % hidden % UNITS;
    return panel * (1L + inputs + hidden) * ROW + (long) gate * UNITS + lane;
  }

  static void checkLength(String name, long found, long expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          name + ": " + found + " floats, the layer's sizes need " + expected);
    }
  }
}
