package dev.sluice.capacity;

import java.util.Locale;

/**
 * What is asked for.
 *
 * @param keys with a memory
 * @param eventsPerSecond of the whole stream
 * @param skew how often which key comes
 * @param commitSeconds between commits
 * @param keyBytes of a key, on average
 * @param replication copies of a record on the brokers
 * @param standbys copies of a memory among the instances
 * @param cores of an instance
 * @param load share of a core or thread that is planned with, in (0, 1]
 */
public record Demand(
    long keys,
    double eventsPerSecond,
    Skew skew,
    double commitSeconds,
    int keyBytes,
    int replication,
    int standbys,
    int cores,
    double load) {

  /** From so many keys on, the sum over Zipf's law is taken in strides. */
  private static final double STRIDE = 1.02;

  /** How often which key comes. */
  public enum Skew {
    /** Every key as often as any other. */
    UNIFORM,
    /** The k-th most frequent key 1/k times as often as the most frequent one. */
    ZIPF;

    /** Returns the name as it is written. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks that there is something to plan. */
  public Demand {
    if (keys < 1 || !(eventsPerSecond > 0) || !(commitSeconds > 0) || !(load > 0 && load <= 1)) {
      throw new IllegalArgumentException(
          keys
              + " keys, "
              + eventsPerSecond
              + " events a second, a commit every "
              + commitSeconds
              + " s at a load of "
              + load
              + ". Give positive numbers, and a load of at most 1");
    }
    if (cores < 1 || replication < 1 || standbys < 0 || keyBytes < 0) {
      throw new IllegalArgumentException(
          cores
              + " cores, replication "
              + replication
              + ", "
              + standbys
              + " standbys. Give at"
              + " least 1, 1 and 0");
    }
  }

  /**
   * Returns the changelog rows that an event costs: the keys that are expected to occur among the
   * events of a commit interval, divided by those events. A key belongs to one instance, so that
   * this does not depend on how many there are.
   */
  public double rowsPerEvent() {
    double events = eventsPerSecond * commitSeconds;
    double distinct = skew == Skew.UNIFORM ? keys * occurs(1.0 / keys, events) : zipf(keys, events);
    return Math.min(1, distinct / events);
  }

  /** Returns the chance that a key of this share is among so many events: 1 - (1 - p)^n. */
  private static double occurs(double share, double events) {
    return share >= 1 ? 1 : -StrictMath.expm1(events * StrictMath.log1p(-share));
  }

  private static double zipf(long keys, double events) {
    double harmonic = StrictMath.log((double) keys) + 0.577_215_665 + 0.5 / keys;
    double sum = 0;
    double from = 1;
    while (from <= keys) {
      double to = Math.min(keys + 1.0, Math.max(from + 1, Math.floor(from * STRIDE)));
      double middle = Math.sqrt(from * (to - 1));
      sum += (to - from) * occurs(1 / (middle * harmonic), events);
      from = to;
    }
    return sum;
  }
}
