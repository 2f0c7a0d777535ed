package dev.sluice.config;

import dev.sluice.cell.Cell;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The {@code model} section: recurrent layers, and what it predicts.
 *
 * @param id what its versions are published under; by default the topology's name
 * @param cells of each layer, the bottom one first; a single one serves all
 * @param hidden units of a layer, 1 to 4096; a key costs 8 bytes a unit and layer, 4 of a GRU
 * @param layers 1 to 8
 * @param weights what a model's weights are while it scores
 * @param start what scores before a version was published
 * @param reading how a message is read of which something is said
 * @param predict what it foretells
 */
public record ModelDecl(
    String id,
    List<CellKind> cells,
    int hidden,
    int layers,
    WeightFormat weights,
    Start start,
    Reading reading,
    Prediction predict) {

  /**
   * How a message is read.
   *
   * @param directions in which layers go through it
   * @param attention how its tokens become what is said of the whole
   */
  public record Reading(Directions directions, Attention attention) {

    /** Forward, the tokens' mean. */
    public static final Reading PLAIN = new Reading(Directions.FORWARD, Attention.NONE);
  }

  /** In which directions a layer goes through a message. */
  public enum Directions {
    /** From its beginning to its end. */
    FORWARD,
    /** And back; the next layer reads both. */
    BOTH
  }

  /** How tokens are weighed. */
  public enum Attention {
    /** All the same. */
    NONE,
    /** By a learned query (Luong et al. 2015). */
    DOT,
    /** By a small network (Bahdanau et al. 2015). */
    ADDITIVE
  }

  /** What a layer can be made of; {@link Cell} says more. */
  public enum CellKind {
    /** {@link Cell#LSTM}. */
    LSTM(Cell.LSTM),
    /** {@link Cell#PEEPHOLE}. */
    PEEPHOLE(Cell.PEEPHOLE),
    /** {@link Cell#COUPLED}. */
    COUPLED(Cell.COUPLED),
    /** {@link Cell#GRU}. */
    GRU(Cell.GRU);

    private final Cell cell;

    CellKind(Cell cell) {
      this.cell = cell;
    }
  }

  /** What weights are while a model scores; training and artifacts have floats. */
  public enum WeightFormat {
    /** As they were trained. */
    FLOAT32,
    /** Rounded, in large layers, so that a step reads half the bytes. */
    INT16
  }

  /** What scores while no version was published yet. */
  public enum Start {
    /** Nothing: the stream waits. */
    WAIT,
    /** The model that is shipped, which is published as the first version. */
    GENERAL
  }

  /** What layers are made of when nothing is said. */
  static final List<CellKind> DEFAULT_CELLS = List.of(CellKind.LSTM);

  private static final int MAX_HIDDEN = 4096;
  private static final int MAX_LAYERS = 8;

  /**
   * Checks the section.
   *
   * @throws TopologyException naming every field at fault
   */
  public ModelDecl {
    new Check("model")
        .name("id", id)
        .whole("hidden", hidden, 1, MAX_HIDDEN)
        .whole("layers", layers, 1, MAX_LAYERS)
        .require(
            cells.size() == 1 || cells.size() == layers,
            "cells",
            cells.size() + " kinds",
            "do not fit model.layers: " + layers,
            "Write one kind for all layers, or one for each")
        .done();
    cells = List.copyOf(cells);
  }

  /** A model of default size. */
  public static ModelDecl of(String id, Prediction predict) {
    return new ModelDecl(
        id,
        DEFAULT_CELLS,
        Defaults.HIDDEN,
        Defaults.LAYERS,
        WeightFormat.FLOAT32,
        Start.WAIT,
        Reading.PLAIN,
        predict);
  }

  /** Returns the cell of each layer, the bottom one first. */
  public List<Cell> layerCells() {
    return IntStream.range(0, layers)
        .mapToObj(l -> cells.get(cells.size() == 1 ? 0 : l).cell)
        .toList();
  }
}
