package dev.sluice.train;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects events as they arrive; {@link #build} puts them in order. Not thread-safe. */
public final class HistoryBuilder {

  private static final int FIRST_CAPACITY = 1024;

  private final EventSchema schema;
  private final Map<ByteBuffer, Integer> keyNumbers = new HashMap<>();
  private final List<byte[]> keys = new ArrayList<>();
  private final Map<String, Integer> wordNumbers = new HashMap<>();
  private final List<String> dictionary = new ArrayList<>();

  // In the order of arrival; longer than there are events.
  private int[] keyOf = new int[FIRST_CAPACITY];
  private long[] times = new long[FIRST_CAPACITY];
  private final double[][] numbers;
  private final int[][] words;
  private int events;

  /** Starts a history of events of {@code schema}. */
  public HistoryBuilder(EventSchema schema) {
    this.schema = schema;
    this.numbers = new double[schema.numbers().size()][FIRST_CAPACITY];
    this.words = new int[schema.words().size()][FIRST_CAPACITY];
  }

  /** What the order of events within a key is. */
  public enum Order {
    /** The order in which they were added: what a stream has seen. */
    ARRIVAL,
    /** By event time, those of one time in the order in which they were added. */
    TIME
  }

  /** Returns how many events there are so far. */
  public int events() {
    return events;
  }

  /**
   * Adds an event, or as many as it has steps.
   *
   * @param event complete and finite, as decoders leave it; not kept
   * @throws TrainingException if there are too many events or words
   */
  public void add(Event event) {
    for (int step = 0; step < event.steps(); step++) {
      event.step(step);
      addStep(event);
    }
  }

  private void addStep(Event event) {
    if (events == times.length) {
      grow();
    }
    keyOf[events] = keyNumber(event.key());
    times[events] = event.timeMillis();
    for (int slot = 0; slot < numbers.length; slot++) {
      numbers[slot][events] = event.number(slot);
    }
    for (int slot = 0; slot < words.length; slot++) {
      words[slot][events] = wordNumber(event.word(slot));
    }
    events++;
  }

  private void grow() {
    if (events >= History.MAX_EVENTS) {
      throw new TrainingException(
          "The history holds more than "
              + History.MAX_EVENTS
              + " events. Learn from a part of it: see --from-time and --to-time");
    }
    int capacity = (int) Math.min(2L * events, History.MAX_EVENTS);
    keyOf = Arrays.copyOf(keyOf, capacity);
    times = Arrays.copyOf(times, capacity);
    for (int slot = 0; slot < numbers.length; slot++) {
      numbers[slot] = Arrays.copyOf(numbers[slot], capacity);
    }
    for (int slot = 0; slot < words.length; slot++) {
      words[slot] = Arrays.copyOf(words[slot], capacity);
    }
  }

  private int keyNumber(byte[] key) {
    Integer known = keyNumbers.get(ByteBuffer.wrap(key));
    if (known != null) {
      return known;
    }
    byte[] kept = key.clone();
    keyNumbers.put(ByteBuffer.wrap(kept), keys.size());
    keys.add(kept);
    return keys.size() - 1;
  }

  private int wordNumber(@Nullable String word) {
    if (word == null) {
      return History.NO_WORD;
    }
    Integer known = wordNumbers.get(word);
    if (known != null) {
      return known;
    }
    if (dictionary.size() == History.MAX_WORDS) {
      throw new TrainingException(
          "The categories "
              + schema.words().stream().map(EventSchema.Field::name).toList()
              + " take more than "
              + History.MAX_WORDS
              + " different words. One of them is an identifier: leave it out of the features");
    }
    wordNumbers.put(word, dictionary.size());
    dictionary.add(word);
    return dictionary.size() - 1;
  }

  /** Returns the events added so far, key by key. */
  public History build(Order order) {
    Integer[] byKey = keysInOrder();
    int[] placeOf = new int[keys.size()]; // By key number: its place among the sorted keys.
    byte[][] sortedKeys = new byte[keys.size()][];
    for (int place = 0; place < byKey.length; place++) {
      placeOf[byKey[place]] = place;
      sortedKeys[place] = keys.get(byKey[place]);
    }
    int[] starts = starts(placeOf);
    int[] source = sources(placeOf, starts);
    if (order == Order.TIME) {
      sortByTime(starts, source);
    }
    return new History(schema, sortedKeys, starts, columns(source), dictionary);
  }

  private Integer[] keysInOrder() {
    Integer[] order = new Integer[keys.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(keys.get(a), keys.get(b)));
    return order;
  }

  /** Returns where the events of each key begin, and where those of the last one end. */
  private int[] starts(int[] placeOf) {
    int[] starts = new int[placeOf.length + 1];
    for (int i = 0; i < events; i++) {
      starts[placeOf[keyOf[i]] + 1]++;
    }
    for (int place = 0; place < placeOf.length; place++) {
      starts[place + 1] += starts[place];
    }
    return starts;
  }

  /** Returns for each index of the history which of the arrivals it is. */
  private int[] sources(int[] placeOf, int[] starts) {
    int[] next = starts.clone();
    int[] source = new int[events];
    for (int i = 0; i < events; i++) {
      source[next[placeOf[keyOf[i]]]++] = i;
    }
    return source;
  }

  private void sortByTime(int[] starts, int[] source) {
    for (int place = 0; place + 1 < starts.length; place++) {
      if (!isInTimeOrder(source, starts[place], starts[place + 1])) {
        Integer[] part = new Integer[starts[place + 1] - starts[place]];
        Arrays.setAll(part, fill(source, starts[place]));
        Arrays.sort(part, Comparator.comparingLong(i -> times[i]));
        for (int i = 0; i < part.length; i++) {
          source[starts[place] + i] = part[i];
        }
      }
    }
  }

  private static java.util.function.IntFunction<Integer> fill(int[] source, int from) {
    return i -> source[from + i];
  }

  private boolean isInTimeOrder(int[] source, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      if (times[source[i]] < times[source[i - 1]]) {
        return false;
      }
    }
    return true;
  }

  private History.Columns columns(int[] source) {
    long[] sortedTimes = new long[events];
    double[][] sortedNumbers = new double[numbers.length][events];
    int[][] sortedWords = new int[words.length][events];
    for (int i = 0; i < events; i++) {
      sortedTimes[i] = times[source[i]];
    }
    for (int slot = 0; slot < numbers.length; slot++) {
      for (int i = 0; i < events; i++) {
        sortedNumbers[slot][i] = numbers[slot][source[i]];
      }
    }
    for (int slot = 0; slot < words.length; slot++) {
      for (int i = 0; i < events; i++) {
        sortedWords[slot][i] = words[slot][source[i]];
      }
    }
    return new History.Columns(sortedTimes, sortedNumbers, sortedWords);
  }
}
