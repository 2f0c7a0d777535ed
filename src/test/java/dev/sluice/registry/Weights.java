package dev.sluice.registry;

import java.util.Random;

/**
 * The model of these tests: its own bytes.
 *
 * @param version as published
 */
record Weights(int version, byte[] bytes) {

  /** What an artifact starts with that the loader of these tests takes for one of another shape. */
  static final byte MISFIT = 77;

  /** Refuses an artifact that starts with {@link #MISFIT}. */
  static Weights load(Manifest manifest, byte[] artifact) {
    if (artifact[0] == MISFIT) {
      throw new IllegalArgumentException("wants 3 features, this topology makes 2");
    }
    return new Weights(manifest.version(), artifact);
  }

  /** Returns seeded bytes that the loader accepts. */
  static byte[] artifact(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    bytes[0] = 1;
    return bytes;
  }
}
