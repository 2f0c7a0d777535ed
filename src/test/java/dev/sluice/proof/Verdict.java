package dev.sluice.proof;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a topic differs from what it must hold. An event is known by its place in the input, so that
 * a result that came twice, or came for no event, is seen whatever it says.
 *
 * @param expected events that must have a record
 * @param found records there are
 * @param missing events without a record
 * @param duplicated records of events that had one already
 * @param wrong records with other bytes, of another key, or of no event of ours
 * @param outOfOrder records that come after one of a later event of their key
 */
record Verdict(
    String topic, int expected, int found, int missing, int duplicated, int wrong, int outOfOrder) {

  /**
   * Compares.
   *
   * @param wanted the events that must have a record
   * @param key the key it must have, by event
   * @param value the value it must have, by event
   * @param found in the order of each output partition
   */
  static Verdict of(
      String topic,
      Events events,
      int[] wanted,
      IntFunction<byte @Nullable []> key,
      IntFunction<byte[]> value,
      List<Outputs.Found> found) {
    boolean[] seen = new boolean[events.count()];
    boolean[] mayCome = new boolean[events.count()];
    Arrays.stream(wanted).forEach(i -> mayCome[i] = true);
    int[][] byPlace = byPlace(events);
    Map<String, Integer> lastOfKey = new HashMap<>();
    int duplicated = 0;
    int wrong = 0;
    int outOfOrder = 0;
    for (Outputs.Found one : found) {
      int index = index(byPlace, one);
      if (index < 0 || !mayCome[index]) {
        wrong++;
        continue;
      }
      if (seen[index]) {
        duplicated++;
        continue;
      }
      seen[index] = true;
      if (!Arrays.equals(one.record().value(), value.apply(index))
          || !Arrays.equals(one.record().key(), key.apply(index))) {
        wrong++;
      }
      outOfOrder += overtook(lastOfKey, one.record().key(), index) ? 1 : 0;
    }
    int missing = (int) Arrays.stream(wanted).filter(i -> !seen[i]).count();
    return new Verdict(topic, wanted.length, found.size(), missing, duplicated, wrong, outOfOrder);
  }

  /** Records without a key have no order: they are spread over the partitions. */
  private static boolean overtook(
      Map<String, Integer> lastOfKey, byte @Nullable [] key, int index) {
    Integer last = key == null ? null : lastOfKey.put(Arrays.toString(key), index);
    return last != null && last > index;
  }

  private static int[][] byPlace(Events events) {
    int[][] places = new int[events.partitions()][events.count()];
    for (int[] partition : places) {
      Arrays.fill(partition, -1);
    }
    for (int i = 0; i < events.count(); i++) {
      Events.Sent event = events.list().get(i);
      places[event.partition()][Math.toIntExact(event.offset())] = i;
    }
    return places;
  }

  private static int index(int[][] byPlace, Outputs.Found one) {
    boolean known = one.partition() < byPlace.length && one.offset() < byPlace[0].length;
    return known ? byPlace[one.partition()][Math.toIntExact(one.offset())] : -1;
  }

  /** Returns whether every event has its record, once, right and in order. */
  boolean isExactlyOnce() {
    return missing == 0 && duplicated == 0 && wrong == 0 && outOfOrder == 0;
  }

  @Override
  public String toString() {
    return topic
        + ": expected "
        + expected
        + ", found "
        + found
        + ", missing "
        + missing
        + ", duplicated "
        + duplicated
        + ", wrong "
        + wrong
        + ", out of order "
        + outOfOrder;
  }
}
