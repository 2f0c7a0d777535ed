package dev.sluice.exchange;

import dev.sluice.head.Linear;
import java.util.List;
import java.util.Optional;

/**
 * A dense layer of a graph: {@code Gemm}, or {@code MatMul} with or without an {@code Add}.
 *
 * @param layers recurrent ones below it
 * @param isOutputsFirst whether weights are (O, H), as here, instead of (H, O)
 */
record OnnxDense(
    OnnxNode node,
    int layers,
    OnnxArray weights,
    boolean isOutputsFirst,
    Optional<OnnxArray> bias) {

  OnnxDense {
    if (weights.dims().size() != 2) {
      throw node.refused("has weights of sides " + weights.dims(), "Save one with a matrix");
    }
  }

  /** Returns how many features it takes. */
  int inputs() {
    return weights.dims().get(isOutputsFirst ? 1 : 0);
  }

  /** Returns how many it makes of them. */
  int outputs() {
    return weights.dims().get(isOutputsFirst ? 0 : 1);
  }

  /** Returns whether these numbers are a bias of it: one for each output, or one for all. */
  boolean takes(OnnxArray numbers) {
    List<Integer> sides = numbers.dims();
    int last = sides.isEmpty() ? 1 : sides.getLast();
    boolean isRow = sides.stream().limit(Math.max(0, sides.size() - 1)).allMatch(side -> side == 1);
    return isRow && (last == 1 || last == outputs());
  }

  /** Returns it with a bias. */
  OnnxDense with(OnnxArray numbers) {
    return new OnnxDense(node, layers, weights, isOutputsFirst, Optional.of(numbers));
  }

  /**
   * Returns it as a layer.
   *
   * @throws ForeignFileException if it does not fit
   */
  Linear linear(int inputs) {
    if (inputs() != inputs) {
      throw node.refused(
          "takes " + inputs() + " inputs, the layer below gives " + inputs,
          "Save a model whose dense layer is fed by the recurrent one");
    }
    float[] from = weights.floats();
    float[] ours = from;
    if (!isOutputsFirst) {
      ours = new float[from.length];
      for (int i = 0; i < from.length; i++) {
        ours[i % outputs() * inputs + i / outputs()] = from[i];
      }
    }
    float[] numbers = bias.map(OnnxArray::floats).orElseGet(() -> new float[1]);
    float[] biases = numbers;
    if (numbers.length != outputs()) {
      biases = new float[outputs()];
      java.util.Arrays.fill(biases, numbers[0]);
    }
    try {
      return new Linear(ours, biases, inputs);
    } catch (IllegalArgumentException e) {
      throw node.refused("is no layer: " + e.getMessage(), "Save the model again");
    }
  }
}
