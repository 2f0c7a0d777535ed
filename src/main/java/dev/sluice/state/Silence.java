package dev.sluice.state;

/** How long a key has been silent, in event time. */
public final class Silence {

  private Silence() {}

  /**
   * Returns whether a key whose last event was at {@code last}, or {@link Memories#NO_TIME}, was
   * silent for longer than {@code millis} at {@code timeMillis}.
   */
  public static boolean isLonger(long last, long timeMillis, long millis) {
    long silent = timeMillis - last;
    // Of two times that are further apart than a long can tell, the later one is late enough.
    return last != Memories.NO_TIME && timeMillis > last && (silent < 0 || silent > millis);
  }
}
