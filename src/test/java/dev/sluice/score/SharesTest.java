package dev.sluice.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class SharesTest {

  private static final int AT = 3;

  private static double[] divide(Shares shares, double[] stats, double... surprises) {
    double[] of = new double[surprises.length];
    shares.divide(surprises, of, stats, AT);
    return of;
  }

  @Test
  void aFieldHasItsShareByWhatIsUsualForIt() {
    double[] stats = new double[AT + Shares.statsSize(3)];
    var shares = new Shares(3);
    for (int i = 0; i < 200; i++) {
      divide(shares, stats, 1, 5, 2);
    }
    // 3 above the usual, 1 above, below.
    assertThat(divide(shares, stats, 4, 6, 0))
        .containsExactly(new double[] {0.75, 0.25, 0}, within(1e-12));
    assertThat(stats[AT - 1]).isZero();
  }

  @Test
  void whatDidNotComeHasNoShareAndStaysUsual() {
    double[] stats = new double[AT + Shares.statsSize(2)];
    var shares = new Shares(2);
    divide(shares, stats, 1, 2);
    double usual = stats[AT + 2];
    assertThat(divide(shares, stats, 9, Double.NaN)).containsExactly(1, 0);
    assertThat(stats[AT + 2]).isEqualTo(usual);
  }

  @Test
  void whereNothingIsStrangerThanUsualNoFieldHasAShare() {
    double[] stats = new double[AT + Shares.statsSize(2)];
    var shares = new Shares(2);
    divide(shares, stats, 3, 3);
    assertThat(divide(shares, stats, 1, 1)).containsExactly(0, 0);
  }

  @Test
  void theOnlyFieldHasAllOfItAndNeedsNoStatistics() {
    assertThat(Shares.statsSize(1)).isZero();
    assertThat(divide(new Shares(1), new double[AT], 0.5)).containsExactly(1);
  }
}
