package dev.sluice.cell;

import dev.sluice.kernel.Recurrence;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a recurrent layer is made of. {@link Recurrence} has the formulas; this says which weights
 * each has, by name and shape, with H units, I inputs and R floats of h.
 */
public enum Cell {
  /** Long short-term memory. */
  LSTM("lstm", 4, 0, Recurrence.LSTM),
  /** LSTM whose gates see the memory. */
  PEEPHOLE("peephole", 4, 1, Recurrence.PEEPHOLE),
  /**
   * LSTM with one gate for what comes and what goes, f = 1 - i (Greff et al. 2017): a quarter fewer
   * weights. Computed as an LSTM whose f has the weights of i negated, for σ(-z) = 1 - σ(z).
   */
  COUPLED("coupled", 3, 2, Recurrence.LSTM),
  /** Gated recurrent unit, reset after the product: PyTorch, cuDNN, Keras. */
  GRU("gru", 3, 3, Recurrence.GRU),
  /** Gated recurrent unit, reset before the product: Cho et al. 2014, Keras' reset_after=False. */
  GRU_RESET_BEFORE("gru-reset-before", 3, 4, Recurrence.GRU_BEFORE),
  /** LSTM whose h is a projection of its units, R instead of H floats. */
  PROJECTED("projected", 4, 5, Recurrence.PROJECTED),
  /** LSTM with layer normalisation. */
  NORMALISED("layer-norm", 4, 6, Recurrence.NORMALISED);

  /** Weights of the inputs, (gates·H, I), gates in PyTorch's order: i, f, g, o or r, z, n. */
  public static final String INPUTS = "weight_ih";

  /** Weights of h, (gates·H, R). */
  public static final String HIDDEN = "weight_hh";

  /** Bias of the gates, (gates·H); of a GRU's n what stands outside the reset. */
  public static final String BIAS = "bias";

  /** Bias of a GRU's n within the reset, (H). */
  public static final String RESET_BIAS = "reset_bias";

  /** Weights of c in the gates i, f, o, (3, H). */
  public static final String PEEPHOLES = "peephole";

  /** Projection, (R, H). */
  public static final String PROJECTION = "weight_hr";

  /** Gain of what the gates have of the inputs, (4H). */
  public static final String INPUT_GAIN = "gain_ih";

  /** Gain of what the gates have of h, (4H). */
  public static final String HIDDEN_GAIN = "gain_hh";

  /** Gain of c, (H). */
  public static final String CELL_GAIN = "gain_c";

  /** Bias of c, (H). */
  public static final String CELL_BIAS = "bias_c";

  private final String id;
  private final int gates;
  private final int code; // Part of stored shape hashes: never change one.
  private final Recurrence recurrence;

  Cell(String id, int gates, int code, Recurrence recurrence) {
    this.id = id;
    this.gates = gates;
    this.code = code;
    this.recurrence = recurrence;
  }

  /** Returns the cell that is called {@code id} in topologies and artifacts. */
  public static Optional<Cell> named(String id) {
    for (Cell cell : values()) {
      if (cell.id.equals(id)) {
        return Optional.of(cell);
      }
    }
    return Optional.empty();
  }

  /** Returns what it is called in topologies and artifacts. */
  public String id() {
    return id;
  }

  /** Returns how many gates of H rows its weights have. */
  public int gates() {
    return gates;
  }

  /** Returns whether a memory c stands beside h. */
  public boolean hasCellState() {
    return recurrence.hasCell();
  }

  /** Returns what the kernel does with the sums of its gates. */
  Recurrence recurrence() {
    return recurrence;
  }

  /** Returns a number from 0 to 7 that stands for it in stored rows; it never changes. */
  public int code() {
    return code;
  }

  /** Returns whether {@link TrainableStack} can learn it. */
  public boolean isTrainable() {
    return switch (this) {
      case LSTM, PEEPHOLE, COUPLED, GRU -> true;
      case GRU_RESET_BEFORE, PROJECTED, NORMALISED -> false;
    };
  }

  /** Returns the shape of each of its weights, by name. */
  public SequencedMap<String, int[]> shapes(int inputs, int units, int outputs) {
    var shapes = new LinkedHashMap<String, int[]>();
    shapes.put(INPUTS, new int[] {gates * units, inputs});
    shapes.put(HIDDEN, new int[] {gates * units, outputs});
    shapes.put(BIAS, new int[] {gates * units});
    switch (this) {
      case PEEPHOLE -> shapes.put(PEEPHOLES, new int[] {3, units});
      case GRU -> shapes.put(RESET_BIAS, new int[] {units});
      case PROJECTED -> shapes.put(PROJECTION, new int[] {outputs, units});
      case NORMALISED -> {
        shapes.put(INPUT_GAIN, new int[] {gates * units});
        shapes.put(HIDDEN_GAIN, new int[] {gates * units});
        shapes.put(CELL_GAIN, new int[] {units});
        shapes.put(CELL_BIAS, new int[] {units});
      }
      default -> {} // Nothing beyond.
    }
    return shapes;
  }
}
