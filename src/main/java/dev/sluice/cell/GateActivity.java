package dev.sluice.cell;

import dev.sluice.kernel.CellPanels;
import dev.sluice.kernel.Floats;

/**
 * How far the gates of a stack open for one input: to explain a single event, in plain loops and
 * double precision, beside the kernels. Not thread-safe.
 */
public final class GateActivity {

  private static final int GROUPS = CellLayer.LSTM_GATES;
  private static final double EPSILON = 1e-5; // As the kernel's.

  private final CellStack stack;
  private final double[] inputs; // Of the layer at work, (I) or the (R) below.
  private final double[] shown; // σ(o) ⊙ tanh(c) of its units, (H).
  private final float[] hidden; // (R) before the event.
  private final float[] cells; // (H) before the event.
  private final float[] noPeepholes; // Zeros.
  private final double[] ofInputs; // Sums by group, (4H), first those of the inputs alone.
  private final double[] ofHidden; // (4H)
  // The layers' own where they can be: a model in use must not copy 24 MB while its stream waits.
  private final CellPanels.Gates[] weights; // By layer.
  private double input; // Sums over units, of the event at work.
  private double forget;
  private double output;

  /**
   * Means over all units of how far the gates open, each in [0, 1].
   *
   * @param input how much of the event is taken in; 1 - z of a GRU
   * @param forget how much of the memory is held; little is forgetting; z of a GRU
   * @param output how much of the memory is shown; all of it by a GRU
   */
  public record Gates(double input, double forget, double output) {}

  /** Creates what explains events of a stack. */
  public GateActivity(CellStack stack) {
    int most = stack.inputs();
    int layers = stack.layers().size();
    this.stack = stack;
    this.weights = new CellPanels.Gates[layers];
    for (int l = 0; l < layers; l++) {
      CellLayer layer = stack.layers().get(l);
      most = Math.max(most, layer.units());
      weights[l] = layer.gates();
    }
    this.inputs = new double[most];
    this.shown = new double[most];
    this.hidden = new float[most];
    this.cells = new float[most];
    this.noPeepholes = new float[3 * most];
    this.ofInputs = new double[GROUPS * most];
    this.ofHidden = new double[GROUPS * most];
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
      CellLayer layer = stack.layers().get(l);
      long at = start + stack.hiddenAt(l);
      memory.read(at, hidden, 0, layer.hidden());
      if (layer.cell().hasCellState()) {
        memory.read(at + Floats.pad(layer.hidden()), cells, 0, layer.units());
      }
      sums(l, layer);
      step(layer);
      units += layer.units();
    }
    return new Gates(input / units, forget / units, output / units);
  }

  private void sums(int l, CellLayer layer) {
    CellPanels.Gates own = weights[l];
    for (int row = 0; row < GROUPS * layer.units(); row++) {
      double x = 0;
      double h = 0;
      for (int k = 0; k < layer.inputs(); k++) {
        x += own.inputs()[row * layer.inputs() + k] * inputs[k];
      }
      for (int k = 0; k < layer.hidden(); k++) {
        h += own.hidden()[row * layer.hidden() + k] * (double) hidden[k];
      }
      ofInputs[row] = x;
      ofHidden[row] = h;
    }
    if (layer.cell() == Cell.NORMALISED) {
      normalise(ofInputs, GROUPS * layer.units(), layer.shared(Cell.INPUT_GAIN));
      normalise(ofHidden, GROUPS * layer.units(), layer.shared(Cell.HIDDEN_GAIN));
    }
    for (int row = 0; row < GROUPS * layer.units(); row++) {
      ofInputs[row] += ofHidden[row] + own.bias()[row];
    }
  }

  /** Turns the sums into what the layer above reads, and adds up the gates. */
  private void step(CellLayer layer) {
    switch (layer.cell()) {
      case GRU, GRU_RESET_BEFORE -> unit(layer);
      default -> lstm(layer);
    }
    if (layer.cell() == Cell.PROJECTED) {
      project(layer);
    } else {
      System.arraycopy(shown, 0, inputs, 0, layer.units());
    }
  }

  private void lstm(CellLayer layer) {
    int size = layer.units();
    float[] peepholes = layer.cell() == Cell.PEEPHOLE ? layer.shared(Cell.PEEPHOLES) : noPeepholes;
    for (int u = 0; u < size; u++) {
      double in = sigmoid(ofInputs[u] + peepholes[u] * (double) cells[u]);
      double keep = sigmoid(ofInputs[size + u] + peepholes[size + u] * (double) cells[u]);
      double c = keep * cells[u] + in * StrictMath.tanh(ofInputs[2 * size + u]);
      double out = sigmoid(ofInputs[3 * size + u] + peepholes[2 * size + u] * c);
      ofInputs[3 * size + u] = out;
      shown[u] = c;
      input += in;
      forget += keep;
      output += out;
    }
    if (layer.cell() == Cell.NORMALISED) {
      normalise(shown, size, layer.shared(Cell.CELL_GAIN));
      float[] bias = layer.shared(Cell.CELL_BIAS);
      for (int u = 0; u < size; u++) {
        shown[u] += bias[u];
      }
    }
    for (int u = 0; u < size; u++) {
      shown[u] = ofInputs[3 * size + u] * StrictMath.tanh(shown[u]);
    }
  }

  private void unit(CellLayer layer) {
    int size = layer.units();
    for (int u = 0; u < size; u++) {
      ofInputs[u] = sigmoid(ofInputs[u]);
    }
    for (int u = 0; u < size; u++) {
      double candidate = ofInputs[2 * size + u] + inReset(layer, u);
      double z = sigmoid(ofInputs[size + u]);
      shown[u] = (1 - z) * StrictMath.tanh(candidate) + z * hidden[u];
      input += 1 - z;
      forget += z;
      output += 1;
    }
  }

  /** Returns what the candidate of a unit has of h, reset. */
  private double inReset(CellLayer layer, int u) {
    int size = layer.units();
    if (layer.cell() == Cell.GRU) {
      return ofInputs[u] * ofInputs[3 * size + u];
    }
    float[] candidate = layer.shared(Cell.HIDDEN);
    double sum = 0;
    for (int k = 0; k < size; k++) {
      sum += candidate[(2 * size + u) * size + k] * ofInputs[k] * hidden[k];
    }
    return sum;
  }

  private void project(CellLayer layer) {
    float[] projection = layer.shared(Cell.PROJECTION);
    for (int r = 0; r < layer.hidden(); r++) {
      double sum = 0;
      for (int u = 0; u < layer.units(); u++) {
        sum += projection[r * layer.units() + u] * shown[u];
      }
      inputs[r] = sum;
    }
  }

  private static void normalise(double[] values, int count, float[] gain) {
    double mean = 0;
    for (int i = 0; i < count; i++) {
      mean += values[i] / count;
    }
    double variance = 0;
    for (int i = 0; i < count; i++) {
      variance += (values[i] - mean) * (values[i] - mean) / count;
    }
    double scale = 1 / StrictMath.sqrt(variance + EPSILON);
    for (int i = 0; i < count; i++) {
      values[i] = (values[i] - mean) * scale * gain[i];
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }
}
