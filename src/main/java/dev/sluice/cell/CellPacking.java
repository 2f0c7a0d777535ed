package dev.sluice.cell;

import dev.sluice.kernel.CellPanels;
import dev.sluice.kernel.CellPanels.Gates;
import dev.sluice.kernel.GatePanels;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** The weights of each kind of cell as the four groups of sums that the kernel has, and back. */
final class CellPacking {

  private static final int GROUPS = CellLayer.LSTM_GATES;

  private CellPacking() {}

  static CellPanels pack(Cell cell, int units, Map<String, float[]> weights) {
    Gates gates = gates(cell, units, weights);
    return switch (cell) {
      case LSTM, COUPLED ->
          CellPanels.lstm(
              GatePanels.pack(
                  gates.inputs(),
                  gates.hidden(),
                  gates.bias(),
                  gates.inputs().length / (GROUPS * units),
                  units));
      case PEEPHOLE -> CellPanels.peephole(gates, named(weights, Cell.PEEPHOLES));
      case GRU -> CellPanels.gru(gates);
      case GRU_RESET_BEFORE -> {
        float[] hidden = named(weights, Cell.HIDDEN);
        int gate = units * units;
        yield CellPanels.gruBefore(gates, Arrays.copyOfRange(hidden, 2 * gate, 3 * gate));
      }
      case PROJECTED -> CellPanels.projected(gates, named(weights, Cell.PROJECTION));
      case NORMALISED ->
          CellPanels.normalised(
              gates,
              named(weights, Cell.INPUT_GAIN),
              named(weights, Cell.HIDDEN_GAIN),
              named(weights, Cell.CELL_GAIN),
              named(weights, Cell.CELL_BIAS));
    };
  }

  /** Returns the weights as four groups. */
  static Gates gates(Cell cell, int units, Map<String, float[]> weights) {
    float[] inputs = named(weights, Cell.INPUTS);
    float[] hidden = named(weights, Cell.HIDDEN);
    float[] bias = named(weights, Cell.BIAS);
    return switch (cell) {
      case LSTM, PEEPHOLE, PROJECTED, NORMALISED -> new Gates(inputs, hidden, bias, units);
      case COUPLED -> new Gates(coupled(inputs), coupled(hidden), coupled(bias), units);
      case GRU ->
          new Gates(
              groups(inputs, 0, 1, 2, -1),
              groups(hidden, 0, 1, -1, 2),
              joined(bias, named(weights, Cell.RESET_BIAS)),
              units);
      case GRU_RESET_BEFORE ->
          new Gates(
              groups(inputs, 0, 1, 2, -1),
              groups(hidden, 0, 1, -1, -1),
              groups(bias, 0, 1, 2, -1),
              units);
    };
  }

  /**
   * Takes back from four groups what {@link #gates} made of the weights, for cells that can be
   * trained.
   *
   * @param into by name, overwritten
   */
  static void takeBack(Cell cell, Gates gates, Map<String, float[]> into) {
    float[] inputs = named(into, Cell.INPUTS);
    float[] hidden = named(into, Cell.HIDDEN);
    float[] bias = named(into, Cell.BIAS);
    switch (cell) {
      case COUPLED -> {
        pick(gates.inputs(), inputs, 0, 2, 3);
        pick(gates.hidden(), hidden, 0, 2, 3);
        pick(gates.bias(), bias, 0, 2, 3);
      }
      case GRU -> {
        pick(gates.inputs(), inputs, 0, 1, 2);
        pick(gates.hidden(), hidden, 0, 1, 3);
        pick(gates.bias(), bias, 0, 1, 2);
        pick(gates.bias(), named(into, Cell.RESET_BIAS), 3);
      }
      default -> {
        pick(gates.inputs(), inputs, 0, 1, 2, 3);
        pick(gates.hidden(), hidden, 0, 1, 2, 3);
        pick(gates.bias(), bias, 0, 1, 2, 3);
      }
    }
  }

  /** Returns i, -i, g, o of i, g, o. */
  private static float[] coupled(float[] values) {
    float[] four = groups(values, 0, 0, 1, 2);
    int gate = four.length / GROUPS;
    for (int i = gate; i < 2 * gate; i++) {
      four[i] = -four[i];
    }
    return four;
  }

  /** Returns the gates of {@code values}, of which there are three, as groups; -1 means zeros. */
  private static float[] groups(float[] values, int... gates) {
    int gate = values.length / 3;
    float[] four = new float[GROUPS * gate];
    for (int g = 0; g < GROUPS; g++) {
      if (gates[g] >= 0) {
        System.arraycopy(values, gates[g] * gate, four, g * gate, gate);
      }
    }
    return four;
  }

  private static float[] joined(float[] three, float[] one) {
    float[] four = Arrays.copyOf(three, three.length + one.length);
    System.arraycopy(one, 0, four, three.length, one.length);
    return four;
  }

  private static void pick(float[] four, float[] into, int... groups) {
    int gate = four.length / GROUPS;
    for (int g = 0; g < groups.length; g++) {
      System.arraycopy(four, groups[g] * gate, into, g * gate, gate);
    }
  }

  private static float[] named(Map<String, float[]> weights, String name) {
    return Objects.requireNonNull(weights.get(name), name);
  }
}
