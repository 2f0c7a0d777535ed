package dev.sluice.event;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a topology expects of an event: which fields, of which kind, and where key and time are.
 *
 * <p>A field name with dots is a path into nested objects: {@code sensor.value}.
 *
 * @param numbers numeric fields, in the order of their slots
 * @param words text fields, in the order of their slots
 * @param keyField the field that holds the key, or null where the record's key is the key
 * @param time where the event time is
 * @param maxBytes longest value that is decoded, in bytes
 */
public record EventSchema(
    List<Field> numbers,
    List<Field> words,
    @Nullable String keyField,
    TimeSource time,
    int maxBytes) {

  /** Largest magnitude of a number: its square still adds up without overflow. */
  public static final double MAX_MAGNITUDE = 1e30;

  /** Longest key, in bytes. */
  public static final int MAX_KEY_BYTES = 4096;

  /** Longest text of a word, in characters. */
  public static final int MAX_WORD_CHARS = 4096;

  /** Checks that no field is declared twice. */
  public EventSchema {
    numbers = List.copyOf(numbers);
    words = List.copyOf(words);
    Set<String> seen = new HashSet<>();
    for (List<Field> fields : List.of(numbers, words)) {
      for (Field field : fields) {
        if (!seen.add(field.name())) {
          throw new IllegalArgumentException("field " + field.name() + " is declared twice");
        }
      }
    }
  }

  /**
   * A field of an event.
   *
   * @param name its name, or its path with dots
   * @param optional whether it may be missing
   * @param cut how its text is cut into steps, null where it is one word; of one field at most
   */
  public record Field(String name, boolean optional, @Nullable Cut cut) {

    /** A field that is no sequence. */
    public Field(String name, boolean optional) {
      this(name, optional, null);
    }
  }

  /** Where an event's time is. */
  public sealed interface TimeSource {

    /** The timestamp of the Kafka record. */
    record OfRecord() implements TimeSource {}

    /**
     * A field: text in ISO 8601 (without a zone it is UTC), or a number.
     *
     * @param name the field
     * @param millisPerUnit what a number counts: 1 for milliseconds, 1,000 for seconds
     */
    record OfField(String name, long millisPerUnit) implements TimeSource {}
  }

  /**
   * Returns this schema for files, which have neither record keys nor timestamps: where this one
   * takes them from the record, they come from fields.
   *
   * @param key the field of the key where the record's key is meant
   * @param timeField the field of the time where the record's timestamp is meant
   */
  public EventSchema forFiles(String key, String timeField) {
    TimeSource source =
        time instanceof TimeSource.OfRecord ? new TimeSource.OfField(timeField, 1) : time;
    return new EventSchema(numbers, words, keyField == null ? key : keyField, source, maxBytes);
  }

  /** Returns this schema for records that have their key already. */
  public EventSchema keyedByRecord() {
    return new EventSchema(numbers, words, null, time, maxBytes);
  }

  /** Returns a new event with a slot for each field. */
  public Event newEvent() {
    return new Event(numbers.size(), words.size());
  }

  /**
   * Returns the slot of a numeric field.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public int numberSlot(String name) {
    return slot(numbers, name);
  }

  /**
   * Returns the slot of a text field.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public int wordSlot(String name) {
    return slot(words, name);
  }

  private static int slot(List<Field> fields, String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no field " + name + " in " + fields);
  }
}
