package dev.sluice.event;

import dev.sluice.event.Rejection.Reason;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private final Path path;
  private final InputStream in;
  private final int maxBytes;
  private final ByteArrayOutputStream lineBytes = new ByteArrayOutputStream(256);
  private final @Nullable JsonDecoder json;
  private @Nullable CsvDecoder csv;
  private long line;

  private EventFile(Path path, InputStream in, EventSchema schema, boolean isCsv) {
    this.path = path;
    this.in = in;
    this.maxBytes = schema.maxBytes();
    this.json = isCsv ? null : new JsonDecoder(schema);
  }

  /**
   * Opens a file.
   *
   * @param schema what events look like; key and time must be fields, since a file has no records
   * @throws IOException if the file cannot be read, with a message for people
   */
  public static EventFile open(Path path, EventSchema schema) throws IOException {
    String name = path.toString().toLowerCase(Locale.ROOT);
    boolean gzip = name.endsWith(".gz");
    String plain = gzip ? name.substring(0, name.length() - 3) : name;
    boolean isCsv = plain.endsWith(".csv");
    if (!isCsv
        && !plain.endsWith(".jsonl")
        && !plain.endsWith(".ndjson")
        && !plain.endsWith(".json")) {
      throw new IOException(
          path
              + ": the ending says neither CSV nor JSON lines. Name it .csv or .jsonl (.gz may"
              + " follow)");
    }
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw new IOException(path + ": there is no such file, or it may not be read");
    }
    InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
    InputStream in = gzip ? new BufferedInputStream(new GZIPInputStream(raw), BUFFER_BYTES) : raw;
    EventFile file = new EventFile(path, in, schema, isCsv);
    if (isCsv) {
      file.readHeader(schema);
    }
    return file;
  }

  private void readHeader(EventSchema schema) throws IOException {
    try {
      if (!readLine()) {
        throw new IOException(path + ": the file is empty; a header was expected");
      }
      csv = new CsvDecoder(schema, text());
    } catch (Rejection e) {
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
      if (lineBytes.size() == 0) {
        continue;
      }
      if (csv != null) {
        csv.decode(null, text(), event);
      } else if (json != null) {
        json.decode(null, lineBytes.toByteArray(), 0, event);
      }
      return true;
    }
    return false;
  }

  /** Returns the number of the line that was read last, from 1. */
  public long line() {
    return line;
  }

  /** Returns the line that was read last, without its end. */
  public String text() {
    return lineBytes.toString(StandardCharsets.UTF_8);
  }

  /** Reads one line, of which no more than fits is kept. */
  private boolean readLine() throws IOException, Rejection {
    lineBytes.reset();
    int next = in.read();
    if (next < 0) {
      return false;
    }
    line++;
    boolean tooLong = false;
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (lineBytes.size() <= maxBytes) {
        lineBytes.write(next);
      } else {
        tooLong = true;
      }
    }
    if (tooLong) {
      throw new Rejection(
          Reason.TOO_LARGE, "the line is longer than input.maxBytes, " + maxBytes + ", allows");
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
