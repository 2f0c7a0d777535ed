package dev.sluice.event;

import org.jspecify.annotations.Nullable;

/**
 * One observation of one key: mutable and used again, so that decoding allocates as little as it
 * can. What its slots mean is said by the {@link EventSchema} it was made from.
 *
 * <p>Where the text of a field is {@linkplain Cut cut}, an event has a step for each word of it,
 * and is at one of them at a time: {@link #word} of that field is the word of the step.
 */
public final class Event {

  private static final byte[] NO_KEY = {};
  private static final int NO_SLOT = -1;

  private byte[] key = NO_KEY;
  private long timeMillis;
  private final double[] numbers;
  private final @Nullable String[] words;
  private final Steps steps = new Steps();
  private int cutSlot = NO_SLOT;

  /** Creates an event with every slot missing. */
  Event(int numbers, int words) {
    this.numbers = new double[numbers];
    this.words = new @Nullable String[words];
    clear();
  }

  /** Returns the key's bytes, UTF-8 by convention; owned by whoever set them. */
  public byte[] key() {
    return key;
  }

  /** Sets the key; the array is kept, not copied. */
  public void key(byte[] key) {
    this.key = key;
  }

  /** Returns the event time, in milliseconds since 1970-01-01T00:00Z. */
  public long timeMillis() {
    return timeMillis;
  }

  /** Sets the event time, in milliseconds since 1970-01-01T00:00Z. */
  public void timeMillis(long timeMillis) {
    this.timeMillis = timeMillis;
  }

  /** Returns the number in {@code slot}, finite, or NaN where it is missing. */
  public double number(int slot) {
    return numbers[slot];
  }

  /** Sets the number in {@code slot}, NaN where it is missing. */
  public void number(int slot, double value) {
    numbers[slot] = value;
  }

  /** Returns the word in {@code slot}, or null where it is missing. */
  public @Nullable String word(int slot) {
    return words[slot];
  }

  /** Sets the word in {@code slot}, null where it is missing. */
  public void word(int slot, @Nullable String value) {
    words[slot] = value;
  }

  /** Returns the number of steps, at least 1. */
  public int steps() {
    return cutSlot == NO_SLOT ? 1 : steps.count();
  }

  /** Returns whether its text was cut into words, be it a single one. */
  public boolean isCut() {
    return cutSlot != NO_SLOT;
  }

  /** Goes to a step, from 0. */
  public void step(int step) {
    if (cutSlot != NO_SLOT) {
      words[cutSlot] = steps.word(step);
    }
  }

  /**
   * Lets the words of a slot be the steps.
   *
   * @return takes the words; has at least one when done, and {@link #step} is called then
   */
  Steps cut(int slot, int most) {
    cutSlot = slot;
    steps.begin(most);
    return steps;
  }

  /** Makes every slot missing. */
  void clear() {
    cutSlot = NO_SLOT;
    key = NO_KEY;
    timeMillis = 0;
    java.util.Arrays.fill(numbers, Double.NaN);
    java.util.Arrays.fill(words, null);
  }
}
