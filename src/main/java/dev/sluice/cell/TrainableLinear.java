package dev.sluice.cell;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.LinearPanels;
import dev.sluice.kernel.Product;
import dev.sluice.kernel.RowBlock;
import dev.sluice.kernel.TrainingKernel;
import java.util.List;
import java.util.Random;

/**
 * A linear layer that is being trained: {@code out = W·in + b}.
 *
 * <p>Confined to one thread; {@link #shard} makes another for another thread.
 */
public final class TrainableLinear {

  private static final TrainingKernel KERNEL = TrainingKernel.best();
  private static final int WIDTH = 64;

  /** Rows whose gradients, 64 wide, take 32 KiB: they stay in the L1 from tile to tile. */
  private static final int CHUNK_ROWS = 128;

  private final int inputs;
  private final int outputs;
  private final int panels;
  private final Parameter parameter; // [panels][1 + C][64], row 0 the bias
  private final Transposed transposed;
  private final Floats one = Floats.of(1);
  private final Product product = new Product();

  private TrainableLinear(int inputs, int outputs, Parameter parameter) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.panels = LinearPanels.paddedOutputs(outputs) / WIDTH;
    this.parameter = parameter;
    this.transposed = new Transposed(outputs, 1 + inputs, 1, inputs);
  }

  /** Returns a layer with weights uniform in ±1/√C and biases of 0. */
  public static TrainableLinear create(String name, int inputs, int outputs, long seed) {
    double range = 1 / StrictMath.sqrt(inputs);
    float[] weights = TrainableStack.uniform(new Random(seed), outputs * inputs, range);
    return of(name, weights, new float[outputs]);
  }

  /**
   * Returns a layer that goes on from weights learned before.
   *
   * @param weights row-major, shape (O, C)
   * @param bias shape (O)
   */
  public static TrainableLinear of(String name, float[] weights, float[] bias) {
    int inputs = weights.length / bias.length;
    Weights.check("weights", weights, bias.length, inputs);
    var parameter = Parameter.zeros(name, LinearPanels.floats(bias.length, inputs));
    LinearPanels.layOut(weights, bias, parameter.value());
    return new TrainableLinear(inputs, bias.length, parameter);
  }

  /** Returns a layer that shares the weights and collects gradients of its own. */
  public TrainableLinear shard() {
    return new TrainableLinear(inputs, outputs, parameter.shard());
  }

  /** Returns the weights and biases, one parameter. */
  public List<Parameter> parameters() {
    return List.of(parameter);
  }

  /** Returns C. */
  public int inputs() {
    return inputs;
  }

  /** Returns O. */
  public int outputs() {
    return outputs;
  }

  /** Returns rows for the outputs of {@code rows} rows, or for gradients by them. */
  public RowBlock allocateOutputs(int rows) {
    return RowBlock.allocate(rows, outputs, LinearPanels.paddedOutputs(outputs));
  }

  /**
   * Computes the outputs.
   *
   * @param in rows of C floats
   * @param out as many rows, as {@link #allocateOutputs} makes them; overwritten
   */
  public void forward(RowBlock in, RowBlock out) {
    requireRows(in, out);
    for (int p = 0; p < panels; p++) {
      long bias = p * (1L + inputs) * WIDTH;
      product.size(in.rows(), inputs);
      product.left(in.block(), in.start(), in.stride(), 1);
      product.panel(parameter.value(), bias + WIDTH, WIDTH);
      product.from(parameter.value(), bias, 0);
      KERNEL.multiply(product.into(out.block(), out.start() + (long) p * WIDTH, out.stride()));
    }
  }

  /**
   * Adds to the gradients of the weights what this batch contributes.
   *
   * @param in what {@link #forward} was given
   * @param outGradients the loss by each output, 0 beyond O
   */
  public void backward(RowBlock in, RowBlock outGradients) {
    requireRows(in, outGradients);
    for (int first = 0; first < in.rows(); first += CHUNK_ROWS) {
      int rows = Math.min(CHUNK_ROWS, in.rows() - first);
      for (int p = 0; p < panels; p++) {
        accumulate(in, outGradients, first, rows, p);
      }
    }
  }

  /**
   * Does as {@link #backward(RowBlock, RowBlock)}, and computes the gradients by the inputs.
   *
   * @param inGradients as many rows, at a stride that is a multiple of 64; overwritten
   */
  public void backward(RowBlock in, RowBlock outGradients, RowBlock inGradients) {
    requireRows(in, inGradients);
    backward(in, outGradients);
    transposed.repack(parameter.value());
    transposed.multiply(
        outGradients.block(), outGradients.start(), WIDTH, outGradients.stride(), inGradients);
  }

  private void accumulate(RowBlock in, RowBlock outGradients, int first, int rows, int panel) {
    Floats gradient = parameter.gradient();
    long bias = panel * (1L + inputs) * WIDTH;
    long from = outGradients.at(first) + (long) panel * WIDTH;
    product.size(1, rows).left(one, 0, 0, 0);
    product.panel(outGradients.block(), from, outGradients.stride());
    KERNEL.multiply(product.from(gradient, bias, 0).into(gradient, bias, 0));
    long weights = bias + WIDTH;
    product.size(inputs, rows).left(in.block(), in.at(first), 1, in.stride());
    product.panel(outGradients.block(), from, outGradients.stride());
    KERNEL.multiply(product.from(gradient, weights, WIDTH).into(gradient, weights, WIDTH));
  }

  private static void requireRows(RowBlock one, RowBlock other) {
    if (one.rows() != other.rows()) {
      throw new IllegalArgumentException(
          one.rows() + " rows and " + other.rows() + ". Give equally many");
    }
  }

  /** Returns a copy of the weights, row-major, shape (O, C). */
  public float[] weights() {
    float[] weights = new float[outputs * inputs];
    LinearPanels.layBack(parameter.value(), weights, new float[outputs]);
    return weights;
  }

  /** Returns a copy of the bias, shape (O). */
  public float[] bias() {
    float[] bias = new float[outputs];
    LinearPanels.layBack(parameter.value(), new float[outputs * inputs], bias);
    return bias;
  }
}
