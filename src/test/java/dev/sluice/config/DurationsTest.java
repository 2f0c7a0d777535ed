package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "100ms, PT0.1S, 100ms",
    "2s, PT2S, 2s",
    "5m, PT5M, 5m",
    "1h, PT1H, 1h",
    "0s, PT0S, 0s",
    "1500ms, PT1.5S, 1500ms",
    "90s, PT1M30S, 90s",
    "120m, PT2H, 2h",
    "30d, PT720H, 30d",
    "48h, PT48H, 2d",
    "999999999h, PT999999999H, 999999999h",
  })
  void isReadAsTheIsoDurationAndWrittenShort(String text, Duration duration, String shortest) {
    assertThat(Durations.parse(text)).contains(duration);
    assertThat(Durations.text(duration)).isEqualTo(shortest);
    assertThat(Durations.parse(shortest)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "ms", "1.5s", "-1s", "5 s", "5S", "PT5S", "1234567890ms", "٥s"})
  void anythingElseIsRefused(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }
}
