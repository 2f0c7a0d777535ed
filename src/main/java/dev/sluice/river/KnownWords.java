package dev.sluice.river;

import dev.sluice.event.Hash;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The words of a model's vocabularies by number: a row has no room for text, and another version
 * may give other ids to the same words.
 *
 * <p>The number of a word is 53 bits of its {@link Hash}, which a double holds exactly. Of a
 * million words and as many others, two share a number with a probability of 1 in 9,000. Immutable.
 */
final class KnownWords {

  /** No word at all. */
  static final KnownWords NONE = new KnownWords(new TreeMap<>());

  /** What stands for no word. */
  static final double MISSING = 0;

  private final double[] numbers; // Ascending.
  private final String[] words;

  private KnownWords(SortedMap<Double, String> byNumber) {
    this.numbers = byNumber.keySet().stream().mapToDouble(Double::doubleValue).toArray();
    this.words = byNumber.values().toArray(String[]::new);
  }

  static KnownWords of(FeatureSpec features) {
    SortedMap<Double, String> byNumber = new TreeMap<>();
    for (Feature feature : features.features()) {
      if (feature instanceof Feature.Category category) {
        category.vocabulary().words().forEach(word -> byNumber.put(number(word), word));
      }
    }
    return new KnownWords(byNumber);
  }

  /** Returns the number of a word, a whole one from 1 to 2^53; {@link #MISSING} of none. */
  static double number(@Nullable String word) {
    if (word == null) {
      return MISSING;
    }
    return (Hash.of(word) >>> 11) + 1;
  }

  /** Returns the word of that number; null if it is none of these, which are all that matter. */
  @Nullable String word(double number) {
    int index = Arrays.binarySearch(numbers, number);
    return index < 0 ? null : words[index];
  }
}
