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
 * @param shadow what the version that is to take over made of the same event
 */
public record Scored(
    long key,
    long timeMillis,
    int version,
    double surprise,
    boolean alert,
    boolean warmingUp,
    Optional<Shadow> shadow) {

  private static final JsonFactory JSON = new JsonFactory();

  /** Creates a result that no shadow was beside. */
  public Scored(
      long key, long timeMillis, int version, double surprise, boolean alert, boolean warmingUp) {
    this(key, timeMillis, version, surprise, alert, warmingUp, Optional.empty());
  }

  /**
   * What a version made of an event that another one judged.
   *
   * @param version from 1
   * @param surprise in nats
   * @param alert whether it would have told somebody
   */
  public record Shadow(int version, double surprise, boolean alert) {}

  /** Returns this result as if {@code by} had judged. */
  Scored asOf(Shadow by) {
    double nats = Double.isNaN(surprise) ? surprise : by.surprise;
    return new Scored(key, timeMillis, by.version, nats, by.alert, warmingUp);
  }

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
    private Optional<Shadow> shadow = Optional.empty();

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
      return Optional.of(new Scored(key, timeMillis, version, judged, alert, warmingUp, shadow));
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
        case "shadow" -> shadow = shadow(json);
        default -> {}
      }
    }

    private static Optional<Shadow> shadow(JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      int version = 0;
      double surprise = Double.NaN;
      boolean alert = false;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "version" -> version = json.getIntValue();
          case "surprise" -> surprise = json.getDoubleValue();
          case "alert" -> alert = json.getBooleanValue();
          default -> {}
        }
        json.skipChildren();
      }
      boolean isOne = version >= 1 && !Double.isNaN(surprise);
      return isOne ? Optional.of(new Shadow(version, surprise, alert)) : Optional.empty();
    }
  }
}
