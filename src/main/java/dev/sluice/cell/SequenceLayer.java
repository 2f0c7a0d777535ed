package dev.sluice.cell;

import java.util.List;

/**
 * One layer of a {@link SequenceStack}: reads a sequence from its beginning and, if it has a second
 * direction, from its end too.
 *
 * @param directions one or two layers of the same inputs; the first reads forward, the second
 *     backward
 */
public record SequenceLayer(List<CellLayer> directions) {

  /** Checks that there are one or two directions that read the same. */
  public SequenceLayer {
    directions = List.copyOf(directions);
    if (directions.isEmpty() || directions.size() > 2) {
      throw new IllegalArgumentException(
          "A layer that reads in " + directions.size() + " directions. Give 1 or 2");
    }
    int backward = directions.getLast().inputs();
    if (directions.getFirst().inputs() != backward) {
      throw new IllegalArgumentException(
          "A layer that reads "
              + directions.getFirst().inputs()
              + " inputs forward and "
              + backward
              + " backward. Give it the same inputs");
    }
  }

  /** Returns I. */
  public int inputs() {
    return directions.getFirst().inputs();
  }

  /** Returns the floats of [h forward, h backward]. */
  public int outputs() {
    return directions.stream().mapToInt(CellLayer::hidden).sum();
  }

  /** Returns the floats of h forward. */
  public int forwardOutputs() {
    return directions.getFirst().hidden();
  }
}
