package dev.sluice.river;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.event.EventSchema.Field;
import dev.sluice.state.Strip;

/**
 * A key's last events in a strip of its row, as they came and not as some model saw them: another
 * version may scale numbers otherwise, know other words, and read other fields.
 *
 * <p>Doubles: the number of events that were ever put; then for each of the last so many, in a
 * ring, its time in epoch millis, its numbers (NaN where missing), and the numbers of its words
 * (see {@link KnownWords}). Immutable; allocates nothing.
 */
final class Window {

  /** The kind of its strip. */
  static final int KIND = 1;

  private static final int RING = 1;

  private final int capacity;
  private final int numbers;
  private final int words;
  private final int stride;
  private final Strip strip;

  /**
   * Creates a window.
   *
   * @param schema of the events; a row that holds those of another one loses them
   * @param capacity most events, at least 1
   */
  Window(EventSchema schema, int capacity) {
    this.capacity = capacity;
    this.numbers = schema.numbers().size();
    this.words = schema.words().size();
    this.stride = 1 + numbers + words;
    this.strip = new Strip(KIND, shape(schema), 0, RING + capacity * stride);
  }

  /** Returns a hash of the fields: their names, and which of them are numbers. */
  private static long shape(EventSchema schema) {
    var fields = new StringBuilder();
    for (Field field : schema.numbers()) {
      fields.append('n').append(field.name()).append('\0');
    }
    for (Field field : schema.words()) {
      fields.append('w').append(field.name()).append('\0');
    }
    return (long) KnownWords.number(fields.toString());
  }

  Strip strip() {
    return strip;
  }

  /** Takes an event in, in place of the oldest where there are as many as fit. */
  void put(Event event, double[] doubles, int at) {
    int oldest = (int) (doubles[at] % capacity);
    int to = at + RING + oldest * stride;
    doubles[at]++;
    doubles[to++] = event.timeMillis();
    for (int i = 0; i < numbers; i++) {
      doubles[to++] = event.number(i);
    }
    for (int i = 0; i < words; i++) {
      doubles[to++] = KnownWords.number(event.word(i));
    }
  }

  /** Returns how many events there are. */
  int held(double[] doubles, int at) {
    return (int) Math.min(doubles[at], capacity);
  }

  /** Returns whether the events that are there are all of the {@code count} that came. */
  boolean holdsAll(long count, double[] doubles, int at) {
    return count <= capacity && doubles[at] == count;
  }

  /**
   * Reads an event; its key is not touched.
   *
   * @param index from 0, the oldest, to what is {@link #held} minus 1
   * @param known words that are not among them are missing, and as unknown to the model as before
   */
  void read(int index, double[] doubles, int at, KnownWords known, Event into) {
    long place = (long) doubles[at] - held(doubles, at) + index;
    int from = at + RING + (int) (place % capacity) * stride;
    into.timeMillis((long) doubles[from++]);
    for (int i = 0; i < numbers; i++) {
      into.number(i, doubles[from++]);
    }
    for (int i = 0; i < words; i++) {
      into.word(i, known.word(doubles[from++]));
    }
  }
}
