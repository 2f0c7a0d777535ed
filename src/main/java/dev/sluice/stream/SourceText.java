package dev.sluice.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.event.Digits;
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
    int digits = Digits.count(offset);
    byte[] text = Arrays.copyOf(place, place.length + digits);
    Digits.write(offset, digits, text, place.length);
    return text;
  }
}
