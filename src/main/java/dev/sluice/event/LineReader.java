package dev.sluice.event;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Cuts a stream of bytes into lines, of which it keeps no more than fits into an event. */
final class LineReader implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int filled;
  private byte[] line = new byte[256];
  private int length;
  private long number;

  /**
   * Creates a reader.
   *
   * @param in closed with this
   * @param maxBytes longest line that is kept whole, its end not counted
   */
  LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /** Reads one line, ended by LF or CR LF; returns false where there is none left. */
  boolean next() throws IOException {
    length = 0;
    if (from >= filled && !fill()) {
      return false;
    }
    number++;
    int end;
    do {
      end = endOfLine();
      keep(end - from);
      from = end + 1;
    } while (end == filled && fill());
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    return true;
  }

  /** Returns where in the buffer the line ends; the end of the buffer where it may go on. */
  private int endOfLine() {
    int end = from;
    while (end < filled && buffer[end] != '\n') {
      end++;
    }
    return end;
  }

  private boolean fill() throws IOException {
    from = 0;
    filled = Math.max(0, in.read(buffer));
    return filled > 0;
  }

  /** Keeps two bytes more than fit: one may be a CR, the other shows that the line is too long. */
  private void keep(int count) {
    int kept = Math.clamp((long) maxBytes + 2 - length, 0, count);
    if (length + kept > line.length) {
      line = Arrays.copyOf(line, Math.max(length + kept, 2 * line.length));
    }
    System.arraycopy(buffer, from, line, length, kept);
    length += kept;
  }

  /** Returns the number of the line that was read last, from 1. */
  long number() {
    return number;
  }

  /** Returns whether the line is longer than allowed; what is kept is its beginning. */
  boolean isTooLong() {
    return length > maxBytes;
  }

  /** Returns whether there is nothing but blanks and tabs in the line. */
  boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  /** Returns the line without its end. */
  byte[] bytes() {
    return Arrays.copyOf(line, length);
  }

  /** Returns the line without its end. */
  String text() {
    return new String(line, 0, length, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
