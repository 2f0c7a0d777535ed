package dev.sluice.config;

import java.io.Serializable;

/**
 * A position in a topology file.
 *
 * @param file the file as the user named it; empty for a record built by a program
 * @param line from 1; 0 when the file as a whole is meant
 * @param column from 1, in code points; 0 when the file as a whole is meant
 */
public record Place(String file, int line, int column) implements Serializable {

  /** Not in a file. */
  public static final Place NONE = new Place("", 0, 0);

  /** {@code file:line:column}, as compilers and editors write it. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
