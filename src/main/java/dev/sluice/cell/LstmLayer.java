package dev.sluice.cell;

import dev.sluice.kernel.GatePanels;

/**
 * The weights of one layer of long short-term memory (Hochreiter and Schmidhuber 1997, with the
 * forget gate of Gers, Schmidhuber and Cummins 2000), in the gate order of PyTorch: i, f, g, o.
 *
 * <p>Immutable; one instance serves all keys and threads.
 */
public final class LstmLayer {

  /** Most inputs or units of a layer. */
  public static final int MAX_SIZE = 65_535;

  /** Input, forget, cell and output gate, in this order. */
  public static final int GATES = 4;

  private final int inputs;
  private final int hidden;
  private final float[] inputWeights; // (4H, I)
  private final float[] hiddenWeights; // (4H, H)
  private final float[] bias; // (4H), PyTorch's bias_ih + bias_hh
  private final GatePanels panels;

  private LstmLayer(
      int inputs,
      int hidden,
      float[] inputWeights,
      float[] hiddenWeights,
      float[] bias,
      GatePanels panels) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.inputWeights = inputWeights;
    this.hiddenWeights = hiddenWeights;
    this.bias = bias;
    this.panels = panels;
  }

  /**
   * Makes a layer from copies of its weights.
   *
   * @param inputs I, 1 to {@value #MAX_SIZE}
   * @param hidden H, 1 to {@value #MAX_SIZE}
   * @param inputWeights row-major, shape (4H, I), gates i, f, g, o
   * @param hiddenWeights row-major, shape (4H, H)
   * @param bias shape (4H), PyTorch's bias_ih + bias_hh
   * @throws IllegalArgumentException if a size is out of range, a shape does not match the sizes,
   *     or a weight is NaN or infinite
   */
  public static LstmLayer of(
      int inputs, int hidden, float[] inputWeights, float[] hiddenWeights, float[] bias) {
    requireSize("inputs", inputs);
    requireSize("hidden", hidden);
    Weights.check("inputWeights", inputWeights, GATES * hidden, inputs);
    Weights.check("hiddenWeights", hiddenWeights, GATES * hidden, hidden);
    Weights.check("bias", bias, GATES * hidden, 1);
    var panels = GatePanels.pack(inputWeights, hiddenWeights, bias, inputs, hidden);
    return new LstmLayer(
        inputs, hidden, inputWeights.clone(), hiddenWeights.clone(), bias.clone(), panels);
  }

  /** Returns this layer, stepping with int16 weights; what it tells of its weights stays float. */
  LstmLayer withInt16Weights() {
    return new LstmLayer(inputs, hidden, inputWeights, hiddenWeights, bias, panels.toInt16());
  }

  /** Returns whether it steps with int16 weights. */
  public boolean hasInt16Weights() {
    return panels.isInt16();
  }

  /** Returns I, the number of inputs. */
  public int inputs() {
    return inputs;
  }

  /** Returns H, the number of hidden units. */
  public int hidden() {
    return hidden;
  }

  /** Returns a copy of the weights of the inputs, row-major, shape (4H, I). */
  public float[] inputWeights() {
    return inputWeights.clone();
  }

  /** Returns a copy of the weights of the hidden units, row-major, shape (4H, H). */
  public float[] hiddenWeights() {
    return hiddenWeights.clone();
  }

  /** Returns a copy of the bias, shape (4H). */
  public float[] bias() {
    return bias.clone();
  }

  /** Returns the weights of the inputs; live, do not write. */
  float[] sharedInputWeights() {
    return inputWeights;
  }

  /** Returns the weights of the hidden units; live, do not write. */
  float[] sharedHiddenWeights() {
    return hiddenWeights;
  }

  /** Returns the bias; live, do not write. */
  float[] sharedBias() {
    return bias;
  }

  GatePanels panels() {
    return panels;
  }

  static void requireSize(String name, int size) {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          name + ": " + size + " is out of range. Give a whole number from 1 to " + MAX_SIZE);
    }
  }
}
