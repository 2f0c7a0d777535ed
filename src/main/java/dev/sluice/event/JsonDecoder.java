package dev.sluice.event;

import org.jspecify.annotations.Nullable;

/**
 * Decodes JSON objects by streaming.
 */
public final class JsonDecoder {

  private final JacksonDecoder jackson;

  /** Creates a decoder for events of {@code schema}. */
  public JsonDecoder(EventSchema schema) {
    this.jackson = new JacksonDecoder(schema);
  }

  /** Decodes. */
  public void decode(
      byte @Nullable [] recordKey, byte @Nullable [] value, long recordTimeMillis, Event event)
      throws Rejection {
    jackson.decode(recordKey, value, recordTimeMillis, event);
  }
}
