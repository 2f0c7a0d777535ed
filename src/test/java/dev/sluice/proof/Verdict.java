package dev.sluice.proof;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
    var audit = new Audit(topic, new Listed(events, wanted, key, value));
    found.forEach(audit::take);
    return audit.verdict();
  }

  /** Events that are all in memory. */
  static final class Listed implements Wanted {

    private final Events events;
    private final IntFunction<byte @Nullable []> key;
    private final IntFunction<byte[]> value;
    private final boolean[] mustCome;
    private final int[][] byPlace;
    private final int[] keys;

    Listed(
        Events events,
        int[] wanted,
        IntFunction<byte @Nullable []> key,
        IntFunction<byte[]> value) {
      this.events = events;
      this.key = key;
      this.value = value;
      this.byPlace = byPlace(events);
      this.mustCome = new boolean[events.count()];
      Arrays.stream(wanted).forEach(i -> mustCome[i] = true);
      this.keys = new int[events.count()];
      Map<String, Integer> numbers = new HashMap<>();
      for (int i = 0; i < keys.length; i++) {
        byte[] bytes = key.apply(i);
        String text = Arrays.toString(bytes);
        keys[i] = bytes == null ? -1 : numbers.computeIfAbsent(text, _ -> numbers.size());
      }
    }

    @Override
    public int count() {
      return events.count();
    }

    @Override
    public int index(int partition, long offset) {
      boolean known = partition < byPlace.length && offset < byPlace[0].length;
      return known ? byPlace[partition][Math.toIntExact(offset)] : -1;
    }

    @Override
    public boolean mustCome(int index) {
      return mustCome[index];
    }

    @Override
    public boolean isRight(int index, ConsumerRecord<byte[], byte[]> record) {
      return Arrays.equals(record.value(), value.apply(index))
          && Arrays.equals(record.key(), key.apply(index));
    }

    /** Records without a key have no order: they are spread over the partitions. */
    @Override
    public int keyOf(int index) {
      return keys[index];
    }
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
