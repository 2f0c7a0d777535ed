package dev.sluice.cell;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.LinearPanels;
import dev.sluice.kernel.RowBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A batch of B sequences going through a {@link TrainableStack} in windows of T steps.
 *
 * <pre>{@code
 * fill inputs() → forward() → head reads outputs(), fills outputGradients() → backward()
 * }</pre>
 *
 * <p>Rows are in the order t·B + b. The memory that a window leaves is where the next one begins,
 * but gradients do not flow from one into the other: truncated back-propagation. Short sequences
 * follow each other in a lane, see {@link #begin}; what is left of a window at the end is padded
 * with any inputs and with output gradients of 0.
 *
 * <p>Confined to one thread.
 */
public final class StackWindow {

  private final int lanes;
  private final int steps;
  private final List<LayerTape> tapes = new ArrayList<>();
  private final List<RowBlock> gradients = new ArrayList<>(); // By the output of each layer.
  private final List<float[]> masks =
      new ArrayList<>(); // Of the inputs of each layer but the first.
  private final RowBlock outputs;
  private final RowBlock inputGradients;
  private boolean dropped;

  StackWindow(List<TrainableStack.Layer> layers, int lanes, int steps) {
    if (lanes < 1 || steps < 1) {
      throw new IllegalArgumentException(
          "A window of "
              + lanes
              + " lanes and "
              + steps
              + " steps is not possible. Give 1 or more");
    }
    this.lanes = lanes;
    this.steps = steps;
    int rows = lanes * steps;
    for (TrainableStack.Layer layer : layers) {
      tapes.add(new LayerTape(layer, lanes, steps));
      gradients.add(padded(rows, layer.hidden()));
      masks.add(new float[rows * layer.inputs()]);
    }
    int hidden = layers.getLast().hidden();
    this.outputs = RowBlock.allocate(rows, hidden, Floats.pad(hidden));
    this.inputGradients = padded(rows, layers.getFirst().inputs());
  }

  private static RowBlock padded(int rows, int width) {
    return RowBlock.allocate(rows, width, LinearPanels.paddedOutputs(width));
  }

  /** Returns B. */
  public int lanes() {
    return lanes;
  }

  /** Returns T. */
  public int steps() {
    return steps;
  }

  /** Returns where the caller puts the inputs: rows of I floats, row t·B + b. */
  public RowBlock inputs() {
    return tapes.getFirst().inputs();
  }

  /** Returns the h of the top layer: rows of H floats, row t·B + b. */
  public RowBlock outputs() {
    return outputs;
  }

  /** Returns where the caller puts the loss's gradients by {@link #outputs}. */
  public RowBlock outputGradients() {
    return gradients.getLast();
  }

  /** Returns the gradients by the inputs, once {@link #backwardToInputs} has computed them. */
  public RowBlock inputGradients() {
    return inputGradients;
  }

  /** Lets the next window of {@code lane} begin with a memory of 0. */
  public void reset(int lane) {
    tapes.forEach(tape -> tape.reset(lane));
  }

  /** Lets the next window of every lane begin with a memory of 0. */
  public void reset() {
    for (int lane = 0; lane < lanes; lane++) {
      reset(lane);
    }
  }

  /**
   * Says whether {@code lane} begins with a memory of 0 at {@code step} of the windows to come, so
   * that short sequences can follow each other within one. Gradients do not flow back beyond it.
   */
  public void begin(int step, int lane, boolean begins) {
    tapes.forEach(tape -> tape.begin(step, lane, begins));
  }

  /** Goes forward without dropout. */
  public void forward() {
    dropped = false;
    for (int l = 0; l < tapes.size(); l++) {
      tapes.get(l).forward(above(l));
    }
  }

  /**
   * Goes forward with dropout between the layers: each of their connections is cut with probability
   * {@code rate}, and the others are strengthened to make up for it.
   *
   * @param rate 0 up to but not 1
   * @param random decides which; the same generator gives the same cuts
   */
  public void forward(double rate, SplittableRandom random) {
    dropped = rate > 0;
    for (int l = 0; l < tapes.size(); l++) {
      if (l > 0 && dropped) {
        drawMask(masks.get(l), rate, random);
        multiply(tapes.get(l).inputs(), masks.get(l));
      }
      tapes.get(l).forward(above(l));
    }
  }

  private RowBlock above(int layer) {
    return layer + 1 < tapes.size() ? tapes.get(layer + 1).inputs() : outputs;
  }

  private static void drawMask(float[] mask, double rate, SplittableRandom random) {
    float kept = (float) (1 / (1 - rate));
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextDouble() < rate ? 0 : kept;
    }
  }

  private static void multiply(RowBlock rows, float[] mask) {
    int i = 0;
    for (int r = 0; r < rows.rows(); r++) {
      for (int column = 0; column < rows.width(); column++) {
        rows.set(r, column, rows.get(r, column) * mask[i++]);
      }
    }
  }

  /** Goes back from {@link #outputGradients}, adding to the gradients of all weights. */
  public void backward() {
    for (int l = tapes.size() - 1; l >= 0; l--) {
      tapes.get(l).backward(gradients.get(l));
      if (l > 0) {
        tapes.get(l).inputGradients(gradients.get(l - 1));
        if (dropped) {
          multiply(gradients.get(l - 1), masks.get(l));
        }
      }
    }
  }

  /** Does as {@link #backward}, and computes {@link #inputGradients} too. */
  public void backwardToInputs() {
    backward();
    tapes.getFirst().inputGradients(inputGradients);
  }
}
