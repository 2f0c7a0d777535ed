package dev.sluice.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NabReportTest {

  /** Two series that are found at once, with one false positive long before: -0.11 of 4. */
  private static NabReport report() {
    var window = List.of(new Window(10, 13));
    var corpus =
        new NabCorpus(
            List.of(
                new NabSeries("calm/a.csv", new long[20], new double[20], window),
                new NabSeries("wild/b.csv", new long[20], new double[20], window)));
    double[] scores = new double[40];
    scores[5] = 0.75;
    scores[10] = 0.75;
    scores[30] = 0.75;
    return NabReport.of("mine", new NabScorer(corpus, scores));
  }

  @Test
  void theTextIsATableOfProfilesAndOneOfCategoriesForEach() {
    assertThat(report().text())
        .startsWith(
            """
            NAB, mine: 2 windows in 40 rows

            profile                      score    held out   threshold
            standard                     97.25       97.25        0.75
            reward_low_FP_rate           94.50       94.50        0.75
            reward_low_FN_rate           98.17       98.17        0.75

            standard                     found      missed       false
            calm                             1           0           1
            wild                             1           0           0
            total                            2           0           1

            reward_low_FP_rate           found      missed       false
            """)
        .contains("mean of 20 divisions");
  }

  @Test
  void theJsonSaysTheSame() throws IOException {
    JsonNode json = new ObjectMapper().readTree(report().json().toString());

    assertThat(json.path("detector").asText()).isEqualTo("mine");
    assertThat(json.path("profiles")).hasSize(3);
    JsonNode standard = json.path("profiles").path(0);
    assertThat(standard.path("profile").asText()).isEqualTo("standard");
    assertThat(standard.path("score").asDouble()).isEqualTo(97.25);
    assertThat(standard.path("threshold").asDouble()).isEqualTo(0.75);
    assertThat(standard.path("heldOut").path("mean").asDouble()).isEqualTo(97.25);
    assertThat(standard.path("total").path("truePositives").asInt()).isEqualTo(2);
    assertThat(standard.path("categories").path("calm").path("falsePositives").asInt())
        .isEqualTo(1);
  }

  @Test
  void aThresholdNothingReachesIsNoneAndNull() throws IOException {
    NabReport mine = report();
    var silent =
        new NabResult(
            NabProfile.STANDARD,
            Double.POSITIVE_INFINITY,
            List.of(new NabResult.Tally("a", 0, 1, 0, -1)));
    var report =
        new NabReport(
            "silent", 20, 1, List.of(new NabReport.Line(silent, mine.lines().get(0).heldOut())));

    assertThat(report.text())
        .contains("standard                      0.00       97.25        none\n");
    assertThat(
            new ObjectMapper()
                .readTree(report.json().toString())
                .at("/profiles/0/threshold")
                .isNull())
        .isTrue();
  }
}
