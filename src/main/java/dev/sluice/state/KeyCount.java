package dev.sluice.state;

import dev.sluice.event.Hash;
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
    long hash = Hash.of(key);
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
    sample.remove(Hash.of(key));
  }

  /** Returns the number of keys. */
  public long keys() {
    return (long) sample.size() << level;
  }
}
