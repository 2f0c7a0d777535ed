package dev.sluice.state;

/**
 * Goes round over the slots of memories, a few at a time, as the hand of a clock does: what is idle
 * or cold is found in the end, and no wave pays for all of it.
 */
public final class Hand {

  private final Memories memories;
  private int slot;

  /** Creates a hand over {@code memories}. */
  public Hand(Memories memories) {
    this.memories = memories;
  }

  /** Removes a key, from wherever it is. */
  @FunctionalInterface
  public interface Removal {

    /** Removes the key, which is in {@code slot}. */
    void remove(int slot);
  }

  /**
   * Removes keys whose last event is more than {@code idleMillis} before the memories' stream time,
   * among the next {@code looks} slots. Changed keys stay.
   *
   * @return how many were removed
   */
  public int removeIdle(int looks, long idleMillis, Removal removal) {
    int removed = 0;
    for (int i = Math.min(looks, memories.slotLimit()); i > 0; i--) {
      int at = next();
      boolean here = memories.isUsed(at) && !memories.isChanged(at);
      if (here && memories.isIdle(at, memories.streamTime(), idleMillis)) {
        removal.remove(at);
        removed++;
      }
    }
    return removed;
  }

  /**
   * Makes keys not resident until they take {@code bytes} or less: those that were not used since
   * the hand came by, then any others. Changed keys stay, so it may not get so far.
   */
  public void evict(long bytes) {
    for (int i = 2 * memories.slotLimit(); i > 0 && memories.residentBytes() > bytes; i--) {
      int at = next();
      boolean here = memories.isUsed(at) && !memories.isChanged(at);
      if (here && !memories.takeUsedLately(at)) {
        memories.remove(at);
      }
    }
  }

  private int next() {
    slot = slot + 1 < memories.slotLimit() ? slot + 1 : 0;
    return slot;
  }
}
