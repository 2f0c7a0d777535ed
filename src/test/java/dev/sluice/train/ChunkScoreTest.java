package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chunks counted by hand. */
final class ChunkScoreTest {

  @ParameterizedTest
  @CsvSource({
    "B-a I-a O,       B-a I-a O,       1", // All right.
    "B-a I-a O,       B-a O O,         0", // Ends early.
    "B-a O O,         B-a I-a O,       0", // Ends late.
    "B-a I-a O,       B-b I-b O,       0", // Another kind.
    "B-a B-a O,       B-a I-a O,       0", // Two are not one.
    "B-a I-a O B-b,   B-a I-a O O,     0.6666666666666666", // 1 of 2 and 1 of 1.
    "B-a I-a O B-b,   O I-a O B-b,     0.5",
    "B-a I-a B-b,     I-a I-a I-b,     1", // I-x after no x begins.
    "O B-a O B-a I-a, O B-a B-b B-a O, 0.4", // 1 of 2 and 1 of 3.
  })
  void f1IsThatOfTheChunks(String wanted, String said, double f1) {
    var score = new ChunkScore();
    score.add(List.of(wanted.split(" ")), List.of(said.split(" ")));
    assertThat(score.f1()).isEqualTo(f1);
  }

  @Test
  void nothingToFindIsNoScore() {
    var score = new ChunkScore();
    score.add(List.of("O", "O"), List.of("O", "O"));
    assertThat(score.f1()).isNaN();
  }
}
