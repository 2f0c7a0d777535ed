package dev.sluice.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes JSON objects by streaming: builds no tree, skips what the topology does not name.
 *
 * <p>What nearly all events look like is taken by {@link JsonScanner}, straight from the bytes.
 * Anything it does not take (escapes, very long numbers, every mistake) goes to Jackson's parser,
 * which decides what JSON is and words every rejection. Where both take an event, they take the
 * same from it.
 *
 * <p>Not thread-safe: one for each stream task.
 */
public final class JsonDecoder {

  /** The byte order mark, which some write before UTF-8. */
  private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final JsonScanner plain;
  private final JacksonDecoder any;
  private final int maxBytes;

  /** Creates a decoder for events of {@code schema}. */
  public JsonDecoder(EventSchema schema) {
    this.plain = new JsonScanner(schema);
    this.any = new JacksonDecoder(schema);
    this.maxBytes = schema.maxBytes();
  }

  /**
   * Decodes one record.
   *
   * @param recordKey the record's key, or null
   * @param value the record's value, or null
   * @param recordTimeMillis the record's timestamp
   * @param event overwritten; holds nothing of use when this throws
   * @throws Rejection if the event cannot be scored
   */
  public void decode(
      byte @Nullable [] recordKey, byte @Nullable [] value, long recordTimeMillis, Event event)
      throws Rejection {
    boolean decoded =
        value != null
            && value.length <= maxBytes
            && plain.decode(recordKey, value, start(value), recordTimeMillis, event);
    if (!decoded) {
      any.decode(recordKey, value, recordTimeMillis, event);
    }
  }

  /** Returns where in {@code value} the JSON begins: behind the mark, if there is one. */
  static int start(byte[] value) {
    boolean marked =
        value.length >= MARK.length && Arrays.equals(value, 0, MARK.length, MARK, 0, MARK.length);
    return marked ? MARK.length : 0;
  }
}
