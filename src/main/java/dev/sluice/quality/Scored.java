package dev.sluice.quality;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.event.Hash;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * One result, as far as it tells of its model.
 *
 * @param key the key's {@link Hash}
 * @param timeMillis of the event, epoch milliseconds
 * @param version of the model that made it, from 1
 * @param surprise in nats; NaN where nothing came to be surprised by
 * @param alert whether it is one
 * @param warmingUp whether its key's history is too short to judge by
 */
public record Scored(
    long key, long timeMillis, int version, double surprise, boolean alert, boolean warmingUp) {

  private static final JsonFactory JSON = new JsonFactory();

  /** Returns whether its surprise says something about the model. */
  public boolean isJudged() {
    return !warmingUp && !Double.isNaN(surprise);
  }

  /**
   * Reads a result of the scores topic; fields it does not know are passed over.
   *
   * @param key of the record
   * @param value of the record
   * @return empty where it is none, or of a later kind
   */
  static Optional<Scored> parse(byte[] key, byte[] value) {
    try (JsonParser json = JSON.createParser(value)) {
      return json.nextToken() == JsonToken.START_OBJECT
          ? new Fields().read(json, Hash.of(key))
          : Optional.empty();
    } catch (IOException | DateTimeException _) {
      return Optional.empty();
    }
  }

  /** The fields of one result while they are read. */
  private static final class Fields {
    private long timeMillis;
    private int version;
    private double surprise = Double.NaN;
    private boolean alert;
    private boolean warmingUp;
    private boolean hasValue;
    private boolean isOfWord;

    Optional<Scored> read(JsonParser json, long key) throws IOException {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        take(name, json);
        json.skipChildren();
      }
      if (version < 1) {
        return Optional.empty();
      }
      // A value that is missing was not judged; a word that is missing was, as an unknown one.
      double judged = hasValue || isOfWord ? surprise : Double.NaN;
      return Optional.of(new Scored(key, timeMillis, version, judged, alert, warmingUp));
    }

    private void take(String name, JsonParser json) throws IOException {
      switch (name) {
        case "time" -> timeMillis = Instant.parse(json.getText()).toEpochMilli();
        case "modelVersion" -> version = json.getIntValue();
        case "surprise" -> surprise = json.getDoubleValue();
        case "alert" -> alert = json.getBooleanValue();
        case "warmingUp" -> warmingUp = json.getBooleanValue();
        case "value" -> hasValue = true;
        case "probability" -> isOfWord = true;
        default -> {}
      }
    }
  }
}
