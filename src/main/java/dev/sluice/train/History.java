package dev.sluice.train;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import java.util.Arrays;
import java.util.List;

/**
 * Recorded events in columns: keys in the order of their bytes, and within a key the events in the
 * order of arrival, whatever the order in which keys took turns. Event i of key k has an index from
 * {@code start(k)} to {@code end(k) - 1}.
 *
 * <p>An event takes 8 bytes, 8 more for each numeric field and 4 for each text field; twice that,
 * and 4, while a history is being read. At most {@value #MAX_EVENTS} events with at most {@value
 * #MAX_WORDS} different words: a field with more of them is an identifier, not a category.
 *
 * <p>Immutable.
 */
public final class History {

  /** Most events. */
  public static final int MAX_EVENTS = 100_000_000;

  /** Most different words, over all text fields. */
  public static final int MAX_WORDS = 1 << 20;

  /** The word id of a missing word. */
  static final int NO_WORD = -1;

  private final EventSchema schema;
  private final byte[][] keys;
  private final int[] starts; // (keys + 1)
  private final long[] times; // (events)
  private final double[][] numbers; // [numeric slot][event]
  private final int[][] words; // [text slot][event], indexes into the dictionary
  private final List<String> dictionary;

  /** Takes ownership of columns that are in order. */
  History(
      EventSchema schema, byte[][] keys, int[] starts, Columns columns, List<String> dictionary) {
    this.schema = schema;
    this.keys = keys;
    this.starts = starts;
    this.times = columns.times();
    this.numbers = columns.numbers();
    this.words = columns.words();
    this.dictionary = List.copyOf(dictionary);
  }

  /**
   * Columns of equal length.
   *
   * @param times (events), epoch milliseconds
   * @param numbers [numeric slot][event], NaN where missing
   * @param words [text slot][event], {@link #NO_WORD} where missing
   */
  @SuppressWarnings("ArrayRecordComponent") // Three arrays under one name, never compared.
  record Columns(long[] times, double[][] numbers, int[][] words) {}

  /** Returns what the events look like. */
  public EventSchema schema() {
    return schema;
  }

  /** Returns the number of events. */
  public int events() {
    return times.length;
  }

  /** Returns the number of keys. */
  public int keys() {
    return keys.length;
  }

  /** Returns the bytes of key {@code k}; live, not to be changed. */
  public byte[] key(int k) {
    return keys[k];
  }

  /** Returns the index of the first event of key {@code k}. */
  public int start(int k) {
    return starts[k];
  }

  /** Returns the index after the last event of key {@code k}. */
  public int end(int k) {
    return starts[k + 1];
  }

  /** Returns the time of event {@code index}, in milliseconds since 1970-01-01T00:00Z. */
  public long timeMillis(int index) {
    return times[index];
  }

  /** Returns a number of event {@code index}, NaN where it is missing. */
  public double number(int slot, int index) {
    return numbers[slot][index];
  }

  /** Returns the place in {@link #dictionary} of a word of event {@code index}, -1 for none. */
  int wordIndex(int slot, int index) {
    return words[slot][index];
  }

  /** Returns all words that occur, in the order of their first arrival. */
  List<String> dictionary() {
    return dictionary;
  }

  /**
   * Makes {@code event} what a decoder would have made of event {@code index} of key {@code k}.
   *
   * @param event of this history's schema; overwritten
   */
  public void read(int k, int index, Event event) {
    event.key(keys[k]);
    event.timeMillis(times[index]);
    for (int slot = 0; slot < numbers.length; slot++) {
      event.number(slot, numbers[slot][index]);
    }
    for (int slot = 0; slot < words.length; slot++) {
      int word = words[slot][index];
      event.word(slot, word == NO_WORD ? null : dictionary.get(word));
    }
  }

  /** Returns the times of all events, ascending. */
  long[] sortedTimes() {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
