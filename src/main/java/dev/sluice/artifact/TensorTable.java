package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.grouped;
import static dev.sluice.artifact.ArtifactException.invalid;
import static dev.sluice.artifact.ArtifactException.quoted;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tensors of a file, each to be taken once: what a model needs must be there, and what it does
 * not need must not, for a tensor that is left over means that file and document do not agree.
 */
final class TensorTable {

  private static final String WRITE_AGAIN =
      "The weights and what the file says of them do not agree; train or export the model again";

  private final String where;
  private final Map<String, Tensor> left;

  TensorTable(TensorFile file, String where) {
    this.where = where;
    this.left = new TreeMap<>(file.tensors());
  }

  /**
   * Takes the tensor {@code name}, which must have {@code shape} and hold finite numbers only.
   *
   * @return its numbers, row-major; the caller owns them
   */
  float[] take(String name, int... shape) {
    Tensor tensor = left.remove(name);
    if (tensor == null) {
      throw invalid(where, "tensor " + quoted(name) + " is missing", WRITE_AGAIN);
    }
    List<Integer> expected = Arrays.stream(shape).boxed().toList();
    if (!tensor.shape().equals(expected)) {
      throw invalid(
          where,
          "tensor " + quoted(name) + " has shape " + tensor.shape() + ", not " + expected,
          WRITE_AGAIN);
    }
    checkFinite(tensor.data(), name);
    return tensor.data();
  }

  /** Checks that {@code numbers} are finite. */
  void checkFinite(float[] numbers, String name) {
    int at = indexOfNonFinite(numbers);
    if (at >= 0) {
      throw invalid(
          where,
          "tensor " + quoted(name) + " holds " + numbers[at] + " at " + grouped(at),
          "Its training went wrong; train the model again with a lower learning rate");
    }
  }

  /** Returns where the first number is that is infinite or not a number, -1 if there is none. */
  static int indexOfNonFinite(float[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      if (!Float.isFinite(numbers[i])) {
        return i;
      }
    }
    return -1;
  }

  /** Refuses the file if a tensor was not taken. */
  void end() {
    if (!left.isEmpty()) {
      String name = left.keySet().iterator().next();
      throw invalid(where, "tensor " + quoted(name) + " is not part of the model", WRITE_AGAIN);
    }
  }
}
