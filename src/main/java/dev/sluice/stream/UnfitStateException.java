package dev.sluice.stream;

import java.io.Serial;

/**
 * What the changelog holds cannot be gone on from, and trying again would not help. The message
 * says what was found and what to do.
 */
public final class UnfitStateException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  UnfitStateException(String message) {
    super(message);
  }
}
