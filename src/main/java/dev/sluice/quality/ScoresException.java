package dev.sluice.quality;

/** The scores topic cannot be read; the message says why and what to do. */
public final class ScoresException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ScoresException(String message) {
    super(message);
  }

  ScoresException(String message, Throwable cause) {
    super(message, cause);
  }
}
