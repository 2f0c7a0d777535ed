package dev.sluice.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class OnsetTest {

  /** What is before and behind the statistics belongs to others. */
  private static final int AT = 2;

  private static final long MINUTE = 60_000;

  private final double[] stats = new double[AT + Onset.STATS_SIZE + 1];
  private long now;

  private void take(double surprise) {
    Onset.take(surprise, now, stats, AT);
    now += MINUTE;
  }

  private void calm(int events) {
    var random = new Random(1);
    for (int i = 0; i < events; i++) {
      take(1.5 + 0.3 * random.nextGaussian());
    }
  }

  @Test
  void aTroubleBeganWhenTheSurprisesRose() {
    calm(500);
    take(1.5 - 0.3);
    long began = now;
    for (int i = 0; i < 6; i++) {
      take(2.6);
      assertThat(Onset.eventsAgo(stats, AT)).isEqualTo(i);
      assertThat(Onset.timeMillis(stats, AT)).isEqualTo(began);
    }
    assertThat(stats[0] + stats[1] + stats[AT + Onset.STATS_SIZE]).isZero();
  }

  @Test
  void afterItEndedTheNextOneBeginsAnew() {
    calm(500);
    for (int i = 0; i < 100; i++) {
      take(30);
    }
    for (int i = 0; i < 20; i++) {
      take(1.2);
    }
    long again = now;
    take(30);
    assertThat(Onset.eventsAgo(stats, AT)).isZero();
    assertThat(Onset.timeMillis(stats, AT)).isEqualTo(again);
  }

  @Test
  void whatIsUsualForAKeyIsNoTrouble() {
    var random = new Random(3);
    int longest = 0;
    for (int i = 0; i < 20_000; i++) {
      take(10 + 5 * random.nextGaussian());
      longest = Math.max(longest, (int) Onset.eventsAgo(stats, AT));
    }
    assertThat(longest).isLessThan(30);
  }

  @Test
  void aNewKeyHasNoTroubleBeforeItsSurprisesAreKnown() {
    take(0.5);
    take(40);
    assertThat(Onset.eventsAgo(stats, AT)).isZero();
    assertThat(Onset.timeMillis(stats, AT)).isEqualTo(MINUTE);
  }

  @Test
  void severityGrowsWithTheScore() {
    assertThat(Severity.of(0.8)).isEqualTo(Severity.MINOR);
    assertThat(Severity.of(0.981)).isEqualTo(Severity.MINOR);
    assertThat(Severity.of(0.983)).isEqualTo(Severity.MAJOR);
    assertThat(Severity.of(0.9999)).isEqualTo(Severity.MAJOR);
    assertThat(Severity.of(0.99996)).isEqualTo(Severity.CRITICAL);
    assertThat(Severity.of(1)).isEqualTo(Severity.CRITICAL);
    assertThat(Severity.CRITICAL.text()).isEqualTo("critical");
  }
}
