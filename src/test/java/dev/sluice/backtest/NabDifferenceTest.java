package dev.sluice.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NabDifferenceTest {

  private static final long MINUTE = 60_000;
  private static final NabCorpus CORPUS =
      new NabCorpus(
          List.of(
              series("a", "2014-02-05T10:00:00Z", 1, 2, 3),
              series("b", "2020-06-10T10:00:30Z", 4, 5.5)));

  private static NabSeries series(String name, String begin, double... values) {
    long[] times = new long[values.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = Instant.parse(begin).toEpochMilli() + i * MINUTE;
    }
    return new NabSeries(name, times, values, List.of(new Window(0, 1)));
  }

  @Test
  void mappedSeriesAreMixedByTimeInOneWeekAndKeepDayAndHour(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("events.jsonl");
    NabInput.writeMapped(CORPUS, NabMapping.parse("2,-10"), file);
    // Both are of a Wednesday; 1970 began on a Thursday, so that it is the 7th.
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            {"key":"a","timestamp":"1970-01-07T10:00:00Z","value":-8}
            {"key":"b","timestamp":"1970-01-07T10:00:30Z","value":-2}
            {"key":"a","timestamp":"1970-01-07T10:01:00Z","value":-6}
            {"key":"b","timestamp":"1970-01-07T10:01:30Z","value":1}
            {"key":"a","timestamp":"1970-01-07T10:02:00Z","value":-4}
            """);
  }

  @Test
  void rowsOfASeriesKeepTheirOrderWhereItsClockStepsBack(@TempDir Path folder) throws IOException {
    long[] times = {2 * MINUTE, 0, MINUTE};
    var back = new NabSeries("back", times, new double[] {1, 2, 3}, List.of());
    Path file = folder.resolve("events.jsonl");
    NabInput.writeMapped(new NabCorpus(List.of(back)), NabMapping.SAME, file);
    assertThat(Files.readAllLines(file))
        .extracting(line -> line.substring(line.indexOf("value")))
        .containsExactly("value\":1}", "value\":2}", "value\":3}");
  }

  @Test
  void seriesWhoseScoresDifferAreNamedTheFurthestOffFirst() throws IOException {
    double[] plain = {0.5, 0.6, 0.7, 0.8, 0.9};
    double[] mapped = {0.5, 0.6, 0.7 + 1e-7, 0.8, 0.65};
    NabDifference difference =
        NabDifference.of(new NabMapping(2, -10), CORPUS, scores(plain), scores(mapped));
    assertThat(difference.same()).isEqualTo(1);
    assertThat(difference.keys().getFirst().name()).isEqualTo("b");
    assertThat(difference.text())
        .contains("1 of 2 series score the same to 0.000001", "  0.25  b")
        .doesNotContain("  a");
    JsonNode json = new ObjectMapper().readTree(difference.json().toString());
    assertThat(json.path("series").asInt()).isEqualTo(2);
    assertThat(json.at("/different/b").asDouble()).isEqualTo(0.25);
    assertThat(json.path("different").size()).isEqualTo(1);
  }

  private static NabDifference.Scores scores(double[] scores) {
    return new NabDifference.Scores(scores, NabReport.of("it", new NabScorer(CORPUS, scores)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "2", "2,", ",2", "a,b", "0,1", "-1,0", "NaN,0", "1,Infinity", "1,2,3"})
  void whatIsNoMappingIsRefused(String text) {
    assertThatThrownBy(() -> NabMapping.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ive ");
  }
}
