package dev.sluice.config;

import java.io.Serializable;

/**
 * One mistake in a topology.
 *
 * @param place where it is
 * @param path the key, such as {@code model.hidden}; empty when it concerns the whole file
 * @param found what is written there, shortened; empty when nothing is or when it may be a secret
 * @param complaint what is wrong with it
 * @param remedy what to write instead, a sentence without its full stop
 */
public record Problem(Place place, String path, String found, String complaint, String remedy)
    implements Serializable {

  private static final int MAX_FOUND = 60; // Characters of a value that a message repeats.
  private static final int MAX_PATH = 200;
  private static final int MAX_WORDS = 300;

  /** Keeps the line short and on one line, whatever the file contains. */
  public Problem {
    path = printable(path, MAX_PATH);
    found = printable(found, MAX_FOUND);
    complaint = printable(complaint, MAX_WORDS);
    remedy = printable(remedy, MAX_WORDS);
  }

  Problem at(Place newPlace, String newPath, String newFound) {
    return new Problem(newPlace, newPath, newFound, complaint, remedy);
  }

  /** The whole message, one line: {@code topologies/x.yaml:12:7: model.hidden: 0 is out of …}. */
  @Override
  public String toString() {
    var line = new StringBuilder();
    line.append(place);
    if (!line.isEmpty()) {
      line.append(": ");
    }
    if (!path.isEmpty()) {
      line.append(path).append(": ");
    }
    if (!found.isEmpty()) {
      line.append(found).append(' ');
    }
    return line.append(complaint).append(". ").append(remedy).toString();
  }

  /** Control and invisible characters escaped, so that a file cannot forge lines of a log. */
  private static String printable(String text, int max) {
    var out = new StringBuilder();
    int index = 0;
    while (index < text.length() && out.length() < max) {
      int point = text.codePointAt(index);
      index += Character.charCount(point);
      if (isPrintable(point)) {
        out.appendCodePoint(point);
      } else {
        out.append("\\u{").append(Integer.toHexString(point)).append('}');
      }
    }
    return index < text.length() ? out.append('…').toString() : out.toString();
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
