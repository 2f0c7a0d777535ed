package dev.sluice.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class VocabularyTest {

  @Test
  void wordsHaveTheIdsOfTheirPlaces() {
    var vocabulary = new Vocabulary(List.of("<unknown>", "b", "", "é漢🜂"));
    assertThat(vocabulary.size()).isEqualTo(4);
    for (int id = 0; id < 4; id++) {
      assertThat(vocabulary.id(vocabulary.word(id))).isEqualTo(id);
    }
    assertThat(vocabulary.words()).containsExactly("<unknown>", "b", "", "é漢🜂");
  }

  @Test
  void anyOtherWordIsUnknown() {
    var vocabulary = new Vocabulary(List.of("<unknown>", "ok"));
    for (String word : List.of("OK", "ok ", "", "\0", "<unknown>")) {
      assertThat(vocabulary.id(word)).as(word).isEqualTo(Vocabulary.UNKNOWN);
    }
  }

  @Test
  void theFirstWordMustBeTheUnknownOne() {
    for (List<String> words :
        List.of(List.<String>of(), List.of("ok"), List.of("ok", "<unknown>"))) {
      assertThatThrownBy(() -> new Vocabulary(words))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("word 0 of a vocabulary must be <unknown>");
    }
  }

  @Test
  void aWordMayNotStandTwice() {
    assertThatThrownBy(() -> new Vocabulary(List.of("<unknown>", "a", "b", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("word 3 of the vocabulary, 'a', stands at 1 already");
    assertThatThrownBy(() -> new Vocabulary(List.of("<unknown>", "<unknown>")))
        .hasMessage("word 1 of the vocabulary, '<unknown>', stands at 0 already");
  }

  @Test
  void thereIsAMostNumberOfWords() {
    List<String> words = Collections.nCopies(Vocabulary.MAX_SIZE + 1, "<unknown>");
    assertThatThrownBy(() -> new Vocabulary(words))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1048577 words in a vocabulary, at most 1048576 are allowed");
  }

  @Test
  void countsGiveTheMostFrequentWordsFirstAndEqualOnesByAlphabet() {
    Map<String, Integer> counts = Map.of("a", 2, "b", 5, "c", 2, "d", 1, "<unknown>", 100, "B", 2);
    assertThat(Vocabulary.ofCounts(counts, 2, 100).words())
        .containsExactly("<unknown>", "b", "B", "a", "c");
    assertThat(Vocabulary.ofCounts(counts, 1, 3).words()).containsExactly("<unknown>", "b", "B");
    assertThat(Vocabulary.ofCounts(counts, 6, 100).words()).containsExactly("<unknown>");
    assertThat(Vocabulary.ofCounts(counts, 1, 1).words()).containsExactly("<unknown>");
    assertThat(Vocabulary.ofCounts(Map.of(), 1, 10).words()).containsExactly("<unknown>");
  }

  @Test
  void equalCountsGiveEqualIdsInWhateverOrderTheyCame() {
    var random = new Random(1);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      words.add("w" + random.nextInt());
    }
    List<Vocabulary> made = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      Collections.shuffle(words, random);
      Map<String, Integer> counts = HashMap.newHashMap(round * 10_000 + 1);
      words.forEach(word -> counts.put(word, Math.floorMod(word.hashCode(), 7)));
      made.add(Vocabulary.ofCounts(counts, 1, 1_000));
    }
    assertThat(made.get(1)).isEqualTo(made.get(0)).hasSameHashCodeAs(made.get(0));
    assertThat(made.get(2)).isEqualTo(made.get(0));
    assertThat(made.get(0).size()).isEqualTo(1_000);
  }

  @Test
  void aVocabularyIsItsWordsInTheirOrder() {
    var one = new Vocabulary(List.of("<unknown>", "a", "b"));
    assertThat(one).isEqualTo(new Vocabulary(new ArrayList<>(List.of("<unknown>", "a", "b"))));
    assertThat(one).isNotEqualTo(new Vocabulary(List.of("<unknown>", "b", "a")));
    assertThat(one).isNotEqualTo(new Vocabulary(List.of("<unknown>", "a")));
    assertThat(one).hasToString("Vocabulary of 3 words");
  }

  @Test
  void aVocabularyKeepsItsOwnCopy() {
    List<String> words = new ArrayList<>(List.of("<unknown>", "a"));
    var vocabulary = new Vocabulary(words);
    words.set(1, "b");
    assertThat(vocabulary.word(1)).isEqualTo("a");
  }
}
