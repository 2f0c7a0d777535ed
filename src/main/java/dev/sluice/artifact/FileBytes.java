package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.corrupt;
import static dev.sluice.artifact.ArtifactException.grouped;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that nobody vouches for, read as far as they may be long. */
final class FileBytes {

  private FileBytes() {}

  /**
   * Returns the bytes of the file at {@code path}.
   *
   * @param maxBytes a longer one is refused
   * @param what the file should be, for messages: {@code Sluice artifact}
   * @throws ArtifactException if it cannot be read, or is too long
   */
  static byte[] read(Path path, int maxBytes, String what) {
    try (InputStream in = Files.newInputStream(path)) {
      // Never trust the announced size: a pipe has none, and a file may grow while it is read.
      byte[] bytes = in.readNBytes(maxBytes);
      if (in.read() >= 0) {
        throw corrupt(
            path.toString(),
            "the file is longer than " + grouped(maxBytes) + " bytes",
            "It is no " + what + "; check the path");
      }
      return bytes;
    } catch (IOException e) {
      throw new ArtifactException(
          ArtifactException.Fault.UNREADABLE,
          path.toString(),
          "the file cannot be read (" + e.getClass().getSimpleName() + ")",
          "Check that it exists and that this user may read it");
    }
  }
}
