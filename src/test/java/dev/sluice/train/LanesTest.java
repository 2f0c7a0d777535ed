package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the lengths of the keys: every event of the training part counts once an epoch. */
final class LanesTest {

  private static final String YAML = "features: [{number: x}]\nmodel: {predict: {value: x}}\n";

  @ParameterizedTest
  @CsvSource({"1, 3000, 8, 4", "7, 500, 8, 4", "300, 9, 4, 16", "900, 1, 2, 3", "2, 37, 8, 32"})
  void everyEventIsPredictedOnceFromTheMemoryOfTheOneBefore(
      int keys, int most, int window, int batch) {
    Lab lab = Lab.of(YAML);
    var random = new Random(keys);
    for (int k = 0; k < keys; k++) {
      int length = 1 + random.nextInt(most);
      for (int i = 0; i < length; i++) {
        lab.number("k" + k, i, 0);
      }
    }
    History history = lab.history();
    Split split = Split.at(history, most * 4L / 5 + 1);
    var lanes = new Lanes(history, split, batch, window);
    Set<Integer> starts = new HashSet<>();
    Set<Integer> wanted = new HashSet<>();
    for (int k = 0; k < history.keys(); k++) {
      starts.add(history.start(k));
      for (int i = history.start(k); i < split.boundary(k); i++) {
        wanted.add(i);
      }
    }

    assertThat(lanes.count()).isBetween(1, batch);
    for (int epoch = 0; epoch < 2; epoch++) {
      lanes.deal(random);
      assertThat(predicted(lanes, window, starts)).isEqualTo(wanted);
    }
  }

  /** Goes through an epoch and returns what it predicts, checking each step on the way. */
  private static Set<Integer> predicted(Lanes lanes, int window, Set<Integer> starts) {
    Set<Integer> seen = new HashSet<>();
    int[] before = new int[lanes.count()]; // By lane: the event stepped last.
    int[] unpredicted = new int[lanes.count()]; // Steps since it began in the middle of a key.
    for (int w = 0; w < lanes.windows(); w++) {
      lanes.advance();
      for (int i = 0; i < lanes.firstCount(); i++) {
        assertThat(starts).contains(lanes.first(i));
        assertThat(seen.add(lanes.first(i))).isTrue();
      }
      for (int lane = 0; lane < lanes.count(); lane++) {
        for (int step = 0; step < window; step++) {
          int event = lanes.event(step, lane);
          if (event == Lanes.NONE) {
            assertThat(lanes.predicted(step, lane)).isEqualTo(Lanes.NONE);
            continue;
          }
          if (!lanes.begins(step, lane)) {
            assertThat(event).isEqualTo(before[lane] + 1);
          } else {
            unpredicted[lane] = 0;
          }
          before[lane] = event;
          int next = lanes.predicted(step, lane);
          if (next == Lanes.NONE) {
            assertThat(++unpredicted[lane]).isLessThanOrEqualTo(window);
          } else {
            assertThat(next).isEqualTo(event + 1);
            assertThat(seen.add(next)).isTrue();
          }
        }
      }
    }
    return seen;
  }
}
