package dev.sluice.event;

import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.event.Rejection.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Events in a file: one JSON object a line ({@code .jsonl}, {@code .ndjson}, {@code .json}), or CSV
 * with a header ({@code .csv}); either may be compressed ({@code .gz}). Decoded by the decoders of
 * the stream, so that a file and a topic of the same values give the same events.
 */
public final class EventFile implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;
  private static final List<String> JSON_ENDINGS = List.of(".jsonl", ".ndjson", ".json");

  private final Path path;
  private final LineReader lines;
  private final int maxBytes;
  private final @Nullable JsonDecoder json;
  private @Nullable CsvDecoder csv;

  private EventFile(Path path, InputStream in, EventSchema schema, boolean isCsv) {
    this.path = path;
    this.maxBytes = schema.maxBytes();
    this.lines = new LineReader(in, maxBytes);
    this.json = isCsv ? null : new JsonDecoder(schema);
  }

  /**
   * Opens a file.
   *
   * @param schema what events look like; key and time must be fields, since a file has no records
   * @throws IOException if the file cannot be read, with a message for people
   * @throws IllegalArgumentException if key or time are not fields
   */
  public static EventFile open(Path path, EventSchema schema) throws IOException {
    if (schema.keyField() == null || schema.time() instanceof TimeSource.OfRecord) {
      throw new IllegalArgumentException(
          "a file has no record keys and timestamps; name the fields of both");
    }
    String name = path.toString().toLowerCase(Locale.ROOT);
    boolean gzip = name.endsWith(".gz");
    String plain = gzip ? name.substring(0, name.length() - 3) : name;
    boolean isCsv = plain.endsWith(".csv");
    if (!isCsv && JSON_ENDINGS.stream().noneMatch(plain::endsWith)) {
      throw new IOException(
          path
              + ": the ending says neither CSV nor JSON lines. Name it .csv or .jsonl (.gz may"
              + " follow)");
    }
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw new IOException(path + ": there is no such file, or it may not be read");
    }
    EventFile file = new EventFile(path, bytes(path, gzip), schema, isCsv);
    if (isCsv) {
      file.readHeader(schema);
    }
    return file;
  }

  private static InputStream bytes(Path path, boolean gzip) throws IOException {
    InputStream raw = Files.newInputStream(path);
    if (!gzip) {
      return raw;
    }
    try {
      return new GZIPInputStream(raw, BUFFER_BYTES);
    } catch (IOException e) {
      raw.close();
      throw new IOException(path + ": the ending says gzip, the bytes do not: " + cause(e), e);
    }
  }

  private void readHeader(EventSchema schema) throws IOException {
    try {
      if (!readLine()) {
        throw new IOException(path + ": the file is empty; a header was expected");
      }
      csv = new CsvDecoder(schema, text());
    } catch (IOException e) {
      close();
      throw e;
    } catch (Rejection e) {
      close();
      throw new IOException(path + ":1: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the next event; blank lines are passed over.
   *
   * @param event overwritten
   * @return false at the end of the file
   * @throws Rejection if the line is no event; the next call goes on with the next line
   * @throws IOException if the file cannot be read
   */
  public boolean next(Event event) throws IOException, Rejection {
    while (readLine()) {
      if (lines.isBlank()) {
        continue;
      }
      if (csv != null) {
        csv.decode(null, text(), event);
      } else if (json != null) {
        json.decode(null, lines.bytes(), 0, event);
      }
      return true;
    }
    return false;
  }

  /** Returns the number of the line that was read last, from 1. */
  public long line() {
    return lines.number();
  }

  /** Returns the line that was read last, without its end; its beginning where it was too long. */
  public String text() {
    return lines.text();
  }

  private boolean readLine() throws IOException, Rejection {
    boolean more;
    try {
      more = lines.next();
    } catch (IOException e) {
      throw new IOException(
          path + ": cannot be read beyond line " + lines.number() + ": " + cause(e), e);
    }
    if (lines.isTooLong()) {
      throw new Rejection(
          Reason.TOO_LARGE, "the line is longer than input.maxBytes, " + maxBytes + ", allows");
    }
    return more;
  }

  private static String cause(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
