package dev.sluice.registry;

import dev.sluice.event.Hash;

/**
 * Where a key stands among all keys: the same place on every instance, in every run and in every
 * later release, and none that Kafka's partitions know of. A canary of a share of the keys is for
 * those whose place is below it.
 *
 * <p>The upper 53 bits of the key's {@link Hash} are the place, so that keys that differ in their
 * last byte only are spread as any others.
 */
public final class KeyShare {

  private KeyShare() {}

  /** Returns the place of {@code key}, in [0, 1). */
  public static double place(byte[] key) {
    return (Hash.of(key) >>> 11) * 0x1p-53;
  }
}
