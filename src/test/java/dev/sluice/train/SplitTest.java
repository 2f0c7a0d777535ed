package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Training.SplitBy;
import org.junit.jupiter.api.Test;

/** Where a history is cut, and when there is too little of it. */
final class SplitTest {

  private static final String YAML = "features: [{number: x}]\nmodel: {predict: {value: x}}\n";

  @Test
  void theLatestEventsOfAllKeysValidate() {
    Lab lab = Lab.of(YAML);
    for (int i = 0; i < 80; i++) {
      lab.number("early", i, i);
    }
    for (int i = 70; i < 90; i++) {
      lab.number("late", i, i);
    }
    History history = lab.history(); // Times 0..79 and 70..89: a quarter begins at 72.5.

    Split split = Split.of(history, 0.25, SplitBy.TIME, 8);

    // 75 events are before the cutoff: 70 of one key, then both keys in turn.
    assertThat(split.cutoffMillis()).isEqualTo(72);
    assertThat(split.boundary(0)).isEqualTo(72);
    assertThat(split.boundary(1)).isEqualTo(80 + 2);
    assertThat(split.trainEvents()).isEqualTo(74);
  }

  @Test
  void aLateEventAfterTheCutoffValidates() {
    Lab lab = Lab.of(YAML);
    long[] times = {0, 1, 2, 3, 4, 5, 8, 1, 9, 9};
    for (long time : times) {
      lab.number("a", time, 0);
    }

    Split split = Split.at(lab.history(), 8);

    assertThat(split.boundary(0)).isEqualTo(6);
    assertThat(split.trainEvents()).isEqualTo(6);
  }

  @Test
  void tooFewEventsAreRefusedWithBothNumbers() {
    Lab lab = Lab.of(YAML);
    for (int i = 0; i < 159; i++) {
      lab.number("k" + i % 3, i, i);
    }

    assertThatThrownBy(() -> Split.of(lab.history(), 0.2, SplitBy.TIME, 64))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "The history holds 159 events of 3 keys; 160 are needed at least: two windows of 64 to"
                + " learn from, and the latest 0.2 of all to validate with. Record more, or make"
                + " training.window smaller");
    lab.number("k0", 159, 0);
    assertThat(Split.of(lab.history(), 0.2, SplitBy.TIME, 64).trainEvents()).isEqualTo(128);
  }

  @Test
  void timesThatAreAllTheSameAreRefused() {
    Lab lab = Lab.of(YAML);
    for (int i = 0; i < 100; i++) {
      lab.number("a", 5, i);
    }

    assertThatThrownBy(() -> Split.of(lab.history(), 0.2, SplitBy.TIME, 4))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "Only 0 of 100 events are from before 1970-01-01T00:00:00.005Z, where the validation"
                + " part begins; 8 are needed at least. Is input.time the right field, and its unit"
                + " the right one?");
  }

  @Test
  void keysThatLivedAtDifferentTimesAreCutEachAtItsOwn() {
    Lab lab = Lab.of(YAML);
    for (int i = 0; i < 40; i++) {
      lab.number("then", i, i);
      lab.number("now", 1_000_000 + i, i);
    }
    Split split = Split.of(lab.history(), 0.25, SplitBy.KEY, 8);
    for (int k = 0; k < 2; k++) {
      assertThat(split.boundary(k) - lab.history().start(k)).isEqualTo(30);
    }
    assertThat(split.trainEvents()).isEqualTo(60);
    assertThat(split.heldOut()).isEqualTo(20);
    assertThat(split.cutoffMillis()).isEqualTo(30);
  }
}
