package dev.sluice.state;

import java.io.Serial;

/** Bytes that should be a key's memory and are not. The message says where they were found. */
public final class CorruptRowException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  CorruptRowException(String where, String what) {
    super(where + ": the stored memory is unreadable: " + what);
  }
}
