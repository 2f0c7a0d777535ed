package dev.sluice.river;

import dev.sluice.score.Calibration;
import dev.sluice.state.Encoding;
import java.util.Optional;

/**
 * How a stream is scored, whatever the model.
 *
 * @param wave most events that are taken through at once, 1 to 4,096
 * @param interval probability mass between low and high, in (0, 1)
 * @param calibration overrides the calibration of the model, where the operator has said so
 * @param onSwap what becomes of a key's memory when another model takes over
 * @param encoding how precise memories are
 * @param expireAfterMillis how long a key may be silent, in event time, before an event of it finds
 *     a new memory; {@link #NEVER} if it may for ever
 */
public record Settings(
    int wave,
    double interval,
    Optional<Calibration> calibration,
    OnSwap onSwap,
    Encoding encoding,
    long expireAfterMillis) {

  /** No key is silent for so long. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Checks the ranges. */
  public Settings {
    if (wave < 1 || wave > 4096) {
      throw new IllegalArgumentException("a wave of " + wave + " is not from 1 to 4096");
    }
    if (expireAfterMillis < 1) {
      throw new IllegalArgumentException(
          "keys that expire after " + expireAfterMillis + " ms; give at least 1");
    }
  }

  /** Creates settings for memories as the network computes them, which never expire. */
  public Settings(int wave, double interval, Optional<Calibration> calibration, OnSwap onSwap) {
    this(wave, interval, calibration, onSwap, Encoding.FLOAT32, NEVER);
  }

  /** What becomes of a key's memory when another model takes over. */
  public enum OnSwap {
    /** It goes on where the shape is the same, else it begins anew. */
    KEEP,
    /** It begins anew. */
    RESET
  }
}
