package dev.sluice.river;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.cell.GateActivity.Gates;
import org.jspecify.annotations.Nullable;

/**
 * Results as JSON: the same result always gives the same bytes.
 *
 * <pre>{@code
 * {"key":"SEA/departures","time":"2001-02-28T20:00:00Z","value":0.0,"expected":17.2,"low":9.1,
 *  "high":26.4,"surprise":7.61,"score":0.991,"alert":true,"warmingUp":false,"modelVersion":2,
 *  "severity":"major","began":"2001-02-28T19:00:00Z","beganEventsAgo":1,"nearestNormal":9.1,
 *  "gates":{"input":0.31,"forget":0.62,"output":0.44,
 *   "expected":{"input":0.22,"forget":0.87,"output":0.41}},"why":"..."}
 * }</pre>
 *
 * <p>Predictions and scores are written with the digits of a float, the value with all its digits.
 * {@code late} appears only where it is true, what stands from {@code severity} on only in alerts,
 * and with {@code suppressed}, which says why nobody is told, in those that a rule suppressed,
 * {@code value} only where there was one, {@code expected}, {@code low} and {@code high} only where
 * the key has seen a value to measure by. Where a word is predicted, {@code probability} replaces
 * {@code low} and {@code high}. Where a text was cut into tokens, {@code tokens} says how many
 * there were, {@code surprise} is their mean, and {@code strangest} has up to three of them, {@code
 * [{"at":4,"token":"rm","expected":"ls","probability":0.7,"surprise":9.1}]}, in place of value and
 * gates. Where several fields are predicted, {@code field} says which of them {@code value} and the
 * others are of, and {@code fields} has all of them, in alerts with each one's {@code share} of the
 * surprise.
 *
 * <p>While a version steps a memory of its own beside the one that judges, {@code
 * "shadow":{"version":3,"surprise":0.8,"score":0.1,"alert":false}} says what it makes of the event.
 *
 * <p>Not thread-safe. Allocates nothing but the bytes it returns, and the words of an alert.
 */
public final class ResultJson {

  private static final byte[] KEY = ascii("{\"key\":\"");
  private static final byte[] TIME = ascii("\",\"time\":\"");

  private static final byte[] VALUE = ascii(",\"value\":");
  private static final byte[] EXPECTED = ascii(",\"expected\":");
  private static final byte[] LOW = ascii(",\"low\":");
  private static final byte[] HIGH = ascii(",\"high\":");
  private static final byte[] PROBABILITY = ascii(",\"probability\":");
  private static final byte[] SURPRISE = ascii(",\"surprise\":");
  private static final byte[] SCORE = ascii(",\"score\":");
  private static final byte[] ALERT = ascii(",\"alert\":true");
  private static final byte[] NO_ALERT = ascii(",\"alert\":false");
  private static final byte[] WARMING_UP = ascii(",\"warmingUp\":true");
  private static final byte[] WARM = ascii(",\"warmingUp\":false");
  private static final byte[] LATE = ascii(",\"late\":true");
  private static final byte[] MODEL_VERSION = ascii(",\"modelVersion\":");
  private static final byte[] SHADOW = ascii(",\"shadow\":{\"version\":");
  private static final byte[] WHY = ascii(",\"why\":\"");
  private static final byte[] SUPPRESSED = ascii(",\"suppressed\":\"");
  private static final byte[] FIELD = ascii(",\"field\":\"");
  private static final byte[] FIELDS = ascii(",\"fields\":{");
  private static final byte[] OF_FIELD = ascii("\":{\"surprise\":");
  private static final byte[] NEXT = ascii(",\"");
  private static final byte[] SHARE = ascii(",\"share\":");
  private static final byte[] TOKENS = ascii(",\"tokens\":");
  private static final byte[] STRANGEST = ascii(",\"strangest\":[{\"at\":");
  private static final byte[] NEXT_AT = ascii("},{\"at\":");
  private static final byte[] TOKEN = ascii(",\"token\":\"");
  private static final byte[] EXPECTED_WORD = ascii(",\"expected\":\"");
  private static final byte[] END_OF_LIST = ascii("}]");
  private static final byte[] SEVERITY = ascii(",\"severity\":\"");
  private static final byte[] BEGAN = ascii(",\"began\":\"");
  private static final byte[] BEGAN_AGO = ascii("\",\"beganEventsAgo\":");
  private static final byte[] NEAREST = ascii(",\"nearestNormal\":");
  private static final byte[] GATES = ascii(",\"gates\":{");
  private static final byte[] EXPECTED_GATES = ascii(",\"expected\":{");
  private static final byte[] INPUT = ascii("\"input\":");
  private static final byte[] FORGET = ascii(",\"forget\":");
  private static final byte[] OUTPUT = ascii(",\"output\":");
  private static final byte[] QUOTE = ascii("\"");
  private static final byte[] END = ascii("}");

  /** What set the record was another view of the value, or the events before with it. */
  private static final String INSIDE =
      ", which is usual by itself; together with the last events, for the key's range or for the"
          + " time of day it is not";

  private final JsonBytes to = new JsonBytes();

  private static byte[] ascii(String text) {
    return text.getBytes(UTF_8);
  }

  /** Returns {@code result} as bytes. */
  public byte[] write(Result result) {
    to.clear();
    to.raw(KEY);
    to.utf8(result.key());
    to.raw(TIME);
    to.time(result.timeMillis());
    to.raw(QUOTE);
    foretold(result);
    number(SURPRISE, result.surprise());
    number(SCORE, result.score());
    to.raw(result.isAlert() ? ALERT : NO_ALERT);
    to.raw(result.isWarmingUp() ? WARMING_UP : WARM);
    if (result.isLate()) {
      to.raw(LATE);
    }
    to.raw(MODEL_VERSION);
    to.number(result.modelVersion());
    if (result.shadowVersion() != 0) {
      shadow(result);
    }
    if (result.fields().size() > 1) {
      fields(result);
    }
    if (result.suppressed().isPresent()) {
      quoted(SUPPRESSED, result.suppressed().get());
    }
    if (result.isConcern()) {
      explanation(result);
      quoted(WHY, why(result));
    }
    to.raw(END);
    return to.toArray();
  }

  private void foretold(Result result) {
    if (result.tally().steps() > 0) {
      steps(result.tally());
      return;
    }
    if (result.fields().size() > 1) {
      quoted(FIELD, result.field());
    }
    said(result.leading());
  }

  private void steps(Tally tally) {
    to.raw(TOKENS);
    to.number(tally.steps());
    for (int i = 0; i < tally.kept(); i++) {
      Tally.Step step = tally.strangest(i);
      to.raw(i == 0 ? STRANGEST : NEXT_AT);
      to.number(step.at());
      quoted(TOKEN, step.word());
      quoted(EXPECTED_WORD, step.expected());
      number(PROBABILITY, step.probability());
      number(SURPRISE, step.surprise());
    }
    to.raw(END_OF_LIST);
  }

  private void shadow(Result result) {
    to.raw(SHADOW);
    to.number(result.shadowVersion());
    number(SURPRISE, result.shadowSurprise());
    number(SCORE, result.shadowScore());
    to.raw(result.isShadowAlert() ? ALERT : NO_ALERT);
    to.raw(END);
  }

  private void said(Foretold field) {
    String expectedWord = field.expectedWord();
    if (expectedWord == null) {
      value(field);
    } else {
      word(field, expectedWord);
    }
  }

  private void value(Foretold field) {
    if (!Double.isNaN(field.value())) {
      to.raw(VALUE);
      to.number(field.value());
    }
    number(EXPECTED, field.expected());
    number(LOW, field.low());
    number(HIGH, field.high());
  }

  /** All fields, each an object. */
  private void fields(Result result) {
    to.raw(FIELDS);
    for (int f = 0; f < result.fields().size(); f++) {
      Foretold field = result.fields().get(f);
      to.raw(f == 0 ? QUOTE : NEXT);
      to.text(field.name());
      to.raw(OF_FIELD);
      to.number((float) field.surprise());
      said(field);
      if (result.isConcern()) {
        number(SHARE, field.share());
      }
      to.raw(END);
    }
    to.raw(END);
  }

  private void explanation(Result result) {
    Explanation explanation = result.explanation();
    quoted(SEVERITY, explanation.severity().text());
    to.raw(BEGAN);
    to.time(explanation.beganMillis());
    to.raw(BEGAN_AGO);
    to.number((int) explanation.beganEventsAgo());
    number(NEAREST, result.leading().nearestNormal());
    if (result.tally().steps() > 0) {
      return; // Gates are of one step.
    }
    to.raw(GATES);
    gates(explanation.gates());
    to.raw(EXPECTED_GATES);
    gates(explanation.expectedGates());
    to.raw(END);
    to.raw(END);
  }

  private void gates(Gates gates) {
    to.raw(INPUT);
    to.number((float) gates.input());
    number(FORGET, gates.forget());
    number(OUTPUT, gates.output());
  }

  private void word(Foretold field, String expected) {
    @Nullable String seen = field.word();
    if (seen != null) {
      to.raw(VALUE);
      quoted(QUOTE, seen);
    }
    to.raw(EXPECTED);
    quoted(QUOTE, expected);
    number(PROBABILITY, field.probability());
  }

  private void quoted(byte[] before, String text) {
    to.raw(before);
    to.text(text);
    to.raw(QUOTE);
  }

  private void number(byte[] name, double value) {
    // Of a key whose value never came there is no scale, hence no expectation.
    if (Float.isFinite((float) value)) {
      to.raw(name);
      to.number((float) value);
    }
  }

  private static boolean isWithin(Result result) {
    return result.low() <= result.value() && result.value() <= result.high();
  }

  private static String why(Result result) {
    boolean ofSteps = result.tally().steps() > 0;
    String surprise =
        (float) result.surprise()
            + " nats of surprise"
            + (ofSteps ? " a token" : "")
            + ", beyond this key's record: ";
    if (result.fields().size() > 1) {
      surprise += "in " + result.field() + " ";
    }
    String expectedWord = result.expectedWord();
    if (expectedWord != null) {
      return surprise
          + "'"
          + expectedWord
          + "' was expected with probability "
          + (float) result.probability()
          + ", '"
          + result.word()
          + "' came"
          + (ofSteps ? " as token " + result.tally().strangest(0).at() : "");
    }
    return surprise
        + "a value from "
        + (float) result.low()
        + " to "
        + (float) result.high()
        + " was expected, "
        + result.value()
        + " came"
        + (isWithin(result) ? INSIDE : "");
  }
}
