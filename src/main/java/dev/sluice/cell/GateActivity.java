package dev.sluice.cell;

import dev.sluice.kernel.Floats;

/**
 * How far the gates of a stack open for one input: to explain a single event, in plain loops and
 * double precision, beside the kernels. Not thread-safe.
 */
public final class GateActivity {

  private final LstmStack stack;
  private final double[] inputs; // Of the layer at work, (I) or the (H) below.
  private final double[] outputs; // The h of the layer at work, (H).
  private final float[] hidden; // (H) before the event.
  private final float[] cells; // (H) before the event.
  // The layers' own: a model in use must not copy 24 MB while its stream waits.
  private final float[][] inputWeights; // By layer; (4H, I)
  private final float[][] hiddenWeights; // By layer; (4H, H)
  private final float[][] biases; // By layer; (4H)
  private double input; // Sums over units, of the event at work.
  private double forget;
  private double output;

  /**
   * Means over all units of how far the gates open, each in (0, 1).
   *
   * @param input how much of the event is taken in
   * @param forget how much of the memory is held; little is forgetting
   * @param output how much of the memory is shown
   */
  public record Gates(double input, double forget, double output) {}

  /** Creates what explains events of a stack. */
  public GateActivity(LstmStack stack) {
    int most = stack.inputs();
    int layers = stack.layers().size();
    this.stack = stack;
    this.inputWeights = new float[layers][];
    this.hiddenWeights = new float[layers][];
    this.biases = new float[layers][];
    for (int l = 0; l < layers; l++) {
      LstmLayer layer = stack.layers().get(l);
      most = Math.max(most, layer.hidden());
      inputWeights[l] = layer.sharedInputWeights();
      hiddenWeights[l] = layer.sharedHiddenWeights();
      biases[l] = layer.sharedBias();
    }
    this.inputs = new double[most];
    this.outputs = new double[most];
    this.hidden = new float[most];
    this.cells = new float[most];
  }

  /**
   * Returns what the gates would do.
   *
   * @param memory of a key before the event, a row from {@code start} on; read only
   * @param event shape (I)
   */
  public Gates of(Floats memory, long start, float[] event) {
    for (int k = 0; k < stack.inputs(); k++) {
      inputs[k] = event[k];
    }
    input = 0;
    forget = 0;
    output = 0;
    int units = 0;
    for (int l = 0; l < stack.layers().size(); l++) {
      int size = stack.layers().get(l).hidden();
      int at = stack.hiddenAt(l);
      memory.read(start + at, hidden, 0, size);
      memory.read(start + at + Floats.pad(size), cells, 0, size);
      layer(l, stack.layers().get(l).inputs(), size);
      System.arraycopy(outputs, 0, inputs, 0, size);
      units += size;
    }
    return new Gates(input / units, forget / units, output / units);
  }

  private void layer(int l, int width, int size) {
    for (int u = 0; u < size; u++) {
      double in = sigmoid(sum(l, u, width, size));
      double keep = sigmoid(sum(l, size + u, width, size));
      double candidate = StrictMath.tanh(sum(l, 2 * size + u, width, size));
      double out = sigmoid(sum(l, 3 * size + u, width, size));
      outputs[u] = out * StrictMath.tanh(keep * cells[u] + in * candidate);
      input += in;
      forget += keep;
      output += out;
    }
  }

  /** Returns the activation of row {@code row} of the gates. */
  private double sum(int l, int row, int width, int size) {
    double sum = biases[l][row];
    for (int k = 0; k < width; k++) {
      sum += inputWeights[l][row * width + k] * inputs[k];
    }
    for (int k = 0; k < size; k++) {
      sum += hiddenWeights[l][row * size + k] * (double) hidden[k];
    }
    return sum;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }
}
