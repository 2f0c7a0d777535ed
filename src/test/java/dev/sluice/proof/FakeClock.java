package dev.sluice.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A wall clock of an instance that can be set while it runs, with libfaketime (Debian: {@code
 * faketime}). The monotonic clock, which measures how long things take, goes on as it is.
 */
final class FakeClock {

  private final Path library;
  private final Path file;

  private FakeClock(Path library, Path file) throws IOException {
    this.library = library;
    this.file = file;
    jump(0);
  }

  /** Returns the library, if it is installed. */
  static Optional<Path> library() throws IOException {
    for (Path root : List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"))) {
      if (!Files.isDirectory(root)) {
        continue;
      }
      try (Stream<Path> found = Files.find(root, 3, (path, _) -> isLibrary(path))) {
        Optional<Path> first = found.findFirst();
        if (first.isPresent()) {
          return first;
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isLibrary(Path path) {
    return path.endsWith("faketime/libfaketimeMT.so.1");
  }

  /** Returns a clock that is right until it jumps; {@code file} tells the library. */
  static FakeClock at(Path library, Path file) throws IOException {
    return new FakeClock(library, file);
  }

  /** Returns what a process needs in its environment to go by this clock. */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        "FAKETIME_CACHE_DURATION", "1",
        "DONT_FAKE_MONOTONIC", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1");
  }

  /** Puts it so many seconds before (or, below 0, behind) the right time, within a second. */
  void jump(long seconds) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, (seconds < 0 ? "" : "+") + seconds + "s\n");
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
