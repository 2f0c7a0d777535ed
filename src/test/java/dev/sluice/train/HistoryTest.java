package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Columns against the obvious: a map of lists. */
final class HistoryTest {

  private static final String YAML =
      """
      features:
        - number: x
          optional: true
        - category: w
      model: {predict: {category: w}}
      """;

  @Test
  void keysAreInOrderOfTheirBytesAndEventsInOrderOfArrival() {
    var random = new Random(7);
    Lab lab = Lab.of(YAML);
    var expected = new TreeMap<String, List<String>>();
    var builder = new HistoryBuilder(lab.schema());
    for (int i = 0; i < 5000; i++) { // Grows twice.
      String key = "k" + (char) ('a' + random.nextInt(20));
      Event event = lab.schema().newEvent();
      event.key(key.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      event.timeMillis(random.nextInt(100));
      event.number(0, random.nextInt(3) == 0 ? Double.NaN : random.nextDouble());
      event.word(0, "w" + random.nextInt(50));
      builder.add(event);
      expected.computeIfAbsent(key, _ -> new ArrayList<>()).add(text(event));
    }

    History history = builder.build(HistoryBuilder.Order.ARRIVAL);

    assertThat(history.events()).isEqualTo(5000);
    assertThat(read(history)).isEqualTo(expected);
    assertThat(new ArrayList<>(read(history).keySet())).isEqualTo(keys(history));
  }

  @Test
  void keysCompareAsUnsignedBytes() {
    var history = Lab.of(YAML).word("\u00e9", 1, "a").word("z", 1, "a").word("", 1, "a").history();

    assertThat(keys(history)).containsExactly("", "z", "\u00e9"); // 0xc3 is above 'z'.
  }

  @Test
  void onRequestAKeysEventsAreSortedByTimeAndTiesKeepTheirOrder() {
    Lab lab = Lab.of(YAML);
    var builder = new HistoryBuilder(lab.schema());
    long[] times = {5, 3, 5, 1, 3};
    for (int i = 0; i < times.length; i++) {
      Event event = lab.schema().newEvent();
      event.key(new byte[] {1});
      event.timeMillis(times[i]);
      event.number(0, i);
      event.word(0, "w");
      builder.add(event);
    }

    History history = builder.build(HistoryBuilder.Order.TIME);

    assertThat(history.sortedTimes()).containsExactly(1, 3, 3, 5, 5);
    double[] order = new double[times.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = history.number(0, i);
    }
    assertThat(order).containsExactly(3, 1, 4, 0, 2);
  }

  private static TreeMap<String, List<String>> read(History history) {
    var found = new TreeMap<String, List<String>>();
    Event event = history.schema().newEvent();
    for (int k = 0; k < history.keys(); k++) {
      List<String> texts = new ArrayList<>();
      for (int i = history.start(k); i < history.end(k); i++) {
        history.read(k, i, event);
        texts.add(text(event));
      }
      found.put(Lab.keyOf(history, k), texts);
    }
    return found;
  }

  private static List<String> keys(History history) {
    List<String> keys = new ArrayList<>();
    for (int k = 0; k < history.keys(); k++) {
      keys.add(Lab.keyOf(history, k));
    }
    return keys;
  }

  private static String text(Event event) {
    return event.timeMillis() + " " + event.number(0) + " " + event.word(0);
  }
}
