package dev.sluice.event;

/** The decoder's way for unusual events, opened for benchmarks. */
public final class JacksonPath {

  private final JacksonDecoder decoder;

  /** Creates a decoder for events of {@code schema}. */
  public JacksonPath(EventSchema schema) {
    decoder = new JacksonDecoder(schema);
  }

  /** Decodes one record; see {@link JsonDecoder#decode}. */
  public void decode(byte[] recordKey, byte[] value, long recordTimeMillis, Event event)
      throws Rejection {
    decoder.decode(recordKey, value, recordTimeMillis, event);
  }
}
