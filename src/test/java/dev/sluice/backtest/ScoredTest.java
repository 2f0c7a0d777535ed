package dev.sluice.backtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.backtest.Labels.Label;
import dev.sluice.backtest.Labels.Span;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ScoredTest {

  private static final long HOUR = 3_600_000;

  /** Two days of hourly events of a key; those at the given hours have score 1 and alert. */
  private static void hourly(Scored scored, String key, Integer... alerts) {
    Set<Integer> hours = Set.of(alerts);
    for (int hour = 0; hour <= 48; hour++) {
      // Every second pair of events comes in the wrong order.
      int real = hour % 4 == 2 ? hour + 1 : hour % 4 == 3 ? hour - 1 : hour;
      boolean alert = hours.contains(real);
      scored.add(key.getBytes(UTF_8), real * HOUR, alert ? 1 : 0.1, alert);
    }
  }

  private static Label label(String key, double fromHour, double toHour) {
    return new Label(key, new Span((long) (fromHour * HOUR), (long) (toHour * HOUR)));
  }

  @Test
  void alertsAreComparedWithLabelsByKeyAndTime() {
    var scored = new Scored();
    hourly(scored, "a", 12, 14, 15, 40);
    hourly(scored, "b", 20);
    var labels =
        new Labels(
            List.of(
                label("a", 9.5, 14), // Rows 10 to 14: found two hours after the first.
                label("a", 20, 22), // Missed: it is b that alerts then.
                label("a", 22.1, 22.9), // Holds no event.
                label("c", 0, 48))); // There is no such key.

    BacktestReport report = scored.compare(labels);

    assertThat(report.events()).isEqualTo(98);
    assertThat(report.keys()).isEqualTo(2);
    assertThat(report.empty()).isEqualTo(2);
    // Hours 15 and 40 of a, 20 of b are outside.
    assertThat(report.detection()).isEqualTo(new Detection(1, 1, 3, 5, 2 * HOUR, 96 * HOUR));
    assertThat(report.alertsPerDay()).isEqualTo(2.5);
    assertThat(report.text())
        .contains("98 events of 2 keys, 2 labelled anomalies")
        .contains("2 more labels have no event")
        .contains("precision     0.250  1 anomalies found, 3 alerts outside")
        .contains("mean delay   2 h 0 min")
        .contains("alerts a day   2.50  5 in 2.0 days; 1.250 a day and key");
  }

  @Test
  void nabCountsAlertsThatComeAtOnceAsPerfectAndSilenceAsNothing() {
    var labels = new Labels(List.of(label("a", 20, 24), label("b", 30, 30)));
    var perfect = new Scored();
    hourly(perfect, "a", 20);
    hourly(perfect, "b", 30); // A window of one row gets the one after it.
    var silent = new Scored();
    hourly(silent, "a");
    hourly(silent, "b");

    for (int i = 0; i < 3; i++) {
      BacktestReport.NabLine best = perfect.compare(labels).nab().lines().get(i);
      assertThat(best.profile()).isEqualTo(NabProfile.values()[i]);
      assertThat(best.ofAlerts()).isCloseTo(100, within(1e-9));
      assertThat(best.best()).isCloseTo(100, within(1e-9));
      assertThat(best.threshold()).isEqualTo(1);
      assertThat(silent.compare(labels).nab().lines().get(i).ofAlerts()).isZero();
    }
  }

  @Test
  void anAnomalyInTheFirstRowsIsLeftToTheOtherFigures() {
    // 15 % of 49 rows: NAB scores from row 7 on.
    var scored = new Scored();
    hourly(scored, "a", 6, 20);
    BacktestReport early = scored.compare(new Labels(List.of(label("a", 6, 8))));
    assertThat(early.detection().found()).isEqualTo(1);
    assertThat(early.nab().lines()).isEmpty();
    assertThat(early.text()).contains("No NAB scores");

    BacktestReport both = scored.compare(new Labels(List.of(label("a", 6, 8), label("a", 20, 21))));
    assertThat(both.nab().windows()).isEqualTo(1);
    assertThat(both.text()).contains("NAB leaves out 1 of the anomalies");
  }

  @Test
  void scriptsGetTheSameFigures() throws IOException {
    var scored = new Scored();
    hourly(scored, "a", 20, 40);
    JsonNode json =
        new ObjectMapper().readTree(scored.compare(new Labels(List.of(label("a", 19, 24)))).json());

    assertThat(json.path("precision").asDouble()).isEqualTo(0.5);
    assertThat(json.path("recall").asDouble()).isEqualTo(1);
    assertThat(json.path("meanDelaySeconds").asDouble()).isEqualTo(3600);
    assertThat(json.path("alertsPerDay").asDouble()).isEqualTo(1);
    assertThat(json.path("nab")).hasSize(3);
    assertThat(json.path("nab").get(0).path("profile").asText()).isEqualTo("standard");
  }
}
