package dev.sluice.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backtest.Ticks.Tick;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TicksTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0     | 1      | 5 | 0.0 0.2 0.4 0.6 0.8 1.0",
        "-3    | 7      | 5 | -2 0 2 4 6",
        "980   | 3100   | 4 | 1,000 2,000 3,000",
        "0.11  | 0.1301 | 4 | 0.11 0.12 0.13",
        "1     | 1      | 5 | ''",
      })
  void numbersAreRound(double low, double high, int most, String ticks) {
    assertThat(texts(Ticks.numbers(low, high, most))).isEqualTo(ticks);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-11-23T14:05:09Z | 2026-11-23T14:06:10Z | 14:05:15 14:05:30 14:05:45 14:06:00",
        "2026-11-23T20:00:00Z | 2026-11-24T05:00:00Z | 21:00 24 Nov 03:00",
        "2026-11-23T20:00:00Z | 2026-11-29T05:00:00Z | 25 Nov 27 Nov 29 Nov",
        "2025-11-23T20:00:00Z | 2026-11-24T05:00:00Z | Jan 2026 Apr 2026 Jul 2026 Oct 2026",
        "1999-12-31T20:00:00Z | 2020-01-01T00:00:00Z | 2000 2005 2010 2015 2020",
      })
  void timesAreRound(Instant from, Instant to, String ticks) {
    List<Tick> times = Ticks.times(from.toEpochMilli(), to.toEpochMilli(), 5);
    assertThat(texts(times)).isEqualTo(ticks);
  }

  private static String texts(List<Tick> ticks) {
    return String.join(" ", ticks.stream().map(Tick::text).toList());
  }
}
