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
    boolean whole = first >= 0xc0 && first < 0xf8 && end <= bytes.length;
    for (int i = at + 1; whole && i < end; i++) {
      whole = (bytes[i] & 0xc0) == 0x80;
    }
    return whole && isCharacter(codePoint(bytes, at, end), length) ? end : -1;
  }

  private static boolean isCharacter(int point, int length) {
    boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    return point >= LEAST[length] && point <= LARGEST && !surrogate;
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
