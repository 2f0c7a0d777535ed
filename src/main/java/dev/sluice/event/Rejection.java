package dev.sluice.event;

import java.io.Serial;

/**
 * An event that cannot be scored, and why. It goes to the dead-letter topic with its original
 * bytes; the key's memory is not touched.
 *
 * <p>It carries no stack trace: it is about data, not about code, and may be thrown at the rate of
 * the stream.
 */
public final class Rejection extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  /** Why an event was refused; the names are written into dead letters and metrics. */
  public enum Reason {
    /** The record has no key, or an empty one. */
    NO_KEY,
    /** The key is longer than {@value EventSchema#MAX_KEY_BYTES} bytes. */
    KEY_TOO_LONG,
    /** The record has no value. */
    NO_VALUE,
    /** The value is longer than the topology allows. */
    TOO_LARGE,
    /** The value is not in the declared format. */
    MALFORMED,
    /** A field that the topology needs is missing or null. */
    MISSING_FIELD,
    /** A field has another type than the topology declares. */
    WRONG_TYPE,
    /** A number is beyond {@value EventSchema#MAX_MAGNITUDE}, or a text is too long. */
    OUT_OF_RANGE,
    /** The event time cannot be read. */
    BAD_TIME,
    /** The network's answer was not finite; the key's memory was reset. */
    UNSCORABLE
  }

  private final Reason reason;

  /**
   * Creates a rejection.
   *
   * @param reason which rule the event broke
   * @param message what was found and what was expected, in one line, without the whole value
   */
  public Rejection(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** Returns which rule the event broke. */
  public Reason reason() {
    return reason;
  }

  /** Returns the message; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
