package dev.sluice.backtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.backtest.Labels.Label;
import dev.sluice.backtest.Labels.Span;
import dev.sluice.event.Event;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.IsoTime;
import dev.sluice.event.Rejection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Labels out of a file, in one of three forms:
 *
 * <pre>{@code
 * .csv            key,start,end                     a header; further columns are passed over
 *                 boiler-7,2026-11-23T14:05:00Z,2026-11-23T16:00:00Z
 *
 * .json, .jsonl   [{"key": "boiler-7", "start": "2026-11-23T14:05:00Z", "end": ...}, ...]
 *                 or such objects one after the other; further fields are passed over
 *
 * .json           {"boiler-7": [["2026-11-23 14:05:00", "2026-11-23 16:00:00"], ...], ...}
 *                 as NAB labels its windows
 * }</pre>
 *
 * <p>Times are read as those of events are: ISO 8601, UTC where no zone is given, or milliseconds
 * since 1970. Both ends belong to the anomaly.
 */
public final class LabelFile {

  private static final String KEY = "key";
  private static final String START = "start";
  private static final String END = "end";
  private static final List<String> FIELDS = List.of(KEY, START, END);
  private static final int MAX_LINE_BYTES = 1 << 16;

  // So many digits fit a long.
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

  private final Path path;
  private final List<Label> labels = new ArrayList<>();

  private LabelFile(Path path) {
    this.path = path;
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, or a label is wrong, saying where and why
   */
  public static Labels read(Path path) throws IOException {
    LabelFile file = new LabelFile(path);
    String name = path.toString().toLowerCase(Locale.ROOT);
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw new IOException(path + ": there is no such file, or it may not be read");
    }
    if (name.endsWith(".csv") || name.endsWith(".csv.gz")) {
      file.readCsv();
    } else if (name.endsWith(".json") || name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      file.readJson();
    } else {
      throw new IOException(
          path + ": the ending says neither CSV nor JSON. Name it .csv, .json or .jsonl");
    }
    return new Labels(file.labels);
  }

  /** A label is an event with the time of its beginning, and a word that says when it ended. */
  private void readCsv() throws IOException {
    var schema =
        new EventSchema(
            List.of(),
            List.of(new EventSchema.Field(END, false)),
            KEY,
            new EventSchema.TimeSource.OfField(START, 1),
            MAX_LINE_BYTES);
    Event event = schema.newEvent();
    try (EventFile file = EventFile.open(path, schema)) {
      while (next(file, event)) {
        int line = (int) file.line();
        String key = new String(event.key(), UTF_8);
        add(line, key, event.timeMillis(), time(line, END, String.valueOf(event.word(0))));
      }
    }
  }

  private boolean next(EventFile file, Event event) throws IOException {
    try {
      return file.next(event);
    } catch (Rejection e) {
      throw wrong((int) file.line(), e.getMessage());
    }
  }

  private void readJson() throws IOException {
    try (JsonParser json = new JsonFactory().createParser(path.toFile())) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          readObject(json);
        } else if (token != JsonToken.START_ARRAY && token != JsonToken.END_ARRAY) {
          throw wrong(line(json), "found '" + json.getText() + "' where a label begins");
        }
      }
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new IOException(
          path + ":" + (at == null ? 1 : at.getLineNr()) + ": no JSON: " + e.getOriginalMessage(),
          e);
    }
  }

  /** Reads one label, or NAB's map from keys to windows, whose values are arrays. */
  private void readObject(JsonParser json) throws IOException {
    int line = line(json);
    Map<String, String> fields = new HashMap<>();
    boolean map = false;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (value == JsonToken.START_ARRAY && fields.isEmpty()) {
        map = true;
        readWindows(json, name);
      } else if (value.isScalarValue() && FIELDS.contains(name)) {
        fields.put(name, json.getText());
      } else {
        json.skipChildren();
      }
    }
    if (map && fields.isEmpty()) {
      return;
    }
    for (String name : FIELDS) {
      if (!fields.containsKey(name)) {
        throw wrong(line, "the label has no " + name + ". Give it key, start and end");
      }
    }
    String key = fields.getOrDefault(KEY, "");
    long start = time(line, START, fields.getOrDefault(START, ""));
    add(line, key, start, time(line, END, fields.getOrDefault(END, "")));
  }

  /** Reads the windows of one key; the array has begun. */
  private void readWindows(JsonParser json, String key) throws IOException {
    while (json.nextToken() != JsonToken.END_ARRAY) {
      int line = line(json);
      boolean isPair =
          json.currentToken() == JsonToken.START_ARRAY && json.nextToken().isScalarValue();
      String start = isPair ? json.getText() : "";
      isPair = isPair && json.nextToken().isScalarValue();
      String end = isPair ? json.getText() : "";
      if (!isPair || json.nextToken() != JsonToken.END_ARRAY) {
        throw wrong(line, "a window of " + key + " is no pair of times, as in [start, end]");
      }
      add(line, key, time(line, START, start), time(line, END, end));
    }
  }

  private void add(int line, String key, long startMillis, long endMillis) throws IOException {
    if (key.isEmpty()) {
      throw wrong(line, "the key is empty");
    }
    if (endMillis < startMillis) {
      throw wrong(
          line,
          "the anomaly ends at "
              + Instant.ofEpochMilli(endMillis)
              + ", before it starts at "
              + Instant.ofEpochMilli(startMillis));
    }
    labels.add(new Label(key, new Span(startMillis, endMillis)));
  }

  private long time(int line, String name, String text) throws IOException {
    long millis = IsoTime.parse(text);
    if (millis != IsoTime.INVALID) {
      return millis;
    }
    if (WHOLE.matcher(text).matches()) {
      return Long.parseLong(text);
    }
    throw wrong(
        line,
        name
            + " '"
            + text
            + "' is no time. Write it like 2026-11-23T14:00:00Z, or in milliseconds");
  }

  private static int line(JsonParser json) {
    return json.currentTokenLocation().getLineNr();
  }

  private IOException wrong(int line, String what) {
    return new IOException(path + ":" + line + ": " + what);
  }
}
