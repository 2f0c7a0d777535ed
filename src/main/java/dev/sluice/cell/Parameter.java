package dev.sluice.cell;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.TrainingKernel;

/**
 * Weights that are being learned, with the gradient of the loss by each. Both have the layout that
 * the layer computes with, padding included: only the layer knows which float is which.
 *
 * @param name for messages, such as {@code lstm.0}
 * @param value a multiple of 16 floats
 * @param gradient of the same size; {@link Adam} sets it to 0 when it has used it
 */
public record Parameter(String name, Floats value, Floats gradient) {

  /** Checks that the two sizes agree. */
  public Parameter {
    if (value.size() != gradient.size() || value.size() % Floats.LINE != 0) {
      throw new IllegalArgumentException(
          name
              + ": "
              + value.size()
              + " values and "
              + gradient.size()
              + " gradients. Give equally many, a multiple of "
              + Floats.LINE);
    }
  }

  static Parameter zeros(String name, long size) {
    return new Parameter(name, Floats.allocate(size), Floats.allocate(size));
  }

  /**
   * Returns a parameter that shares the values and has gradients of its own, for another thread.
   */
  public Parameter shard() {
    return new Parameter(name, value, Floats.allocate(gradient.size()));
  }

  /** Adds the gradient of a shard to this one, and sets the shard's to 0. */
  public void collect(Parameter shard) {
    TrainingKernel.best().add(shard.gradient, gradient);
    shard.gradient.fill(0, shard.gradient.size(), 0);
  }
}
