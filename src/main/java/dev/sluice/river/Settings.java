package dev.sluice.river;

import dev.sluice.score.Calibration;
import java.util.Optional;

/**
 * How a stream is scored, whatever the model.
 *
 * @param wave most events that are taken through at once, 1 to 4,096
 * @param interval probability mass between low and high, in (0, 1)
 * @param calibration overrides the calibration of the model, where the operator has said so
 * @param onSwap what becomes of a key's memory when another model takes over
 */
public record Settings(
    int wave, double interval, Optional<Calibration> calibration, OnSwap onSwap) {

  /** Checks the ranges. */
  public Settings {
    if (wave < 1 || wave > 4096) {
      throw new IllegalArgumentException("a wave of " + wave + " is not from 1 to 4096");
    }
  }

  /** What becomes of a key's memory when another model takes over. */
  public enum OnSwap {
    /** It goes on where the shape is the same, else it begins anew. */
    KEEP,
    /** It begins anew. */
    RESET
  }
}
