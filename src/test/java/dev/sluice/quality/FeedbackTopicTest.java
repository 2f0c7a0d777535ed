package dev.sluice.quality;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.score.Verdicts.Verdict;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FeedbackTopicTest {

  @Test
  void whatIsWrittenIsRead() throws IOException {
    var verdict = new Verdict(1_763_906_700_000L, 9.7, 1_763_910_000_000L, 1_764_514_800_000L);
    assertThat(new String(FeedbackTopic.write(verdict), UTF_8))
        .isEqualTo(
            "{\"alert\":\"2025-11-23T14:05:00Z\",\"surprise\":9.7,"
                + "\"from\":\"2025-11-23T15:00:00Z\",\"until\":\"2025-11-30T15:00:00Z\"}");
    assertThat(FeedbackTopic.read(FeedbackTopic.write(verdict))).isEqualTo(verdict);
    var withdrawn = new Verdict(0, Double.NaN, 5, 5);
    assertThat(FeedbackTopic.read(FeedbackTopic.write(withdrawn))).isEqualTo(withdrawn);
  }

  @Test
  void fieldsOfLaterReleasesArePassedOver() throws IOException {
    String text =
        "{\"by\":{\"who\":[1]},\"alert\":\"1970-01-01T00:00:00Z\","
            + "\"from\":\"1970-01-01T00:00:01Z\",\"until\":\"1970-01-01T00:00:02Z\"}";
    assertThat(FeedbackTopic.read(text.getBytes(UTF_8)))
        .isEqualTo(new Verdict(0, Double.NaN, 1000, 2000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"alert\":\"1970-01-01T00:00:00Z\"}",
        "{\"alert\":\"yesterday\",\"from\":\"1970-01-01T00:00:01Z\"}",
        "{\"surprise\":\"much\"}"
      })
  void whatIsNoVerdictIsRefused(String text) {
    assertThatThrownBy(() -> FeedbackTopic.read(text.getBytes(UTF_8)))
        .isInstanceOfAny(IOException.class, java.time.DateTimeException.class);
  }
}
