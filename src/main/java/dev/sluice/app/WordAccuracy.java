package dev.sluice.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.river.Result;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How often the likeliest word was the one that came, from each key's N-th event on. */
final class WordAccuracy {

  private final int from;
  private final Map<String, Integer> seen = new HashMap<>(); // Events by key.
  private long asked;
  private long right;

  /**
   * Creates one that has seen nothing.
   *
   * @param from N, from 1; what came before is there to predict from
   */
  WordAccuracy(int from) {
    this.from = from;
  }

  /** Takes one result, in the order of its key's events. */
  void take(Result result) {
    String word = result.word();
    if (word == null) {
      return;
    }
    int number = seen.merge(new String(result.key(), ISO_8859_1), 1, Integer::sum);
    if (number >= from) {
      asked++;
      right += word.equals(result.expectedWord()) ? 1 : 0;
    }
  }

  /** Returns a line for a person; nothing if no word was predicted. */
  Optional<String> line() {
    if (asked == 0) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%.4f of %s words were the likeliest one, from each key's event %d on",
            (double) right / asked,
            Numbers.grouped(asked),
            from));
  }
}
