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
        cell(role, cell, event);
      }
    }
    sink.end(event);
  }

  private void cell(Role role, String cell, Event event) throws Rejection {
    boolean numeric = role.kind() == FieldSink.Kind.NUMBER;
    boolean epoch = role.kind() == FieldSink.Kind.TIME && cell.indexOf('-', 1) < 0;
    if (!numeric && !epoch) {
      sink.text(role, cell, event);
      return;
    }
    double value;
    try {
      value = Double.parseDouble(cell);
    } catch (NumberFormatException _) {
      throw FieldSink.wrongType(role, "text", "a number");
    }
    sink.number(role, value, event);
  }

  private void split(String line) throws Rejection {
    cells.clear();
    int length = line.endsWith("\r") ? line.length() - 1 : line.length();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < length; i++) {
      char c = line.charAt(i);
      if (quoted && c == '"' && i + 1 < length && line.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    if (quoted) {
      throw new Rejection(Reason.MALFORMED, "a quoted cell has no end");
    }
    cells.add(cell.toString());
  }
}
