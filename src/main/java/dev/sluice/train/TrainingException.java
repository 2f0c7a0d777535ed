package dev.sluice.train;

import java.io.Serial;

/**
 * A history cannot be read, or nothing can be learned from it as the topology asks. The message is
 * for people: what, where, what to do.
 */
public final class TrainingException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  TrainingException(String message) {
    super(message);
  }

  TrainingException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Returns the message; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
