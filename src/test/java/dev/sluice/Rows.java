package dev.sluice;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The table of packages: each uses only those in the rows before its own. {@code
 * src/build/import-control.xml} says the same to Checkstyle; {@link ArchitectureTest} compares.
 */
final class Rows {

  static final String ROOT = "dev.sluice";

  static final List<List<String>> ALL =
      List.of(
          List.of("kernel", "event", "text", "observe"),
          List.of("feature", "cell", "head", "score"),
          List.of("model"),
          List.of("artifact", "state", "config"),
          List.of("registry", "general", "exchange"),
          List.of("river"),
          List.of("stream", "train", "backtest", "capacity", "quality"),
          List.of("serve", "sandbox"),
          List.of("app"));

  private Rows() {}

  /** Returns the row of {@code area}, from 0, or nothing if the table does not have it. */
  static OptionalInt rowOf(String area) {
    for (int row = 0; row < ALL.size(); row++) {
      if (ALL.get(row).contains(area)) {
        return OptionalInt.of(row);
      }
    }
    return OptionalInt.empty();
  }

  /** Returns the packages that {@code area} may use, itself last. */
  static List<String> usableBy(String area) {
    List<String> usable = new ArrayList<>();
    for (List<String> row : ALL.subList(0, rowOf(area).orElseThrow())) {
      usable.addAll(row);
    }
    usable.add(area);
    return usable;
  }

  /** Returns ArchUnit's names of all packages of the first {@code rows} rows but {@code except}. */
  static String[] upTo(int rows, String... except) {
    return ALL.subList(0, rows).stream()
        .flatMap(List::stream)
        .filter(area -> !List.of(except).contains(area))
        .map(area -> ROOT + "." + area + "..")
        .toArray(String[]::new);
  }

  /** Returns the part of a package's name right below the root: {@code cell} of {@code cell.x}. */
  static String areaOf(String packageName) {
    String below = packageName.substring(Math.min(packageName.length(), ROOT.length() + 1));
    int dot = below.indexOf('.');
    return dot < 0 ? below : below.substring(0, dot);
  }
}
