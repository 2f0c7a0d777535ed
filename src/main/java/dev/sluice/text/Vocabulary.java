package dev.sluice.text;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words that a model knows, with their ids. Id {@value #UNKNOWN} stands for every word it was
 * not trained on, so a new word is scored, as unexpected, instead of refused.
 */
public final class Vocabulary {

  /** Id of every word that is not in the vocabulary. */
  public static final int UNKNOWN = 0;

  /** What id {@value #UNKNOWN} is called in results. */
  public static final String UNKNOWN_WORD = "<unknown>";

  /** Most words a vocabulary can hold, the unknown one included. */
  public static final int MAX_SIZE = 1 << 20;

  private final List<String> words;
  private final Map<String, Integer> ids;

  /**
   * Creates a vocabulary.
   *
   * @param words the words in the order of their ids; the first is {@value #UNKNOWN_WORD}
   * @throws IllegalArgumentException if the first word is another, a word stands twice, or there
   *     are more than {@value #MAX_SIZE}
   */
  public Vocabulary(List<String> words) {
    if (words.isEmpty() || !words.getFirst().equals(UNKNOWN_WORD)) {
      throw new IllegalArgumentException("word 0 of a vocabulary must be " + UNKNOWN_WORD);
    }
    if (words.size() > MAX_SIZE) {
      throw new IllegalArgumentException(
          words.size() + " words in a vocabulary, at most " + MAX_SIZE + " are allowed");
    }
    this.words = List.copyOf(words);
    this.ids = HashMap.newHashMap(words.size());
    for (int id = 0; id < words.size(); id++) {
      Integer earlier = ids.put(words.get(id), id);
      if (earlier != null) {
        throw new IllegalArgumentException(
            "word "
                + id
                + " of the vocabulary, '"
                + words.get(id)
                + "', stands at "
                + earlier
                + " already");
      }
    }
  }

  /**
   * Returns a vocabulary of the most frequent words; words of equal count in alphabetical order, so
   * that the same counts give the same ids.
   *
   * @param counts how often each word was seen
   * @param minCount rarer words stay unknown
   * @param maxSize most words to keep, the unknown one included
   */
  public static Vocabulary ofCounts(Map<String, Integer> counts, int minCount, int maxSize) {
    Comparator<Map.Entry<String, Integer>> byCount = Map.Entry.comparingByValue();
    List<String> frequent =
        counts.entrySet().stream()
            .filter(e -> e.getValue() >= minCount && !e.getKey().equals(UNKNOWN_WORD))
            .sorted(byCount.reversed().thenComparing(Map.Entry.comparingByKey()))
            .limit(maxSize - 1L)
            .map(Map.Entry::getKey)
            .toList();
    List<String> words = new java.util.ArrayList<>(frequent.size() + 1);
    words.add(UNKNOWN_WORD);
    words.addAll(frequent);
    return new Vocabulary(words);
  }

  /** Returns the number of words, the unknown one included. */
  public int size() {
    return words.size();
  }

  /** Returns the id of {@code word}, {@value #UNKNOWN} if it is not known. */
  public int id(String word) {
    return ids.getOrDefault(word, UNKNOWN);
  }

  /** Returns the word of {@code id}. */
  public String word(int id) {
    return words.get(id);
  }

  /** Returns all words in the order of their ids. */
  public List<String> words() {
    return words;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocabulary that && words.equals(that.words);
  }

  @Override
  public int hashCode() {
    return words.hashCode();
  }

  @Override
  public String toString() {
    return "Vocabulary of " + words.size() + " words";
  }
}
