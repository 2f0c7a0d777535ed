package dev.sluice.river;

import static dev.sluice.river.TestEvents.START;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.event.Event;
import dev.sluice.head.Judgement;
import dev.sluice.head.WordHead;
import dev.sluice.river.TestModels.Kind;
import dev.sluice.score.AlertRules.Decision;
import dev.sluice.score.Severity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ResultJsonTest {

  private static final List<String> FIELD = List.of("v");
  private static final String MINOR =
      "\"severity\":\"minor\",\"began\":\"1970-01-01T00:00:00Z\",\"beganEventsAgo\":0,";
  private static final String NO_GATES =
      "\"gates\":{\"input\":0.0,\"forget\":0.0,\"output\":0.0,\"expected\":{\"input\":0.0,"
          + "\"forget\":0.0,\"output\":0.0}},";

  private static Foretold foretold(Result result) {
    return result.fields().getFirst();
  }

  private static void sumUp(Result result) {
    result.surprise(foretold(result).surprise(), new double[] {1});
  }

  private final ResultJson json = new ResultJson();

  /** A judgement of a value: expected 2, from 1 to 3, in units of the scale. */
  private static Judgement judgement() {
    var judgement = new Judgement(0.5);
    var bins =
        new dev.sluice.head.BinHead(
            "v", TestModels.linear(4, 1, new Random(1)), new dev.sluice.head.Bins(0, 4, 4));
    // Half of the mass from 1 to 3, evenly; a quarter on each side.
    bins.judge(new float[] {0.25f, 0.25f, 0.25f, 0.25f}, 0, 2, judgement);
    return judgement;
  }

  private static Result result(Event event) {
    var result = new Result();
    result.begin(event, false, 3, FIELD);
    return result;
  }

  /** A value that came where 18 was expected, from 14 to 22. */
  private static void valued(Result result, double value, double score, Decision decision) {
    foretold(result).value(value, judgement(), 10, 4);
    sumUp(result);
    result.scored(score, decision, false);
  }

  private String write(Result result) {
    return new String(json.write(result), UTF_8);
  }

  @Test
  void aValueIsWrittenWithWhatWasExpected() {
    Result result = result(TestEvents.event("SEA/departures", START + 250, 17.25));
    foretold(result).value(17.25, judgement(), 10, 4);
    sumUp(result);
    result.scored(0.25, Decision.SILENCE, true);
    assertThat(write(result))
        .isEqualTo(
            "{\"key\":\"SEA/departures\",\"time\":\"2026-11-23T00:00:00.250Z\",\"value\":17.25,"
                + "\"expected\":18.0,\"low\":14.0,\"high\":22.0,\"surprise\":1.3862944,"
                + "\"score\":0.25,\"alert\":false,\"warmingUp\":true,\"modelVersion\":3}");
  }

  @Test
  void anAlertSaysWhyAndALateEventSaysSo() {
    var result = new Result();
    result.begin(TestEvents.event("a", 0, 1e6), true, 12, FIELD);
    valued(result, 1e6, 0.96875, Decision.ALERT);
    result.explanation().severity(Severity.MAJOR);
    result.explanation().began(-60_000, 2);
    foretold(result).nearestNormal(22);
    assertThat(write(result))
        .isEqualTo(
            "{\"key\":\"a\",\"time\":\"1970-01-01T00:00:00Z\",\"value\":1000000.0,"
                + "\"expected\":18.0,\"low\":14.0,\"high\":22.0,\"surprise\":1.3862944,"
                + "\"score\":0.96875,\"alert\":true,\"warmingUp\":false,\"late\":true,"
                + "\"modelVersion\":12,\"severity\":\"major\","
                + "\"began\":\"1969-12-31T23:59:00Z\",\"beganEventsAgo\":2,"
                + "\"nearestNormal\":22.0,"
                + NO_GATES
                + "\"why\":\"1.3862944 nats of surprise, beyond this key's"
                + " record: a value from 14.0 to 22.0 was expected, 1000000.0 came\"}");
  }

  @Test
  void anAlertWithinTheIntervalDoesNotPutItOnTheValue() {
    Result result = result(TestEvents.event("a", 0, 20));
    valued(result, 20, 0.96875, Decision.ALERT);
    assertThat(write(result))
        .endsWith(
            " a value from 14.0 to 22.0 was expected, 20.0 came, which is usual by itself; together"
                + " with the last events, for the key's range or for the time of day it is not\"}");
  }

  @Test
  void whatTheShadowMakesOfItStandsAfterTheVersion() {
    Result shadow = result(TestEvents.event("a", 0, 20));
    valued(shadow, 20, 0.75, Decision.ALERT);
    var result = new Result();
    result.begin(TestEvents.event("a", 0, 20), false, 2, FIELD);
    valued(result, 20, 0.25, Decision.SILENCE);
    result.shadow(shadow);
    assertThat(write(result))
        .endsWith(
            ",\"modelVersion\":2,\"shadow\":{\"version\":3,\"surprise\":1.3862944,"
                + "\"score\":0.75,\"alert\":true}}");
  }

  @Test
  void aSuppressedAlertSaysWhatItWouldHaveSaidAndWhyNobodyIsTold() {
    Result result = result(TestEvents.event("a", 0, 1e6));
    valued(result, 1e6, 0.96875, new Decision(false, Optional.of("\"move\" (daily)")));
    assertThat(write(result))
        .endsWith(
            "\"alert\":false,\"warmingUp\":false,\"modelVersion\":3,"
                + "\"suppressed\":\"\\\"move\\\" (daily)\","
                + MINOR
                + NO_GATES
                + "\"why\":\"1.3862944 nats of surprise,"
                + " beyond this key's record: a value from 14.0 to 22.0 was expected, 1000000.0"
                + " came\"}");
  }

  @Test
  void aWordIsWrittenWithTheLikeliestOne() {
    WordHead head = (WordHead) TestModels.random(1, Kind.WORDS, 2).head();
    var judgement = new Judgement(0.9);
    head.judge(new float[] {0.25f, 0.625f, 0.125f}, 0, 0, judgement);
    Result result = result(TestEvents.event("a", START, 1));
    foretold(result).word("né\"w", head, judgement);
    sumUp(result);
    result.scored(0.875, Decision.ALERT, false);
    assertThat(write(result))
        .isEqualTo(
            "{\"key\":\"a\",\"time\":\"2026-11-23T00:00:00Z\",\"value\":\"né\\\"w\","
                + "\"expected\":\"ok\",\"probability\":0.625,\"surprise\":1.3862944,"
                + "\"score\":0.875,\"alert\":true,\"warmingUp\":false,\"modelVersion\":3,"
                + MINOR
                + NO_GATES
                + "\"why\":\"1.3862944 nats of surprise, beyond this key's record: 'ok' was"
                + " expected with probability 0.625, 'né\\\"w' came\"}");
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    Result result = result(TestEvents.decode("a", START, "{\"w\":\"ok\"}"));
    foretold(result).value(Double.NaN, judgement(), Double.NaN, 1e-9);
    sumUp(result);
    result.scored(0, Decision.SILENCE, true);
    assertThat(write(result))
        .isEqualTo(
            "{\"key\":\"a\",\"time\":\"2026-11-23T00:00:00Z\",\"surprise\":1.3862944,"
                + "\"score\":0.0,\"alert\":false,\"warmingUp\":true,\"modelVersion\":3}");
  }

  @Test
  void theFirstEventOfAKeyWithoutItsValueIsWritten() {
    var run = new Runs(new Settings.OnSwap.Keep(), Runs.of(TestModels.random(1, Kind.BINS, 20)));
    String text = run.text(run.one(TestEvents.decode("a", START, "{\"w\":\"ok\"}")));
    assertThat(text).doesNotContain("NaN", "expected", "value");
  }

  @Test
  void nothingOfTheResultBeforeStays() {
    var result = new Result();
    result.begin(TestEvents.event("a", START, 1), true, 1, FIELD);
    WordHead head = (WordHead) TestModels.random(1, Kind.WORDS, 2).head();
    foretold(result).word("ok", head, new Judgement(0.9));
    sumUp(result);
    result.scored(0.9, Decision.ALERT, false);
    result.begin(TestEvents.event("b", START, 1), false, 2, FIELD);
    assertThat(result.isScored()).isFalse();
    assertThat(result.isAlert()).isFalse();
    foretold(result).value(1, judgement(), 0, 1);
    sumUp(result);
    result.scored(0.1, Decision.SILENCE, false);
    assertThat(write(result))
        .startsWith("{\"key\":\"b\"")
        .contains("\"value\":1.0,\"expected\":2.0")
        .doesNotContain("late", "why", "probability");
  }

  @Test
  void numbersComeBackAsTheyWere() throws IOException {
    var random = new Random(1);
    var mapper = new ObjectMapper();
    for (int i = 0; i < 2_000; i++) {
      double value = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-30, 31));
      double mean = random.nextGaussian() * Math.pow(10, random.nextInt(-20, 20));
      Result result = result(TestEvents.event("a", START, value));
      foretold(result).value(value, judgement(), mean, 0.5);
      sumUp(result);
      result.scored(random.nextDouble(), Decision.SILENCE, false);
      JsonNode node = mapper.readTree(json.write(result));
      assertThat(node.get("value").doubleValue()).isEqualTo(value);
      assertThat(node.get("expected").floatValue()).isEqualTo((float) (mean + 1));
      assertThat(node.get("score").floatValue()).isEqualTo((float) result.score());
      assertThat(node.get("time").textValue()).isEqualTo("2026-11-23T00:00:00Z");
    }
  }

  @Test
  void anyKeyAndAnyTimeGiveValidJson() throws IOException {
    var random = new Random(1);
    var mapper = new ObjectMapper();
    for (int i = 0; i < 2_000; i++) {
      byte[] key = new byte[1 + random.nextInt(20)];
      random.nextBytes(key);
      Event event = TestEvents.event("a", random.nextLong(-(1L << 52), 1L << 52), 1);
      event.key(key);
      Result result = result(event);
      foretold(result).value(1, judgement(), 0, 1);
      sumUp(result);
      result.scored(0.5, Decision.SILENCE, false);
      // What is no UTF-8 is replaced; a key that is text stays itself.
      assertThat(mapper.readTree(json.write(result)).get("key").textValue())
          .isEqualTo(new String(key, UTF_8));
    }
  }
}
