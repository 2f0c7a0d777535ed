package dev.sluice.score;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.score.AlertRules.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AlertRulesTest {

  private static final int AT = 2;
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final String ALERT = "alert";

  /** A key with its statistics among those of others; an event a minute unless it is said. */
  private static final class Key {
    final AlertRules rules;
    final double[] stats = new double[AT + AlertRules.STATS_SIZE + 1];
    long now;

    Key(int quiet, AlertPolicy policy) {
      rules = new AlertRules(new Calibration(0.8, 0, quiet), policy);
    }

    Decision decide(double score, long time) {
      now = time;
      return rules.decide(score, 3, "a".getBytes(UTF_8), time, stats, AT);
    }

    /** Returns the places of alerts. */
    List<Integer> alerts(double... scores) {
      List<Integer> alerts = new ArrayList<>();
      for (int i = 0; i < scores.length; i++) {
        if (decide(scores[i], now + MINUTE).isAlert()) {
          alerts.add(i);
        }
      }
      return alerts;
    }
  }

  private static Key plain(int quiet) {
    return new Key(quiet, AlertPolicy.NONE);
  }

  @Test
  void afterAnAlertTheKeyIsQuietUnlessItGetsWorse() {
    assertThat(plain(3).alerts(0.9, 0.9, 0.85, 0.9, 0.9)).containsExactly(0, 4);
    // Three quiet events, then again; a higher score breaks the silence and begins another.
    assertThat(plain(3).alerts(0.9, 0.1, 0.95, 0.95, 0.94, 0.96, 0.9, 0.9, 0.9, 0.9))
        .containsExactly(0, 2, 5, 9);
  }

  @Test
  void quietIsCountedInEventsWhateverTheirScores() {
    assertThat(plain(2).alerts(0.9, 0.1, 0.1, 0.81)).containsExactly(0, 3);
  }

  @Test
  void withoutQuietEveryHighScoreIsAnAlert() {
    assertThat(plain(0).alerts(0.8, 0.79, 0.8, 0.8)).containsExactly(0, 2, 3);
  }

  /** Surprises here are 3 nats. */
  @Test
  void whatWasSaidToBeFineIsSuppressedAndLeavesNoTrace() {
    Verdicts[] said = {Verdicts.NONE};
    Key key = new Key(2, AlertPolicy.NONE.withFeedback(() -> said[0]));
    assertThat(key.alerts(0.9, 0.1, 0.1)).containsExactly(0);
    said[0] = said[0].plus("a".getBytes(UTF_8), new Verdicts.Verdict(MINUTE, 3, 0, 10 * MINUTE));
    Decision fine = key.decide(0.9, 5 * MINUTE);
    assertThat(fine.isAlert()).isFalse();
    assertThat(fine.suppressed()).contains("said to be fine, as the alert of 1970-01-01T00:01:00Z");
    assertThat(key.decide(0.9, 10 * MINUTE).isAlert()).as("no silence, and time is up").isTrue();
  }

  @Test
  void aKeyThatWarmsUpRaisesNone() {
    Key key = plain(0);
    // The caller says 0.
    assertThat(key.decide(0, 0)).isEqualTo(Decision.SILENCE);
    assertThat(key.decide(1, MINUTE)).isEqualTo(Decision.ALERT);
  }

  @Test
  void anAlertWaitsForSoManyHighScoresInARow() {
    var policy = new AlertPolicy(3, 0, 0, List.of());
    assertThat(new Key(0, policy).alerts(0.9, 0.9, 0.1, 0.9, 0.9, 0.8, 0.9, 0.7, 0.9))
        .containsExactly(5, 6);
    // The run goes on while the key is quiet: silence of two, then at once.
    assertThat(new Key(2, policy).alerts(0.9, 0.9, 0.9, 0.9, 0.9, 0.9)).containsExactly(2, 5);
  }

  @Test
  void anAlertWaitsForSoMuchEventTime() {
    var policy = new AlertPolicy(1, 2 * MINUTE, 0, List.of());
    assertThat(new Key(0, policy).alerts(0.9, 0.9, 0.9, 0.1, 0.9, 0.9, 0.9)).containsExactly(2, 6);
    // A late event neither lasts nor begins again.
    var key = new Key(0, policy);
    assertThat(key.decide(0.9, 10 * MINUTE).isAlert()).isFalse();
    assertThat(key.decide(0.9, 5 * MINUTE).isAlert()).isFalse();
    assertThat(key.decide(0.9, 12 * MINUTE).isAlert()).isTrue();
    // Without a duration it is an event as any other.
    var atOnce = plain(0);
    assertThat(atOnce.decide(0.9, 10 * MINUTE).isAlert()).isTrue();
    assertThat(atOnce.decide(0.9, 5 * MINUTE).isAlert()).isTrue();
  }

  @Test
  void anHourOfTheClockHasSoManyAlerts() {
    var key = new Key(0, new AlertPolicy(1, 0, 2, List.of()));
    List<String> said = new ArrayList<>();
    for (long minute : new long[] {-61, 50, 55, 59, 60, 58, 119, 120, 300}) {
      Decision decision = key.decide(0.9, minute * MINUTE);
      said.add(decision.isAlert() ? ALERT : decision.suppressed().orElse(""));
    }
    String many = "more than 2 alerts in this hour";
    // The late one of minute 58 counts for the hour from 60 on, which had one.
    assertThat(said).containsExactly(ALERT, ALERT, ALERT, many, ALERT, ALERT, many, ALERT, ALERT);
  }

  @Test
  void whatIsSuppressedBeginsNoSilenceAndCountsForNoHour() {
    var night = new Suppression(0, 2 * MINUTE, DAY, "", "night");
    var key = new Key(5, new AlertPolicy(1, 0, 1, List.of(night)));

    assertThat(key.decide(0.95, MINUTE)).isEqualTo(new Decision(false, Optional.of("night")));
    // The window is over and the key is strange as before, or less.
    assertThat(key.decide(0.9, 2 * MINUTE)).isEqualTo(Decision.ALERT);
    // Silence comes first: there is nothing to suppress.
    assertThat(key.decide(0.85, DAY)).isEqualTo(Decision.SILENCE);
  }

  @Test
  void whatLiesAroundIsNotTouched() {
    var key = new Key(3, new AlertPolicy(2, MINUTE, 1, List.of()));
    key.alerts(0.9, 0.9, 0.9, 0.1, 0.95, 0.99);
    assertThat(key.stats[AT - 1]).isZero();
    assertThat(key.stats[AT + AlertRules.STATS_SIZE]).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    // From, length, period, then a time within or not.
    "10, 5, 0, 9, false",
    "10, 5, 0, 10, true",
    "10, 5, 0, 14, true",
    "10, 5, 0, 15, false",
    "10, 5, 0, 110, false",
    "10, 5, 20, 29, false",
    "10, 5, 20, 30, true",
    "10, 5, 20, -10, true",
    "10, 5, 20, -5, false",
    "18, 5, 20, 2, true",
    "18, 20, 20, 7, true",
  })
  void aWindowHoldsItsBeginningAndNotItsEnd(
      long from, long length, long period, long time, boolean within) {
    var window = new Suppression(from, length, period, "", "");
    assertThat(window.covers(new byte[0], time)).isEqualTo(within);
  }

  @ParameterizedTest
  @CsvSource({
    "'', boiler-7, true",
    "boiler-7, boiler-7, true",
    "boiler-7, boiler-70, false",
    "boiler-*, boiler-7, true",
    "boiler-*, boiler, false",
    "*, x, true",
  })
  void aWindowIsOfOneKeyOrOfThoseThatBeginAlike(String window, String key, boolean covered) {
    assertThat(new Suppression(0, 1, 0, window, "").covers(key.getBytes(UTF_8), 0))
        .isEqualTo(covered);
  }

  @Test
  void impossibleRulesAreRefused() {
    assertThatThrownBy(() -> new AlertPolicy(0, 0, 0, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Suppression(0, 2, 1, "", ""))
        .hasMessage("a window of 2 ms every 1 ms");
    assertThatThrownBy(() -> new Suppression(0, 0, 0, "", ""))
        .hasMessage("a window of 0 ms every 0 ms");
  }
}
