package dev.sluice.head;

import dev.sluice.kernel.LinearPanels;

/** A fully connected layer, {@code y = W·h + b}, the last one of a model. Immutable. */
public final class Linear {

  private final int inputs;
  private final int outputs;
  private final float[] weights; // (O, H)
  private final float[] bias; // (O)
  private final LinearPanels panels;

  /**
   * Creates a layer that takes ownership of its weights.
   *
   * @param weights row-major, shape (O, H)
   * @param bias shape (O)
   * @param inputs H
   * @throws IllegalArgumentException if the shapes do not agree or a weight is not finite
   */
  public Linear(float[] weights, float[] bias, int inputs) {
    this.inputs = inputs;
    this.outputs = bias.length;
    this.weights = weights;
    this.bias = bias;
    if (weights.length != (long) inputs * outputs || outputs == 0) {
      throw new IllegalArgumentException(
          "head: "
              + weights.length
              + " weights where "
              + outputs
              + " outputs of "
              + inputs
              + " units need "
              + (long) inputs * outputs);
    }
    requireFinite("weight", weights);
    requireFinite("bias", bias);
    this.panels = LinearPanels.pack(weights, bias, outputs, inputs);
  }

  private static void requireFinite(String what, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "head: " + what + " " + i + " is " + values[i] + ". Train or export the model again");
      }
    }
  }

  /** Returns H, the number of hidden units it reads. */
  public int inputs() {
    return inputs;
  }

  /** Returns O, the number of outputs. */
  public int outputs() {
    return outputs;
  }

  /** Returns the weights, row-major, shape (O, H); live, not to be changed. */
  public float[] weights() {
    return weights;
  }

  /** Returns the bias, shape (O); live, not to be changed. */
  public float[] bias() {
    return bias;
  }

  /** Returns the weights as the kernel reads them. */
  public LinearPanels panels() {
    return panels;
  }
}
