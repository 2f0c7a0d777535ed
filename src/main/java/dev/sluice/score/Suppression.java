package dev.sluice.score;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A window of event time in which no alert is raised: once, or again and again. Immutable and
 * allocation-free.
 */
public final class Suppression {

  private static final byte[] EVERY_KEY = {};

  private final long fromMillis;
  private final long lengthMillis;
  private final long periodMillis;
  private final byte[] key;
  private final boolean isPrefix;
  private final String why;

  /**
   * Creates a window.
   *
   * @param fromMillis when it begins the first time or any time, epoch milliseconds; may be
   *     negative
   * @param lengthMillis how long it lasts, above 0
   * @param periodMillis after how long it begins again, longer than it lasts; 0 for once
   * @param key whose alerts: a key, the beginning of keys with {@code *} behind it, or empty for
   *     every key
   * @param why the reason that results give
   */
  public Suppression(
      long fromMillis, long lengthMillis, long periodMillis, String key, String why) {
    if (lengthMillis <= 0 || (periodMillis != 0 && periodMillis < lengthMillis)) {
      throw new IllegalArgumentException(
          "a window of " + lengthMillis + " ms every " + periodMillis + " ms");
    }
    this.fromMillis = fromMillis;
    this.lengthMillis = lengthMillis;
    this.periodMillis = periodMillis;
    this.isPrefix = key.isEmpty() || key.endsWith("*");
    this.key =
        key.isEmpty()
            ? EVERY_KEY
            : (isPrefix ? key.substring(0, key.length() - 1) : key).getBytes(UTF_8);
    this.why = why;
  }

  /** Says whether an alert of {@code itsKey} at that event time is suppressed. */
  public boolean covers(byte[] itsKey, long timeMillis) {
    long since = timeMillis - fromMillis;
    boolean within =
        periodMillis == 0
            ? since >= 0 && since < lengthMillis
            : Math.floorMod(since, periodMillis) < lengthMillis;
    return within && isOf(itsKey);
  }

  private boolean isOf(byte[] itsKey) {
    return isPrefix
        ? itsKey.length >= key.length && Arrays.equals(itsKey, 0, key.length, key, 0, key.length)
        : Arrays.equals(itsKey, key);
  }

  /** Returns the reason. */
  public String why() {
    return why;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Suppression that
        && fromMillis == that.fromMillis
        && lengthMillis == that.lengthMillis
        && periodMillis == that.periodMillis
        && isPrefix == that.isPrefix
        && Arrays.equals(key, that.key)
        && why.equals(that.why);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(fromMillis) + 31 * Arrays.hashCode(key) + why.hashCode();
  }

  @Override
  public String toString() {
    return why
        + ": "
        + lengthMillis
        + " ms from "
        + fromMillis
        + (periodMillis == 0 ? "" : " every " + periodMillis);
  }
}
