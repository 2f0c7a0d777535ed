package dev.sluice.event;

/**
 * Numbers that stand for keys and words, the same ones in every process and every later release:
 * some of them are stored. FNV-1a of 64 bits, then the finalizer of MurmurHash3, so that any of the
 * bits can be taken for a share of all.
 */
public final class Hash {

  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Hash() {}

  /** Returns the hash of bytes. */
  public static long of(byte[] bytes) {
    long hash = OFFSET_BASIS;
    for (byte one : bytes) {
      hash = (hash ^ Byte.toUnsignedLong(one)) * PRIME;
    }
    return mixed(hash);
  }

  /** Returns the hash of the characters of a text. */
  public static long of(String text) {
    long hash = OFFSET_BASIS;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return mixed(hash);
  }

  /** The finalizer of MurmurHash3: every bit of the input moves every bit of the output. */
  public static long mixed(long bits) {
    long all = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
    all = (all ^ all >>> 33) * 0xc4ceb9fe1a85ec53L;
    return all ^ all >>> 33;
  }
}
