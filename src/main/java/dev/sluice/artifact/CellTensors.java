package dev.sluice.artifact;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/** The layers of a stack as tensors, and back. */
final class CellTensors {

  private CellTensors() {}

  /**
   * What an artifact says of one layer.
   *
   * @param cell the kind
   * @param units H
   * @param outputs R
   */
  record Shape(Cell cell, int units, int outputs) {}

  /** Adds the tensors of {@code stack} to {@code tensors}. */
  static void write(CellStack stack, List<Tensor> tensors) {
    for (int l = 0; l < stack.layers().size(); l++) {
      write(stack.layers().get(l), Names.suffix(l, false), tensors);
    }
  }

  /** Adds the tensors of {@code layer}, whose names end in {@code suffix}. */
  static void write(CellLayer layer, String suffix, List<Tensor> tensors) {
    var weights = layer.weights();
    var shapes = layer.cell().shapes(layer.inputs(), layer.units(), layer.hidden());
    weights.forEach(
        (name, values) -> {
          switch (name) {
            case Cell.BIAS -> {
              float[] none = new float[0];
              writeBias(suffix, values, weights.getOrDefault(Cell.RESET_BIAS, none), tensors);
            }
            case Cell.RESET_BIAS -> {} // Part of PyTorch's bias_hh.
            default -> {
              int[] shape = Objects.requireNonNull(shapes.get(name));
              tensors.add(Tensor.of(Names.cell(name, suffix), values, shape));
            }
          }
        });
  }

  /** Writes PyTorch's two biases, of which the second is 0 but for what is within a reset. */
  private static void writeBias(
      String suffix, float[] bias, float[] resetBias, List<Tensor> tensors) {
    float[] ofHidden = new float[bias.length];
    int from = bias.length - resetBias.length;
    System.arraycopy(resetBias, 0, ofHidden, from, resetBias.length);
    tensors.add(Tensor.of(Names.inputBias(suffix), bias, bias.length));
    tensors.add(Tensor.of(Names.hiddenBias(suffix), ofHidden, bias.length));
  }

  /**
   * Takes the tensors of a stack.
   *
   * @param inputs of the bottom layer
   * @param shapes of each layer, the bottom one first
   */
  static CellStack read(TensorTable tensors, int inputs, List<Shape> shapes) {
    var layers = new ArrayList<CellLayer>(shapes.size());
    int below = inputs;
    for (int l = 0; l < shapes.size(); l++) {
      layers.add(readLayer(tensors, Names.suffix(l, false), below, shapes.get(l)));
      below = shapes.get(l).outputs();
    }
    return new CellStack(layers);
  }

  /** Takes the tensors of a layer, whose names end in {@code suffix}. */
  static CellLayer readLayer(TensorTable tensors, String suffix, int inputs, Shape shape) {
    var weights = new LinkedHashMap<String, float[]>();
    var shapes = shape.cell().shapes(inputs, shape.units(), shape.outputs());
    shapes.forEach(
        (name, size) -> {
          if (!name.equals(Cell.BIAS) && !name.equals(Cell.RESET_BIAS)) {
            weights.put(name, tensors.take(Names.cell(name, suffix), size));
          }
        });
    int rows = shape.cell().gates() * shape.units();
    float[] bias = tensors.take(Names.inputBias(suffix), rows);
    float[] other = tensors.take(Names.hiddenBias(suffix), rows);
    int common = rows;
    if (shapes.containsKey(Cell.RESET_BIAS)) {
      common = rows - shape.units();
      weights.put(Cell.RESET_BIAS, Arrays.copyOfRange(other, common, rows));
    }
    addTo(bias, other, common);
    tensors.checkFinite(bias, Names.inputBias(suffix));
    weights.put(Cell.BIAS, bias);
    return CellLayer.of(shape.cell(), inputs, shape.units(), shape.outputs(), weights);
  }

  private static void addTo(float[] bias, float[] other, int count) {
    for (int i = 0; i < count; i++) {
      // Not where it is zero, for that would turn -0 into 0, and the bytes would not come back.
      if (other[i] != 0) {
        bias[i] += other[i];
      }
    }
  }
}
