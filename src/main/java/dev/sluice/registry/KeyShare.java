package dev.sluice.registry;

/**
 * Where a key stands among all keys: the same place on every instance, in every run and in every
 * later release, and none that Kafka's partitions know of. A canary of a share of the keys is for
 * those whose place is below it.
 *
 * <p>FNV-1a of 64 bits over the key's bytes, then the finalizer of MurmurHash3, so that keys that
 * differ in their last byte only are spread as any others; the upper 53 bits are the place.
 */
public final class KeyShare {

  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private KeyShare() {}

  /** Returns the place of {@code key}, in [0, 1). */
  public static double place(byte[] key) {
    long hash = OFFSET_BASIS;
    for (byte b : key) {
      hash = (hash ^ Byte.toUnsignedLong(b)) * PRIME;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    hash ^= hash >>> 33;
    return (hash >>> 11) * 0x1p-53;
  }
}
