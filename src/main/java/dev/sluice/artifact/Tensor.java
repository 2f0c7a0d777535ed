package dev.sluice.artifact;

import java.util.Arrays;
import java.util.List;

/**
 * A named block of numbers, row-major.
 *
 * <p>The array is neither copied on the way in nor on the way out: whoever hands it over gives it
 * away. Two tensors are equal if their names, shapes and numbers are, each number as {@link
 * Float#equals} has it.
 *
 * @param name 1 to {@value Safetensors#MAX_NAME_CHARS} characters, such as {@code head.weight}
 * @param shape up to {@value Safetensors#MAX_RANK} extents of 0 or more; empty for a single number
 * @param data as many numbers as the product of {@code shape}
 */
public record Tensor(String name, List<Integer> shape, float[] data) {

  /**
   * Checks that the name is one a file may hold and that {@code shape} and {@code data} agree.
   *
   * @throws IllegalArgumentException if not
   */
  public Tensor {
    shape = List.copyOf(shape);
    if (name.isEmpty() || name.length() > Safetensors.MAX_NAME_CHARS) {
      throw new IllegalArgumentException(
          "tensor "
              + ArtifactException.quoted(name)
              + ": the name has "
              + name.length()
              + " characters. Give it 1 to "
              + Safetensors.MAX_NAME_CHARS);
    }
    if (shape.size() > Safetensors.MAX_RANK || elements(shape) != data.length) {
      throw new IllegalArgumentException(
          "tensor "
              + ArtifactException.quoted(name)
              + ": shape "
              + shape
              + " does not describe "
              + data.length
              + " numbers. Give at most "
              + Safetensors.MAX_RANK
              + " extents whose product is the length");
    }
  }

  /** Returns a tensor of the given shape that takes ownership of {@code data}. */
  public static Tensor of(String name, float[] data, int... shape) {
    return new Tensor(name, Arrays.stream(shape).boxed().toList(), data);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor(var otherName, var otherShape, var otherData)
        && name.equals(otherName)
        && shape.equals(otherShape)
        && Arrays.equals(data, otherData);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + shape.hashCode()) + Arrays.hashCode(data);
  }

  /** Names the tensor and its shape, not its numbers. */
  @Override
  public String toString() {
    return name + shape;
  }

  /**
   * Returns the product of {@code shape}, or -1 if an extent is negative or the product is more
   * than a {@code long} holds.
   */
  static long elements(List<Integer> shape) {
    long product = 1;
    for (int extent : shape) {
      boolean tooMany = extent > 0 && product > Long.MAX_VALUE / extent;
      if (extent < 0 || tooMany) {
        return -1;
      }
      product *= extent;
    }
    return product;
  }
}
