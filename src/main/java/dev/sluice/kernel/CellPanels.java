package dev.sluice.kernel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one recurrent layer of any kind as the kernel reads them: what is multiplied by
 * the inputs and by h as {@link GatePanels}, and what the kind needs beyond.
 *
 * <p>A GRU has four groups too: reset, update, and the candidate twice, once for what it has of x
 * and once for what it has of h, with zeros in the other place. That multiplies a third more than
 * needed, and keeps one micro-kernel for all.
 *
 * <p>Immutable; serves all keys and threads.
 */
public final class CellPanels {

  static final int GROUP = GatePanels.UNITS;

  /** Peepholes of a panel: i, f, o. */
  static final int PEEPHOLES = 3 * GROUP;

  /** Normalisation of a panel: gains of x, gains of h, biases; then gains of c, biases, mask. */
  static final int NORMS = 3 * GatePanels.ROW + 3 * GROUP;

  /** Where in a panel's normalisation that of c begins. */
  static final int CELL_NORMS = 3 * GatePanels.ROW;

  /** What keeps a standard deviation from 0, as in PyTorch. */
  static final float EPSILON = 1e-5f;

  private static final float CANDIDATE = GatePanels.gateScale(true);

  private final Recurrence recurrence;
  private final GatePanels gates;
  private final @Nullable Floats extras; // [panels][PEEPHOLES or NORMS]
  private final @Nullable LinearPanels second; // of the projection, or of r ⊙ h

  private CellPanels(
      Recurrence recurrence,
      GatePanels gates,
      @Nullable Floats extras,
      @Nullable LinearPanels second) {
    this.recurrence = recurrence;
    this.gates = gates;
    this.extras = extras;
    this.second = second;
  }

  /**
   * The gate sums' weights in the order of PyTorch, four groups of H rows each.
   *
   * @param inputs row-major, shape (4H, I)
   * @param hidden row-major, shape (4H, R)
   * @param bias shape (4H)
   * @param units H
   */
  public record Gates(float[] inputs, float[] hidden, float[] bias, int units) {

    GatePanels pack(GatePanels.Groups groups) {
      int width = inputs.length / (GatePanels.GATES * units);
      return GatePanels.pack(groups, inputs, hidden, bias, units, width);
    }
  }

  /** Makes a plain LSTM of what is packed. */
  public static CellPanels lstm(GatePanels gates) {
    return new CellPanels(Recurrence.LSTM, gates, null, null);
  }

  /**
   * Makes an LSTM with peepholes.
   *
   * @param peepholes shape (3, H): of i, f, o
   */
  public static CellPanels peephole(Gates gates, float[] peepholes) {
    int units = gates.units();
    GatePanels.checkLength("peepholes", peepholes.length, 3L * units);
    Floats extras = Floats.allocate(Floats.pad(units) / GROUP * (long) PEEPHOLES);
    for (int i = 0; i < peepholes.length; i++) {
      int unit = i % units;
      long at = (long) unit / GROUP * PEEPHOLES + (long) i / units * GROUP + unit % GROUP;
      extras.set(at, peepholes[i] * GatePanels.gateScale(false));
    }
    var panels = gates.pack(GatePanels.Groups.LSTM);
    return new CellPanels(Recurrence.PEEPHOLE, panels, extras, null);
  }

  /** Makes a GRU that resets after the product, of groups r, z, n of x, n of h. */
  public static CellPanels gru(Gates gates) {
    return new CellPanels(Recurrence.GRU, gates.pack(GatePanels.Groups.GRU), null, null);
  }

  /**
   * Makes a GRU that resets before the product.
   *
   * @param gates groups r, z, n of x, and one of zeros; of h only r and z
   * @param candidate row-major, shape (H, H): what n has of r ⊙ h
   */
  public static CellPanels gruBefore(Gates gates, float[] candidate) {
    int units = gates.units();
    float[] scaled = new float[candidate.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = candidate[i] * CANDIDATE;
    }
    var second = LinearPanels.pack(scaled, new float[units], units, units);
    var panels = gates.pack(GatePanels.Groups.GRU);
    return new CellPanels(Recurrence.GRU_BEFORE, panels, null, second);
  }

  /**
   * Makes an LSTM whose h is projected.
   *
   * @param gates with R = P
   * @param projection row-major, shape (P, H)
   */
  public static CellPanels projected(Gates gates, float[] projection) {
    int units = gates.units();
    int outputs = projection.length / units;
    var second = LinearPanels.pack(projection, new float[outputs], outputs, units);
    var panels = gates.pack(GatePanels.Groups.LSTM);
    return new CellPanels(Recurrence.PROJECTED, panels, null, second);
  }

  /**
   * Makes an LSTM with layer normalisation.
   *
   * @param inputGain of the sums of x, shape (4H)
   * @param hiddenGain of the sums of h, shape (4H)
   * @param cellGain of c, shape (H)
   * @param cellBias of c, shape (H)
   */
  public static CellPanels normalised(
      Gates gates, float[] inputGain, float[] hiddenGain, float[] cellGain, float[] cellBias) {
    int units = gates.units();
    Floats extras = Floats.allocate(Floats.pad(units) / GROUP * (long) NORMS);
    float[][] rows = {inputGain, hiddenGain, gates.bias()};
    for (int unit = 0; unit < units; unit++) {
      long panel = (long) unit / GROUP * NORMS + unit % GROUP;
      for (int gate = 0; gate < GatePanels.GATES; gate++) {
        float scale = GatePanels.gateScale(gate == 2);
        for (int kind = 0; kind < rows.length; kind++) {
          long at = panel + (long) kind * GatePanels.ROW + (long) gate * GROUP;
          extras.set(at, rows[kind][gate * units + unit] * scale);
        }
      }
      extras.set(panel + CELL_NORMS, cellGain[unit] * CANDIDATE);
      extras.set(panel + CELL_NORMS + GROUP, cellBias[unit] * CANDIDATE);
      extras.set(panel + CELL_NORMS + 2 * GROUP, 1);
    }
    var unbiased = new Gates(gates.inputs(), gates.hidden(), new float[gates.bias().length], units);
    var panels = unbiased.pack(GatePanels.Groups.UNSCALED);
    return new CellPanels(Recurrence.NORMALISED, panels, extras, null);
  }

  /** Returns these weights, those of the gates rounded to int16; normalised ones as they are. */
  public CellPanels toInt16() {
    return recurrence == Recurrence.NORMALISED
        ? this
        : new CellPanels(recurrence, gates.toInt16(), extras, second);
  }

  /** Returns whether weights are int16. */
  public boolean isInt16() {
    return gates.isInt16();
  }

  /** Returns what it does with its sums. */
  public Recurrence recurrence() {
    return recurrence;
  }

  /** Returns I, the number of inputs. */
  public int inputs() {
    return gates.inputs();
  }

  /** Returns H, the number of units. */
  public int hidden() {
    return gates.hidden();
  }

  /** Returns R, the floats of h. */
  public int outputs() {
    return gates.recurrent();
  }

  /** Returns the floats of a row that this layer's memory takes: h, and c where there is one. */
  public int memoryFloats() {
    return Floats.pad(outputs()) + (recurrence.hasCell() ? Floats.pad(hidden()) : 0);
  }

  GatePanels gates() {
    return gates;
  }

  /** Returns the address of a panel's peepholes or normalisation. */
  long extras(int panel) {
    int width = recurrence == Recurrence.PEEPHOLE ? PEEPHOLES : NORMS;
    return Objects.requireNonNull(extras).address() + 4L * panel * width;
  }

  LinearPanels second() {
    return Objects.requireNonNull(second);
  }

  /** Returns the number of gate sums over which a layer is normalised. */
  int normalisedSums() {
    return GatePanels.GATES * hidden();
  }
}
