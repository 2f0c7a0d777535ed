package dev.sluice.exchange;

import java.util.List;
import java.util.SequencedSet;

/** Named tensors of a file. They are read one at a time, so that nobody pays for the others. */
public interface StateDict {

  /** Returns where it comes from, for messages. */
  String where();

  /** Returns the names of all tensors, in the order of the file. */
  SequencedSet<String> names();

  /**
   * Returns the shape of a tensor.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  List<Integer> shape(String name);

  /**
   * Returns the numbers of a tensor, row-major; the caller owns them.
   *
   * @throws ForeignFileException if they are no floating-point numbers
   * @throws IllegalArgumentException if there is none of that name
   */
  float[] floats(String name);
}
