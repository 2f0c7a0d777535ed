package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpellingTest {

  private static final List<String> KNOWN =
      List.of("hidden", "layers", "deadLetters", "warmUp", "id", "predict");

  @ParameterizedTest
  @CsvSource({
    "hiden, hidden", // One missing.
    "hiddden, hidden", // One too many.
    "hiddne, hidden", // Two swapped.
    "HIDDEN, hidden",
    "dead_letters, deadLetters",
    "dead-leters, deadLetters",
    "warmup, warmUp",
    "lyaesr, layers", // Two swaps.
    "di, id",
  })
  void aSlipOfTheFingerIsRecognised(String word, String meant) {
    assertThat(Spelling.nearest(word, KNOWN)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"units", "x", "hdn", "dropout"})
  void anotherWordIsNotTakenForASlip(String word) {
    assertThat(Spelling.nearest(word, KNOWN)).isEmpty();
  }

  @Test
  void aVeryLongWordIsNotCompared() {
    assertThat(Spelling.nearest("x".repeat(1 << 20), KNOWN)).isEqualTo(Optional.empty());
  }
}
