package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.event.Event;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.event.Rejection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The measurements that the demo replays, in the order of their times.
 *
 * @param readings at least one
 */
record DemoSeries(List<Reading> readings) {

  /** What is shipped: hourly departures and delays at 25 airports; see SOURCE.md beside it. */
  private static final String SHIPPED = "/dev/sluice/demo/us-departures-2001.csv.gz";

  /**
   * One measurement.
   *
   * @param key who
   * @param timeMillis when, in milliseconds since 1970-01-01T00:00Z
   * @param value what
   */
  record Reading(String key, long timeMillis, double value) {

    /** Returns the value of a Kafka record. */
    byte[] json() {
      String at = java.time.Instant.ofEpochMilli(timeMillis).toString();
      return ("{\"at\":\"" + at + "\",\"value\":" + value + "}").getBytes(UTF_8);
    }

    /** Returns the same reading with another value. */
    Reading withValue(double other) {
      return new Reading(key, timeMillis, other);
    }

    /** Returns the same reading at a later time. */
    Reading later(long millis) {
      return new Reading(key, timeMillis + millis, value);
    }
  }

  /** Reads the measurements that are shipped. */
  static DemoSeries shipped() throws IOException {
    Path copy = Files.createTempFile("sluice-demo", ".csv.gz");
    try (InputStream in = DemoSeries.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new Complaint(
            "This build of Sluice has no demo data. Give some with --input FILE.csv");
      }
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      return read(copy, "key", "at", "value");
    } finally {
      Files.delete(copy);
    }
  }

  /**
   * Reads measurements from a file.
   *
   * @param path CSV with a header, or JSON lines
   * @param key name of the field of the key
   * @param time name of the field of the time
   * @param value name of the field of the value
   */
  static DemoSeries read(Path path, String key, String time, String value) throws IOException {
    EventSchema schema =
        new EventSchema(
            List.of(new Field(value, false)),
            List.of(),
            key,
            new TimeSource.OfField(time, 1),
            1 << 20);
    List<Reading> readings = new ArrayList<>();
    Event event = schema.newEvent();
    try (EventFile file = EventFile.open(path, schema)) {
      while (next(file, event, path)) {
        readings.add(
            new Reading(new String(event.key(), UTF_8), event.timeMillis(), event.number(0)));
      }
    }
    if (readings.isEmpty()) {
      throw new Complaint(path + ": there is nothing in it");
    }
    readings.sort(Comparator.comparingLong(Reading::timeMillis));
    return new DemoSeries(readings);
  }

  private static boolean next(EventFile file, Event event, Path path) throws IOException {
    try {
      return file.next(event);
    } catch (Rejection e) {
      throw new Complaint(path + ":" + file.line() + ": " + e.getMessage());
    }
  }

  /** Returns the first time at which at least this share of all readings has been made. */
  long timeAt(double share) {
    int index = (int) Math.min(readings.size() - 1, Math.round(share * readings.size()));
    return readings.get(index).timeMillis();
  }

  /** Returns the readings from {@code fromMillis} on and before {@code toMillis}. */
  List<Reading> between(long fromMillis, long toMillis) {
    return readings.stream()
        .filter(r -> r.timeMillis() >= fromMillis && r.timeMillis() < toMillis)
        .toList();
  }
}
