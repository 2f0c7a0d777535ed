package dev.sluice.cell;

import dev.sluice.kernel.CellPanels;
import dev.sluice.kernel.CellPanels.Gates;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * One recurrent layer: the kind of its cells, and their weights in PyTorch's order of gates.
 *
 * <p>Immutable; one instance serves all keys and threads.
 */
public final class CellLayer {

  /** Most inputs or units of a layer. */
  public static final int MAX_SIZE = 65_535;

  /** Input, forget, cell and output gate of an LSTM, in this order. */
  public static final int LSTM_GATES = 4;

  private final Cell cell;
  private final int inputs;
  private final int units;
  private final int hidden;
  private final SequencedMap<String, float[]> weights;
  private final CellPanels panels;

  private CellLayer(
      Cell cell, int inputs, int units, SequencedMap<String, float[]> weights, CellPanels panels) {
    this.cell = cell;
    this.inputs = inputs;
    this.units = units;
    this.hidden = panels.outputs();
    this.weights = weights;
    this.panels = panels;
  }

  /**
   * Makes a layer of long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate
   * of Gers, Schmidhuber and Cummins 2000) from copies of its weights.
   *
   * @param inputs I, 1 to {@value #MAX_SIZE}
   * @param hidden H, 1 to {@value #MAX_SIZE}
   * @param inputWeights row-major, shape (4H, I), gates i, f, g, o
   * @param hiddenWeights row-major, shape (4H, H)
   * @param bias shape (4H), PyTorch's bias_ih + bias_hh
   * @throws IllegalArgumentException if a size is out of range, a shape does not match the sizes,
   *     or a weight is NaN or infinite
   */
  public static CellLayer lstm(
      int inputs, int hidden, float[] inputWeights, float[] hiddenWeights, float[] bias) {
    var weights = new LinkedHashMap<String, float[]>();
    weights.put(Cell.INPUTS, inputWeights);
    weights.put(Cell.HIDDEN, hiddenWeights);
    weights.put(Cell.BIAS, bias);
    return of(Cell.LSTM, inputs, hidden, hidden, weights);
  }

  /**
   * Makes a layer of any kind from copies of its weights.
   *
   * @param inputs I, 1 to {@value #MAX_SIZE}
   * @param units H, 1 to {@value #MAX_SIZE}
   * @param outputs R: H, or less if the cell projects
   * @param weights by the names and in the shapes of {@link Cell#shapes}, row-major
   * @throws IllegalArgumentException if a size is out of range, a shape does not match the sizes,
   *     or a weight is NaN or infinite
   */
  public static CellLayer of(
      Cell cell, int inputs, int units, int outputs, Map<String, float[]> weights) {
    requireSize("inputs", inputs);
    requireSize("hidden", units);
    requireSize("outputs", outputs);
    if (cell == Cell.PROJECTED ? outputs > units : outputs != units) {
      throw new IllegalArgumentException(
          outputs
              + " outputs of "
              + units
              + " units are not possible for "
              + cell.id()
              + ". Give as many, or fewer to a projected cell");
    }
    SequencedMap<String, int[]> shapes = cell.shapes(inputs, units, outputs);
    if (!shapes.keySet().equals(weights.keySet())) {
      throw new IllegalArgumentException(
          "Weights " + weights.keySet() + ", a " + cell.id() + " layer has " + shapes.keySet());
    }
    var copies = new LinkedHashMap<String, float[]>();
    shapes.forEach(
        (name, shape) -> {
          float[] values = Objects.requireNonNull(weights.get(name));
          Weights.check(name, values, shape[0], shape.length == 1 ? 1 : shape[1]);
          copies.put(name, values.clone());
        });
    return new CellLayer(cell, inputs, units, copies, CellPacking.pack(cell, units, copies));
  }

  /** Returns this layer, stepping with int16 weights; what it tells of its weights stays float. */
  CellLayer withInt16Weights() {
    return new CellLayer(cell, inputs, units, weights, panels.toInt16());
  }

  /** Returns whether it steps with int16 weights. */
  public boolean hasInt16Weights() {
    return panels.isInt16();
  }

  /** Returns the kind of its cells. */
  public Cell cell() {
    return cell;
  }

  /** Returns I, the number of inputs. */
  public int inputs() {
    return inputs;
  }

  /** Returns H, the number of units. */
  public int units() {
    return units;
  }

  /** Returns R, the floats of h: as many as there are units, unless they are projected. */
  public int hidden() {
    return hidden;
  }

  /** Returns the floats that the layer's memory takes in a row, padding included. */
  public int memoryFloats() {
    return panels.memoryFloats();
  }

  /** Returns copies of all weights by name, in the order of {@link Cell#shapes}. */
  public SequencedMap<String, float[]> weights() {
    var copies = new LinkedHashMap<String, float[]>();
    weights.forEach((name, values) -> copies.put(name, values.clone()));
    return copies;
  }

  /** Returns a copy of the weights of the inputs, row-major, shape (gates·H, I). */
  public float[] inputWeights() {
    return shared(Cell.INPUTS).clone();
  }

  /** Returns a copy of the weights of h, row-major, shape (gates·H, R). */
  public float[] hiddenWeights() {
    return shared(Cell.HIDDEN).clone();
  }

  /** Returns a copy of the bias, shape (gates·H). */
  public float[] bias() {
    return shared(Cell.BIAS).clone();
  }

  /** Returns weights by name; live, do not write. */
  float[] shared(String name) {
    return Objects.requireNonNull(weights.get(name), name);
  }

  /**
   * Returns the groups of sums as the kernel has them, four of H rows, whatever the cell; may be
   * live, do not write.
   */
  public Gates gates() {
    return CellPacking.gates(cell, units, Collections.unmodifiableSequencedMap(weights));
  }

  CellPanels panels() {
    return panels;
  }

  static void requireSize(String name, int size) {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          name + ": " + size + " is out of range. Give a whole number from 1 to " + MAX_SIZE);
    }
  }
}
