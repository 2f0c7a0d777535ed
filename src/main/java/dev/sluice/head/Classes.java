package dev.sluice.head;

import java.util.HashSet;
import java.util.List;

/**
 * Names one of which is said, of a message or of a token, by a softmax.
 *
 * @param names what may be said, by index
 * @param linear the layer below, with an output for each name
 */
public record Classes(List<String> names, Linear linear) {

  /** Most names. */
  public static final int MAX_NAMES = 65_536;

  /** Checks that there is a name for each output, and each once. */
  public Classes {
    names = List.copyOf(names);
    if (names.size() > MAX_NAMES || names.size() != linear.outputs()) {
      throw new IllegalArgumentException(
          names.size() + " names of classes for " + linear.outputs() + " outputs");
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException("a class has the name of another");
    }
  }
}
