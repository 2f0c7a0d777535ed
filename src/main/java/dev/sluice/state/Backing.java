package dev.sluice.state;

import org.jspecify.annotations.Nullable;

/** Where the rows are that are not resident. */
@FunctionalInterface
public interface Backing {

  /** There is nothing but what is resident. */
  Backing NONE = _ -> null;

  /** Returns the bytes of the key's row, null where it has none. */
  byte @Nullable [] read(byte[] key);
}
