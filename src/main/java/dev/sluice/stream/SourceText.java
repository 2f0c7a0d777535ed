package dev.sluice.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Writes topic/partition/offset as text. What stands before the offset is kept for the next record,
 * which is of the same partition nearly always. Not thread-safe.
 */
final class SourceText {

  private String topic = "";
  private int partition = -1;
  private byte[] place = {};

  /** Returns the text of one record's place, UTF-8. */
  byte[] of(String itsTopic, int itsPartition, long offset) {
    if (itsPartition != partition || !itsTopic.equals(topic)) {
      topic = itsTopic;
      partition = itsPartition;
      place = (itsTopic + "/" + itsPartition + "/").getBytes(UTF_8);
    }
    int length = place.length + digits(offset);
    byte[] text = Arrays.copyOf(place, length);
    long left = offset;
    for (int i = length - 1; i >= place.length; i--) {
      text[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    return text;
  }

  /** Returns how many digits an offset has, which is never negative. */
  private static int digits(long offset) {
    int digits = 1;
    for (long left = offset / 10; left > 0; left /= 10) {
      digits++;
    }
    return digits;
  }
}
