package dev.sluice.artifact;

import java.util.Arrays;
import java.util.Random;

/** Files as a bad disk, a bad line or a bad person leaves them. */
final class Mutant {

  private Mutant() {}

  /** Returns {@code original} with one to three changes. */
  static byte[] of(byte[] original, Random random) {
    byte[] mutant = original.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0 && mutant.length > 0; changes--) {
      int at = random.nextInt(mutant.length);
      switch (random.nextInt(5)) {
        case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutant[at] = (byte) random.nextInt();
        // A digit more or less is where lengths and offsets go wrong.
        case 2 -> mutant[at] = (byte) ('0' + random.nextInt(10));
        case 3 -> mutant = Arrays.copyOf(mutant, at);
        default -> {
          int from = random.nextInt(mutant.length);
          int length = random.nextInt(mutant.length - Math.max(at, from));
          System.arraycopy(mutant, from, mutant, at, length);
        }
      }
    }
    return mutant;
  }
}
