package dev.sluice.event;

/** Characters beyond ASCII, as RFC 3629 has them: the shortest form only, and no surrogates. */
public final class Utf8 {

  private static final int[] LEAST = {0, 0, 0x80, 0x800, 0x10000}; // By length.
  private static final int LARGEST = 0x10ffff;

  private Utf8() {}

  /**
   * Returns where the character ends whose first byte, beyond ASCII, is at {@code at}; -1 where
   * there is none.
   */
  public static int end(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    int end = at + length;
    if (first < 0xc0 || first >= 0xf8 || !areContinued(bytes, at + 1, end)) {
      return -1;
    }
    int character = codePoint(bytes, at, end);
    boolean surrogate =
        character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
    return character >= LEAST[length] && character <= LARGEST && !surrogate ? end : -1;
  }

  private static boolean areContinued(byte[] bytes, int from, int end) {
    if (end > bytes.length) {
      return false;
    }
    for (int i = from; i < end; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        return false;
      }
    }
    return true;
  }

  /** Returns the character from {@code at} to the {@code end} that {@link #end} gave. */
  public static int codePoint(byte[] bytes, int at, int end) {
    int character = bytes[at] & 0xff >> end - at + 1;
    for (int i = at + 1; i < end; i++) {
      character = character << 6 | bytes[i] & 0x3f;
    }
    return character;
  }
}
