package dev.sluice.artifact;

import dev.sluice.cell.LstmLayer;
import dev.sluice.cell.LstmStack;
import java.util.ArrayList;
import java.util.List;

/** The layers of a cell as tensors, and back. */
final class CellTensors {

  private CellTensors() {}

  /** Adds the tensors of {@code cell} to {@code tensors}. */
  static void write(LstmStack cell, List<Tensor> tensors) {
    for (int l = 0; l < cell.layers().size(); l++) {
      LstmLayer layer = cell.layers().get(l);
      int rows = LstmLayer.GATES * layer.hidden();
      tensors.add(Tensor.of(Names.inputWeights(l), layer.inputWeights(), rows, layer.inputs()));
      tensors.add(Tensor.of(Names.hiddenWeights(l), layer.hiddenWeights(), rows, layer.hidden()));
      tensors.add(Tensor.of(Names.inputBias(l), layer.bias(), rows));
      tensors.add(Tensor.of(Names.hiddenBias(l), new float[rows], rows));
    }
  }

  /**
   * Takes the tensors of a stack.
   *
   * @param inputs of the bottom layer
   * @param hidden units of each layer, the bottom one first
   */
  static LstmStack read(TensorTable tensors, int inputs, List<Integer> hidden) {
    var layers = new ArrayList<LstmLayer>(hidden.size());
    for (int l = 0; l < hidden.size(); l++) {
      layers.add(readLayer(tensors, l, l == 0 ? inputs : hidden.get(l - 1), hidden.get(l)));
    }
    return new LstmStack(layers);
  }

  private static LstmLayer readLayer(TensorTable tensors, int layer, int inputs, int hidden) {
    int rows = LstmLayer.GATES * hidden;
    float[] inputWeights = tensors.take(Names.inputWeights(layer), rows, inputs);
    float[] hiddenWeights = tensors.take(Names.hiddenWeights(layer), rows, hidden);
    float[] bias = tensors.take(Names.inputBias(layer), rows);
    addTo(bias, tensors.take(Names.hiddenBias(layer), rows));
    tensors.checkFinite(bias, Names.inputBias(layer));
    return LstmLayer.of(inputs, hidden, inputWeights, hiddenWeights, bias);
  }

  private static void addTo(float[] bias, float[] other) {
    for (int i = 0; i < bias.length; i++) {
      // Not where it is zero, for that would turn -0 into 0, and the bytes would not come back.
      if (other[i] != 0) {
        bias[i] += other[i];
      }
    }
  }
}
