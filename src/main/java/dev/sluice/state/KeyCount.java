package dev.sluice.state;

import java.util.HashSet;
import java.util.Set;

/**
 * How many different keys there are, without keeping them: exact to {@value #MOST}, then from an
 * even smaller share of them all (Wegman's adaptive sampling), about half a percent off.
 */
public final class KeyCount {

  static final int MOST = 1 << 16;

  private final Set<Long> sample = new HashSet<>();
  private int level; // Hashes that end in so many zeros are in the sample.

  /** Creates a count of 0. */
  public KeyCount() {}

  /** Counts a key, unless it is counted already. */
  public void add(byte[] key) {
    long hash = hash(key);
    if (Long.numberOfTrailingZeros(hash) < level) {
      return;
    }
    sample.add(hash);
    while (sample.size() > MOST) {
      level++;
      sample.removeIf(sampled -> Long.numberOfTrailingZeros(sampled) < level);
    }
  }

  /** Takes a key out again. */
  public void remove(byte[] key) {
    sample.remove(hash(key));
  }

  /** Returns the number of keys. */
  public long keys() {
    return (long) sample.size() << level;
  }

  private static long hash(byte[] key) {
    long hash = 0xcbf29ce484222325L; // FNV-1a, whose low bits are then mixed.
    for (byte one : key) {
      hash = (hash ^ one & 0xff) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    return hash ^ hash >>> 33;
  }
}
