package dev.sluice.train;

/**
 * Which events of a source to learn from, by event time.
 *
 * @param fromMillis the first time, epoch milliseconds
 * @param toMillis the first time after the last, epoch milliseconds
 */
public record TimeRange(long fromMillis, long toMillis) {

  /** Everything. */
  public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

  /** Checks the order. */
  public TimeRange {
    if (fromMillis >= toMillis) {
      throw new IllegalArgumentException(
          "a range from " + fromMillis + " to " + toMillis + " holds no time");
    }
  }

  boolean contains(long timeMillis) {
    return timeMillis >= fromMillis && timeMillis < toMillis;
  }
}
