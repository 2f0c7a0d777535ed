package dev.sluice.config;

/**
 * The {@code input} section: which events are read, and where they carry key and time.
 *
 * @param topic the Kafka topic
 * @param format how a value is written
 * @param key {@code record} for the record's key as UTF-8, else the name of a field; events are
 *     then re-keyed through an internal topic
 * @param time {@code record} for the record's timestamp, else the name of a field that holds an
 *     ISO-8601 string or a number since 1970
 * @param timeUnit unit of such a number
 * @param maxBytes longest value in bytes, 1 to 104,857,600; a longer one is a dead letter
 */
public record Input(
    String topic, Format format, String key, String time, TimeUnit timeUnit, int maxBytes) {

  private static final int LARGEST = 104_857_600;

  /** How a value is written. */
  public enum Format {
    /** One JSON object a record. */
    JSON,
    /** Comma-separated lines with a header; files only. */
    CSV
  }

  /** What a number in the time field counts. */
  public enum TimeUnit {
    /** Milliseconds since 1970-01-01T00:00Z. */
    MILLISECONDS,
    /** Seconds since 1970-01-01T00:00Z. */
    SECONDS
  }

  /**
   * Checks the section.
   *
   * @throws TopologyException naming every field at fault
   */
  public Input {
    new Check("input")
        .topic("topic", topic)
        .field("key", key)
        .field("time", time)
        .require(
            timeUnit == TimeUnit.MILLISECONDS || !time.equals(Defaults.RECORD),
            "timeUnit",
            "seconds",
            "means nothing while time is record",
            "Remove it, or write time: and the name of a field")
        .whole("maxBytes", maxBytes, 1, LARGEST)
        .done();
  }

  /** JSON from {@code topic}, keyed and timed by the records themselves. */
  public static Input of(String topic) {
    return new Input(
        topic,
        Format.JSON,
        Defaults.RECORD,
        Defaults.RECORD,
        TimeUnit.MILLISECONDS,
        Defaults.MAX_BYTES);
  }

  /** Whether the record's own key is the key; if not, {@link #key} names a field. */
  public boolean keyIsRecordKey() {
    return key.equals(Defaults.RECORD);
  }

  /** Whether the record's own timestamp is the time; if not, {@link #time} names a field. */
  public boolean timeIsRecordTime() {
    return time.equals(Defaults.RECORD);
  }
}
