package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bins and the index of what has moved between them, by hand. */
final class SpreadTest {

  @Test
  void theStabilityIndexIsWhatItIsByHand() {
    // (0.6 - 0.3) ln(0.6 / 0.3) + (0.4 - 0.7) ln(0.4 / 0.7) = 0.2079 + 0.1679
    Spread then = new Spread(List.of(1.0), List.of(30L, 70L));
    Spread now = new Spread(List.of(1.0), List.of(600L, 400L));
    assertThat(then.stabilityIndex(now)).isCloseTo(0.3758, within(1e-4));
    assertThat(now.stabilityIndex(then)).isCloseTo(0.3758, within(1e-4));
    assertThat(then.stabilityIndex(then)).isZero();
    // A bin that was empty counts as half a value: (0.0005 - 0.5) ln(0.0005 / 0.5) and so on.
    Spread gone = new Spread(List.of(1.0), List.of(0L, 1000L));
    Spread even = new Spread(List.of(1.0), List.of(500L, 500L));
    assertThat(gone.stabilityIndex(even))
        .isCloseTo((0.5 - 0.0005) * Math.log(1000) + (0.5 - 1) * Math.log(0.5), within(1e-9));
    assertThatThrownBy(() -> then.stabilityIndex(new Spread(List.of(2.0), List.of(1L, 1L))))
        .hasMessage("spreads over different bins");
  }

  @Test
  void tenthsHoldATenthEach() {
    double[] values = new Random(1).doubles(10_001).toArray();
    Spread spread = Spread.ofTenths(values);
    assertThat(spread.edges()).hasSize(9);
    assertThat(spread.counts()).allSatisfy(count -> assertThat(count).isBetween(999L, 1002L));
    assertThat(spread.total()).isEqualTo(10_001);
  }

  @Test
  void whatIsUpToAnEdgeIsBelowItAndWhatIsNoneIsPassedOver() {
    double[] values = {-9, 1, 1.5, 2, 2.5, Double.NaN};
    assertThat(Spread.over(List.of(1.0, 2.0), values).counts()).containsExactly(2L, 2L, 1L);
  }

  @Test
  void valuesThatAreAlikeMakeFewerBins() {
    double[] mostlyZero = IntStream.range(0, 100).mapToDouble(i -> i < 75 ? 0 : i).toArray();
    assertThat(Spread.ofTenths(mostlyZero).edges()).containsExactly(0.0, 79.0, 89.0);
    assertThat(Spread.ofTenths(new double[] {7, 7, 7}))
        .isEqualTo(new Spread(List.of(), List.of(3L)));
    assertThat(Spread.ofTenths(new double[0])).isEqualTo(new Spread(List.of(), List.of(0L)));
  }

  @Test
  void whatIsNoSpreadIsRefused() {
    assertThatThrownBy(() -> new Spread(List.of(1.0), List.of(1L)))
        .hasMessage("a spread of 1 edges and 1 counts");
    assertThatThrownBy(() -> new Spread(List.of(1.0, 1.0), List.of(1L, 1L, 1L)))
        .hasMessage("a spread whose edges do not ascend: [1.0, 1.0]");
    assertThatThrownBy(() -> new Spread(List.of(Double.NaN), List.of(1L, 1L)))
        .hasMessageStartingWith("a spread whose edges do not ascend");
    assertThatThrownBy(() -> new Spread(List.of(1.0), List.of(1L, -1L)))
        .hasMessage("a spread with a count of -1");
  }
}
