package dev.sluice.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A part of an array that is read as text without being copied; a byte is a character. */
final class Slice implements CharSequence {

  private byte[] bytes = {};
  private int from;
  private int length;

  /** Points at the bytes from {@code from} to {@code to}. */
  Slice at(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.length = to - from;
    return this;
  }

  @Override
  public int length() {
    return length;
  }

  /** Returns a byte; beyond 0x7f it is a part of a character only. */
  @Override
  public char charAt(int index) {
    return (char) (bytes[from + index] & 0xff);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new Slice().at(bytes, from + start, from + end);
  }

  /** Returns a copy of the bytes. */
  byte[] copy() {
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  /** Lets a cutter cut this text. */
  void cut(Cut.Cutter cutter, Steps steps) {
    cutter.cut(bytes, from, from + length, steps);
  }

  /** Returns whether these are the same bytes. */
  boolean is(byte[] other) {
    return Arrays.equals(bytes, from, from + length, other, 0, other.length);
  }

  /** Returns the text, whose bytes are UTF-8. */
  @Override
  public String toString() {
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }
}
