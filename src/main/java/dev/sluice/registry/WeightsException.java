package dev.sluice.registry;

/**
 * Something on the weights topic, or something that was to be put there, is not as it must be. The
 * message says where, what was found and what was expected; trying again changes nothing.
 */
public final class WeightsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  WeightsException(String message) {
    super(message);
  }

  WeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
