package dev.sluice.event;

import dev.sluice.event.FieldSink.Role;
import dev.sluice.event.Rejection.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes lines of a CSV file (RFC 4180 quotes; no line breaks inside quotes) by the names in its
 * header. An empty cell is a missing value.
 *
 * <p>Not thread-safe.
 */
public final class CsvDecoder {

  private final FieldSink sink;
  private final int maxBytes;
  private final List<@Nullable Role> columns = new ArrayList<>();
  private final List<String> cells = new ArrayList<>();

  /**
   * Creates a decoder.
   *
   * @param schema what events look like
   * @param header the first line of the file
   * @throws Rejection if the header names a field twice or lacks one that the schema needs
   */
  public CsvDecoder(EventSchema schema, String header) throws Rejection {
    this.sink = new FieldSink(schema);
    this.maxBytes = schema.maxBytes();
    split(header.startsWith("\uFEFF") ? header.substring(1) : header);
    for (String name : cells) {
      Role role = sink.roles().get(name.strip());
      if (role != null && columns.contains(role)) {
        throw new Rejection(Reason.MALFORMED, "column " + name + " stands twice in the header");
      }
      columns.add(role);
    }
    for (Role role : sink.roles().values()) {
      if (!columns.contains(role) && !isOptional(schema, role)) {
        throw new Rejection(
            Reason.MISSING_FIELD, "the header has no column " + role.name() + ": " + header);
      }
    }
  }

  private static boolean isOptional(EventSchema schema, Role role) {
    return switch (role.kind()) {
      case NUMBER -> schema.numbers().get(role.slot()).optional();
      case WORD -> schema.words().get(role.slot()).optional();
      case KEY, TIME -> false;
    };
  }

  /**
   * Decodes one line.
   *
   * @param defaultKey the key where the schema takes it from the record, or null
   * @param line the line without its end
   * @param event overwritten; holds nothing of use when this throws
   * @throws Rejection if the event cannot be scored
   */
  public void decode(byte @Nullable [] defaultKey, String line, Event event) throws Rejection {
    sink.begin(defaultKey, 0, event);
    if (line.length() > maxBytes) {
      throw new Rejection(
          Reason.TOO_LARGE,
          "the line has " + line.length() + " characters, input.maxBytes allows " + maxBytes);
    }
    split(line);
    if (cells.size() != columns.size()) {
      throw new Rejection(
          Reason.MALFORMED, cells.size() + " cells where the header has " + columns.size());
    }
    for (int i = 0; i < columns.size(); i++) {
      Role role = columns.get(i);
      String cell = cells.get(i);
      if (role != null && !cell.isEmpty()) {
        sink.cell(role, cell, event);
      }
    }
    sink.end(event);
  }

  private void split(String line) throws Rejection {
    cells.clear();
    String rest = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    int at = 0;
    do {
      at = rest.startsWith("\"", at) ? quoted(rest, at + 1) : plain(rest, at);
    } while (at <= rest.length());
  }

  /** Adds the cell that begins at {@code from}, and returns where the next one begins. */
  private int plain(String line, int from) {
    int comma = line.indexOf(',', from);
    int end = comma < 0 ? line.length() : comma;
    cells.add(line.substring(from, end));
    return end + 1;
  }

  /** Adds the cell whose opening quote is before {@code from}. */
  private int quoted(String line, int from) throws Rejection {
    StringBuilder cell = new StringBuilder();
    int at = from;
    int quote = line.indexOf('"', at);
    for (; line.startsWith("\"\"", quote); quote = line.indexOf('"', at)) {
      cell.append(line, at, quote + 1);
      at = quote + 2;
    }
    if (quote < 0) {
      throw new Rejection(Reason.MALFORMED, "a quoted cell has no end");
    }
    int end = quote + 1;
    if (end < line.length() && line.charAt(end) != ',') {
      throw new Rejection(Reason.MALFORMED, "a quoted cell goes on after its closing quote");
    }
    cells.add(cell.append(line, at, quote).toString());
    return end + 1;
  }
}
