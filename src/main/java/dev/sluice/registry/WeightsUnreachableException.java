package dev.sluice.registry;

/**
 * The weights topic cannot be read or written at the moment. The message names the topic and the
 * brokers that were asked; trying again later is sensible.
 */
public final class WeightsUnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  WeightsUnreachableException(String message) {
    super(message);
  }

  WeightsUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
