package dev.sluice.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DetectionTest {

  private static final long HOUR_MILLIS = 3_600_000;

  /** 49 hourly rows, two days; windows of five and three rows; alerts where it says. */
  private static Detection hourly(int... alerts) {
    long[] times = LongStream.range(0, 49).map(hour -> hour * HOUR_MILLIS).toArray();
    var rows = new BitSet();
    for (int alert : alerts) {
      rows.set(alert);
    }
    return Detection.of(times, rows, List.of(new Window(10, 14), new Window(20, 22)));
  }

  @Test
  void aWindowIsFoundOnceAndEveryAlertOutsideIsFalse() {
    // The window from 10 is found at 12, two hours late; 15 and 40 are outside.
    Detection detection = hourly(12, 14, 15, 40);

    assertThat(detection).isEqualTo(new Detection(1, 1, 2, 4, 2 * HOUR_MILLIS, 48 * HOUR_MILLIS));
    assertThat(detection.precision()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(detection.recall()).isEqualTo(0.5);
    assertThat(detection.f1()).isCloseTo(0.4, within(1e-12)); // 2 · 1/3 · 1/2 / (1/3 + 1/2)
    assertThat(detection.meanDelayMillis()).isEqualTo(2 * HOUR_MILLIS);
    assertThat(detection.alertsPerDay()).isEqualTo(2);
  }

  @Test
  void seriesAddUp() {
    Detection both = hourly(12, 15).plus(hourly(10, 20));

    assertThat(both).isEqualTo(new Detection(3, 1, 1, 4, 2 * HOUR_MILLIS, 96 * HOUR_MILLIS));
    assertThat(both.alertsPerDay()).isEqualTo(1);
  }

  @Test
  void whereNothingHappenedEveryRatioIsZero() {
    Detection nothing = Detection.NOTHING.plus(Detection.of(new long[0], new BitSet(), List.of()));

    assertThat(nothing.precision()).isZero();
    assertThat(nothing.recall()).isZero();
    assertThat(nothing.f1()).isZero();
    assertThat(nothing.meanDelayMillis()).isZero();
    assertThat(nothing.alertsPerDay()).isZero();
  }

  @Test
  void anAlertWithoutARowIsRefused() {
    assertThatThrownBy(() -> hourly(49)).hasMessage("an alert at row 49 of 49 rows");
  }
}
