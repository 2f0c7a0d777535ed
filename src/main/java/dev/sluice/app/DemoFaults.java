package dev.sluice.app;

import dev.sluice.app.DemoSeries.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Faults that the demo puts into its replay, so that there is something known to be caught.
 *
 * @param readings the replay with the faults in it
 * @param faults what was put in
 */
record DemoFaults(List<Reading> readings, List<Fault> faults) {

  /** An alert so long after a fault began or ended still belongs to it. */
  private static final Duration GRACE = Duration.ofHours(3);

  /** What a fault does to a value. */
  enum Kind {
    /** Three readings far too high. */
    SPIKE,
    /** Nothing where there should be much, for half a day. */
    OUTAGE,
    /** Half a range too much, for half a day. */
    SURGE,
    /** A busy moment's value, over and over for a day. */
    STUCK
  }

  /**
   * A fault.
   *
   * @param key whose
   * @param kind what
   * @param fromMillis when its first reading was made
   * @param toMillis when its last reading was made
   */
  record Fault(String key, Kind kind, long fromMillis, long toMillis) {

    boolean covers(String alertKey, long timeMillis) {
      return key.equals(alertKey)
          && timeMillis >= fromMillis
          && timeMillis <= toMillis + GRACE.toMillis();
    }
  }

  /**
   * Puts faults into a replay, at most one in a key.
   *
   * @param clean the replay
   * @param count faults, at most
   * @param seed the same seed gives the same faults
   */
  static DemoFaults inject(List<Reading> clean, int count, long seed) {
    List<Reading> readings = new ArrayList<>(clean);
    Map<String, List<Integer>> byKey = new HashMap<>();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < readings.size(); i++) {
      String key = readings.get(i).key();
      byKey
          .computeIfAbsent(
              key,
              k -> {
                keys.add(k);
                return new ArrayList<>();
              })
          .add(i);
    }
    java.util.Collections.sort(keys);
    Random random = new Random(seed);
    java.util.Collections.shuffle(keys, random);
    List<Fault> faults = new ArrayList<>();
    for (String key : keys) {
      List<Integer> places = byKey.getOrDefault(key, List.of());
      if (faults.size() == count || places.size() < 200) {
        continue;
      }
      Kind kind = Kind.values()[faults.size() % Kind.values().length];
      faults.add(inject(readings, places, kind, random));
    }
    return new DemoFaults(readings, faults);
  }

  private static Fault inject(
      List<Reading> readings, List<Integer> places, Kind kind, Random random) {
    int length =
        switch (kind) {
          case SPIKE -> 3;
          case OUTAGE, SURGE -> 12;
          case STUCK -> 24;
        };
    double[] range = range(readings, places);
    int from = begin(readings, places, length, range, random);
    double first = readings.get(places.get(from)).value();
    for (int i = from; i < from + length; i++) {
      Reading reading = readings.get(places.get(i));
      double value =
          switch (kind) {
            case SPIKE -> range[1] + 1.5 * (range[1] - range[0]);
            case OUTAGE -> range[0];
            case SURGE -> reading.value() + (range[1] - range[0]) / 2;
            case STUCK -> first;
          };
      readings.set(places.get(i), reading.withValue(Math.rint(value)));
    }
    Reading begun = readings.get(places.get(from));
    Reading ended = readings.get(places.get(from + length - 1));
    return new Fault(begun.key(), kind, begun.timeMillis(), ended.timeMillis());
  }

  /**
   * Chooses a busy moment, so that a fault makes a difference; neither in the first tenth, while
   * the stream settles, nor at the very end.
   */
  private static int begin(
      List<Reading> readings, List<Integer> places, int length, double[] range, Random random) {
    double busy = range[0] + (range[1] - range[0]) / 3;
    int from = 0;
    for (int attempt = 0; attempt < 100; attempt++) {
      from = places.size() / 10 + random.nextInt(places.size() * 8 / 10 - length);
      if (readings.get(places.get(from)).value() >= busy) {
        break;
      }
    }
    return from;
  }

  private static double[] range(List<Reading> readings, List<Integer> places) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int place : places) {
      low = Math.min(low, readings.get(place).value());
      high = Math.max(high, readings.get(place).value());
    }
    return new double[] {low, high};
  }
}
