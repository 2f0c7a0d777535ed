package dev.sluice.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The words that a text was cut into. Used again; those beyond the most are counted, not kept, so
 * that no text takes more room than was declared.
 */
public final class Steps {

  private static final int FIRST_CAPACITY = 64;

  private int most;
  private int count;
  private @Nullable String[] words = new @Nullable String[FIRST_CAPACITY];

  Steps() {}

  void begin(int atMost) {
    most = atMost;
    count = 0;
  }

  /** Adds a word. */
  public void add(String word) {
    if (count < most) {
      if (count == words.length) {
        words = Arrays.copyOf(words, Math.min(2 * count, most));
      }
      words[count] = word;
    }
    count++;
  }

  /** Returns whether more words came than there may be. */
  boolean isTooLong() {
    return count > most;
  }

  /** Returns how many words came. */
  int count() {
    return count;
  }

  @Nullable String word(int step) {
    return words[step];
  }
}
