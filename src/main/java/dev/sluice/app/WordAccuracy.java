package dev.sluice.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.river.Foretold;
import dev.sluice.river.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How often the likeliest word was the one that came, from each key's N-th event on, and how far
 * off the time was, where that is predicted too.
 */
final class WordAccuracy {

  private static final double DAY_SECONDS = 86_400;

  private final int from;
  private final Map<String, Integer> seen = new HashMap<>(); // Events by key.
  private long asked;
  private long right;
  private long times;
  private double secondsOff;

  /**
   * Creates one that has seen nothing.
   *
   * @param from N, from 1; what came before is there to predict from
   */
  WordAccuracy(int from) {
    this.from = from;
  }

  /** Takes one result, in the order of its key's events; of messages of tokens nothing. */
  void take(Result result) {
    boolean hasWord = result.fields().stream().anyMatch(field -> field.word() != null);
    if (!hasWord || result.tally().steps() > 0) {
      return;
    }
    int number = seen.merge(new String(result.key(), ISO_8859_1), 1, Integer::sum);
    if (number >= from) {
      result.fields().forEach(this::take);
    }
  }

  private void take(Foretold field) {
    String word = field.word();
    if (word != null) {
      asked++;
      right += word.equals(field.expectedWord()) ? 1 : 0;
    } else if (!Double.isNaN(field.value())) {
      times++;
      secondsOff += Math.abs(field.value() - field.expected());
    }
  }

  /** Returns lines for a person; none if no word was predicted. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (asked > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%.4f of %s words were the likeliest one, from each key's event %d on",
              (double) right / asked,
              Numbers.grouped(asked),
              from));
    }
    if (times > 0) {
      double mean = secondsOff / times;
      lines.add(
          String.format(
              Locale.ROOT,
              "The time of %s of them was %.1f s (%.3f days) off on average",
              Numbers.grouped(times),
              mean,
              mean / DAY_SECONDS));
    }
    return lines;
  }
}
