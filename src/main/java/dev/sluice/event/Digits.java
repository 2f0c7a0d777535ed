package dev.sluice.event;

/** Whole numbers as decimal digits, written where they are wanted, without garbage. */
public final class Digits {

  private Digits() {}

  /** Returns how many digits a number has that is not negative. */
  public static int count(long number) {
    int digits = 1;
    for (long left = number / 10; left > 0; left /= 10) {
      digits++;
    }
    return digits;
  }

  /**
   * Writes the last {@code width} digits of a number that is not negative, with zeros before them
   * if it has fewer.
   *
   * @param at where the first of them goes in {@code to}
   */
  public static void write(long number, int width, byte[] to, int at) {
    long left = number;
    for (int i = at + width - 1; i >= at; i--) {
      to[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }
}
