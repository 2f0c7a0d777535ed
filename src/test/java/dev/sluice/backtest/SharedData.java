package dev.sluice.backtest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** Finds the benchmark data, which are no part of the repository. */
final class SharedData {

  private SharedData() {}

  /**
   * Returns the folder {@code name} of the data: below {@code SLUICE_DATA} (system property, else
   * environment), else below {@code shared/data} beside the project or beside a folder it is in.
   *
   * @throws TestAbortedException where there is none; the test then counts as skipped, with the
   *     reason printed
   */
  static Path folder(String name) {
    String told = System.getProperty("SLUICE_DATA", System.getenv("SLUICE_DATA"));
    Path found = told == null ? beside(name) : Path.of(told).resolve(name);
    if (found == null || !Files.isDirectory(found)) {
      String reason =
          "SKIPPED: no "
              + (found == null ? "../shared/data/" + name : found)
              + ". Set SLUICE_DATA to the folder that holds "
              + name;
      System.out.println(reason);
      throw new TestAbortedException(reason);
    }
    return found;
  }

  private static @Nullable Path beside(String name) {
    return Stream.iterate(Path.of("").toAbsolutePath().getParent(), p -> p != null, Path::getParent)
        .map(parent -> parent.resolve("shared/data").resolve(name))
        .filter(Files::isDirectory)
        .findFirst()
        .orElse(null);
  }
}
