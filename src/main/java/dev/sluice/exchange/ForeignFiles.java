package dev.sluice.exchange;

import dev.sluice.artifact.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files from elsewhere as bytes. */
final class ForeignFiles {

  private ForeignFiles() {}

  /**
   * Returns the bytes of a file.
   *
   * @throws ForeignFileException if it is larger than an artifact may be
   * @throws IOException if it cannot be read
   */
  static byte[] bytes(Path path, String remedy) throws IOException {
    long size = Files.size(path);
    if (size > Safetensors.MAX_FILE_BYTES) {
      String limit = Safetensors.MAX_FILE_BYTES / (1 << 20) + " MiB";
      throw new ForeignFileException(
          path.toString(), "it has " + size + " bytes, " + limit + " can be read", remedy);
    }
    return Files.readAllBytes(path);
  }
}
