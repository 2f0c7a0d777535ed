package dev.sluice.river;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.sluice.cell.GateActivity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Results as JSON by Jackson's generator: what {@link ResultJson} must write, byte for byte. */
public final class JacksonResult {

  private final JsonFactory json = new JsonFactory();
  private final ByteArrayBuilder bytes = new ByteArrayBuilder(512);

  /** Returns {@code result} as bytes. */
  public byte[] write(Result result) {
    bytes.reset();
    try (JsonGenerator to = json.createGenerator(bytes)) {
      to.writeStartObject();
      to.writeStringField("key", new String(result.key(), StandardCharsets.UTF_8));
      to.writeStringField("time", Instant.ofEpochMilli(result.timeMillis()).toString());
      String expectedWord = result.expectedWord();
      if (expectedWord == null) {
        value(to, result);
      } else {
        word(to, result, expectedWord);
      }
      number(to, "surprise", result.surprise());
      number(to, "score", result.score());
      to.writeBooleanField("alert", result.isAlert());
      to.writeBooleanField("warmingUp", result.isWarmingUp());
      if (result.isLate()) {
        to.writeBooleanField("late", true);
      }
      to.writeNumberField("modelVersion", result.modelVersion());
      if (result.shadowVersion() > 0) {
        to.writeObjectFieldStart("shadow");
        to.writeNumberField("version", result.shadowVersion());
        number(to, "surprise", result.shadowSurprise());
        number(to, "score", result.shadowScore());
        to.writeBooleanField("alert", result.isShadowAlert());
        to.writeEndObject();
      }
      if (result.suppressed().isPresent()) {
        to.writeStringField("suppressed", result.suppressed().get());
      }
      if (result.isAlert() || result.suppressed().isPresent()) {
        explanation(to, result);
        to.writeStringField("why", why(result));
      }
      to.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void value(JsonGenerator to, Result result) throws IOException {
    if (!Double.isNaN(result.value())) {
      to.writeNumberField("value", result.value());
    }
    number(to, "expected", result.expected());
    number(to, "low", result.low());
    number(to, "high", result.high());
  }

  private static void word(JsonGenerator to, Result result, String expected) throws IOException {
    @Nullable String seen = result.word();
    if (seen != null) {
      to.writeStringField("value", seen);
    }
    to.writeStringField("expected", expected);
    number(to, "probability", result.probability());
  }

  private static void number(JsonGenerator to, String name, double value) throws IOException {
    // Of a key whose value never came there is no scale, hence no expectation.
    if (Float.isFinite((float) value)) {
      to.writeNumberField(name, (float) value);
    }
  }

  private static void explanation(JsonGenerator to, Result result) throws IOException {
    Explanation explanation = result.explanation();
    to.writeStringField("severity", explanation.severity().name().toLowerCase(Locale.ROOT));
    to.writeStringField("began", Instant.ofEpochMilli(explanation.beganMillis()).toString());
    to.writeNumberField("beganEventsAgo", explanation.beganEventsAgo());
    float nearest = (float) result.fields().getFirst().nearestNormal();
    if (Float.isFinite(nearest)) {
      to.writeNumberField("nearestNormal", nearest);
    }
    to.writeObjectFieldStart("gates");
    gates(to, explanation.gates());
    to.writeObjectFieldStart("expected");
    gates(to, explanation.expectedGates());
    to.writeEndObject();
    to.writeEndObject();
  }

  private static void gates(JsonGenerator to, GateActivity.Gates gates) throws IOException {
    to.writeNumberField("input", (float) gates.input());
    to.writeNumberField("forget", (float) gates.forget());
    to.writeNumberField("output", (float) gates.output());
  }

  private static String why(Result result) {
    String surprise = (float) result.surprise() + " nats of surprise, beyond this key's record: ";
    String expectedWord = result.expectedWord();
    if (expectedWord != null) {
      return surprise
          + "'"
          + expectedWord
          + "' was expected with probability "
          + (float) result.probability()
          + ", '"
          + result.word()
          + "' came";
    }
    return surprise
        + "a value from "
        + (float) result.low()
        + " to "
        + (float) result.high()
        + " was expected, "
        + result.value()
        + " came"
        + (result.value() >= result.low() && result.value() <= result.high()
            ? ", which is usual by itself; together with the last events, for the key's range or"
                + " for the time of day it is not"
            : "");
  }
}
