package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SizesTest {

  @ParameterizedTest
  @CsvSource({
    "1KB, 1024, 1KB",
    "1024KB, 1048576, 1MB",
    "256MB, 268435456, 256MB",
    "2GB, 2147483648, 2GB",
    "999999TB, 1099510528264372224, 999999TB",
    "0KB, 0, 0B",
  })
  void isReadAsBytesAndWrittenShort(String text, long bytes, String shortest) {
    assertThat(Sizes.parse(text)).contains(bytes);
    assertThat(Sizes.text(bytes)).isEqualTo(shortest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "KB", "1.5MB", "-1MB", "5 MB", "5mb", "5M", "1234567KB", "5PB"})
  void anythingElseIsRefused(String text) {
    assertThat(Sizes.parse(text)).isEmpty();
  }
}
