package dev.sluice.kernel;

import java.lang.ref.Reference;

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
 * <p>On request the weights are int16, which halves what a single row reads from a cache that is
 * too small for them. A panel is then
 *
 * <pre>
 *   bias     64 floats
 *   scale    64 floats, the largest weight of each column / 32767
 *   weights  (I + H) rows of 64 shorts, weight / scale, rounded to the nearest
 * </pre>
 *
 * so that no weight is off by more than half its column's scale. {@link ScalarKernel} says how they
 * are used.
 *
 * <p>Immutable; serves all keys and threads.
 */
public final class GatePanels {

  static final int GATES = 4;
  static final int UNITS = Floats.LINE;
  static final int ROW = GATES * UNITS;
  static final long ROW_BYTES = ROW * (long) Float.BYTES;

  /** Bytes of a row of int16 weights. */
  static final long SHORT_ROW_BYTES = ROW * (long) Short.BYTES;

  /** Where in a panel its int16 weights begin: behind the rows of biases and scales. */
  static final long SHORTS_AT = 2 * ROW_BYTES;

  /** What the four groups of a panel are, of which the candidates go through tanh. */
  enum Groups {
    /** Input, forget, candidate, output: an LSTM. */
    LSTM(2, 2),
    /** Reset, update, what the candidate has of x, what it has of h: a GRU. */
    GRU(2, 3),
    /** Sums that are normalised before they are scaled. */
    UNSCALED(GATES, GATES);

    private final int firstCandidate;
    private final int lastCandidate;

    Groups(int firstCandidate, int lastCandidate) {
      this.firstCandidate = firstCandidate;
      this.lastCandidate = lastCandidate;
    }

    boolean isCandidate(long group) {
      return group >= firstCandidate && group <= lastCandidate;
    }
  }

  private final int inputs;
  private final int hidden;
  private final int recurrent; // what comes back: the hidden units, or their projection
  private final boolean int16;
  private final Floats data; // [panels][1 + I + R][64], or as int16 needs it

  private GatePanels(int inputs, int hidden, int recurrent, boolean int16) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.recurrent = recurrent;
    this.int16 = int16;
    long floats = floats(inputs, recurrent, hidden);
    this.data = Floats.allocate(int16 ? panels() * panelBytes() / Float.BYTES : floats);
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
    checkLength("hiddenWeights", hiddenWeights.length, (long) GATES * hidden * hidden);
    return pack(Groups.LSTM, inputWeights, hiddenWeights, bias, hidden, inputs);
  }

  /** Does so for groups that mean something else, and R = hiddenWeights.length / 4H. */
  static GatePanels pack(
      Groups groups,
      float[] inputWeights,
      float[] hiddenWeights,
      float[] bias,
      int hidden,
      int inputs) {
    checkLength("inputWeights", inputWeights.length, (long) GATES * hidden * inputs);
    var panels = new GatePanels(inputs, hidden, hiddenWeights.length / (GATES * hidden), false);
    layOut(inputWeights, hiddenWeights, bias, panels.data, hidden);
    if (groups != Groups.UNSCALED) {
      panels.scale(groups);
    }
    return panels;
  }

  /**
   * Lays out weights without scaling them, for training.
   *
   * @param hiddenWeights row-major, shape (4H, R); R is H unless a projection comes back
   * @param into shape [panels][1 + I + R][64]
   */
  public static void layOut(
      float[] inputWeights, float[] hiddenWeights, float[] bias, Floats into, int hidden) {
    int units = GATES * hidden;
    int inputs = units == 0 ? 0 : inputWeights.length / units;
    int recurrent = units == 0 ? 0 : hiddenWeights.length / units;
    checkLength("inputWeights", inputWeights.length, (long) units * inputs);
    checkLength("hiddenWeights", hiddenWeights.length, (long) units * recurrent);
    checkLength("bias", bias.length, units);
    into.checkRange(0, floats(inputs, recurrent, hidden));
    for (int unit = 0; unit < units; unit++) {
      long at = columnOf(unit, inputs + recurrent, hidden);
      into.set(at, bias[unit]);
      for (int k = 0; k < inputs; k++) {
        into.set(at + (1L + k) * ROW, inputWeights[unit * inputs + k]);
      }
      for (int k = 0; k < recurrent; k++) {
        into.set(at + (1L + inputs + k) * ROW, hiddenWeights[unit * recurrent + k]);
      }
    }
  }

  /** Reads back what {@link #layOut} wrote. */
  public static void layBack(
      Floats from, float[] inputWeights, float[] hiddenWeights, float[] bias, int hidden) {
    int inputs = inputWeights.length / (GATES * hidden);
    int recurrent = hiddenWeights.length / (GATES * hidden);
    for (int unit = 0; unit < GATES * hidden; unit++) {
      long at = columnOf(unit, inputs + recurrent, hidden);
      bias[unit] = from.get(at);
      for (int k = 0; k < inputs; k++) {
        inputWeights[unit * inputs + k] = from.get(at + (1L + k) * ROW);
      }
      for (int k = 0; k < recurrent; k++) {
        hiddenWeights[unit * recurrent + k] = from.get(at + (1L + inputs + k) * ROW);
      }
    }
  }

  /** Returns the floats that {@link #layOut} writes for a layer of these sizes. */
  public static long floats(int inputs, int hidden) {
    return floats(inputs, hidden, hidden);
  }

  /** Does so for a layer of which {@code recurrent} outputs come back. */
  public static long floats(int inputs, int recurrent, int hidden) {
    if (inputs < 1 || hidden < 1 || recurrent < 1) {
      throw new IllegalArgumentException(
          "A layer of "
              + inputs
              + " inputs and "
              + hidden
              + " units is not possible. Give at least 1 of each");
    }
    return Floats.pad(hidden) / UNITS * (1L + inputs + recurrent) * ROW;
  }

  /** Returns these weights, rounded to int16. */
  public GatePanels toInt16() {
    if (int16) {
      return this;
    }
    var rounded = new GatePanels(inputs, hidden, recurrent, true);
    for (int p = 0; p < panels(); p++) {
      for (int column = 0; column < ROW; column++) {
        roundColumn(p, column, rounded);
      }
    }
    return rounded;
  }

  private void roundColumn(int panel, int column, GatePanels into) {
    long from = panel * (panelBytes() / Float.BYTES) + column;
    float most = 0;
    for (int k = 1; k <= depth(); k++) {
      most = Math.max(most, Math.abs(data.get(from + (long) k * ROW)));
    }
    float scale = most / Short.MAX_VALUE;
    long to = panel * (into.panelBytes() / Float.BYTES) + column;
    into.data.set(to, data.get(from));
    into.data.set(to + ROW, scale);
    long shorts = into.address() + panel * into.panelBytes() + SHORTS_AT + 2L * column;
    for (int k = 0; k < depth(); k++) {
      double weight = data.get(from + (1L + k) * ROW);
      long rounded = scale == 0 ? 0 : Math.round(weight / scale);
      rounded = Math.clamp(rounded, -Short.MAX_VALUE, Short.MAX_VALUE);
      Memory.setShort(shorts + k * SHORT_ROW_BYTES, (short) rounded);
    }
    Reference.reachabilityFence(into);
  }

  /** Returns whether the weights are int16. */
  public boolean isInt16() {
    return int16;
  }

  /** Returns I, the number of inputs. */
  public int inputs() {
    return inputs;
  }

  /** Returns H, the number of hidden units. */
  public int hidden() {
    return hidden;
  }

  /** Returns R, how many outputs come back as inputs of the next step. */
  int recurrent() {
    return recurrent;
  }

  int depth() {
    return inputs + recurrent;
  }

  int panels() {
    return Floats.pad(hidden) / UNITS;
  }

  long panelBytes() {
    return int16 ? SHORTS_AT + depth() * SHORT_ROW_BYTES : (1L + depth()) * ROW_BYTES;
  }

  /** Returns the address of panel 0, which is that of its bias row. */
  long address() {
    return data.address();
  }

  private void scale(Groups groups) {
    for (long at = 0; at < data.size(); at++) {
      boolean candidate = groups.isCandidate(at % ROW / UNITS);
      data.set(at, data.get(at) * gateScale(candidate));
    }
  }

  /** Returns what turns a gate's sum into the exponent of two that its activation needs. */
  static float gateScale(boolean candidate) {
    return candidate ? 2 * Exponential.LOG2_E : -Exponential.LOG2_E;
  }

  private static long columnOf(int unit, int depth, int hidden) {
    int gate = unit / hidden;
    int panel = unit % hidden / UNITS;
    int lane = unit % hidden % UNITS;
    return panel * (1L + depth) * ROW + (long) gate * UNITS + lane;
  }

  static void checkLength(String name, long found, long expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          name + ": " + found + " floats, the layer's sizes need " + expected);
    }
  }
}
