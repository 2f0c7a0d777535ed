package dev.sluice.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * Where a broker keeps its data.
 *
 * @param path the folder
 * @param temporary whether it was made for this broker and goes away with it
 */
record SandboxFolder(Path path, boolean temporary) implements AutoCloseable {

  /** Returns the folder that was asked for, or a new temporary one. */
  static SandboxFolder of(Optional<Path> wanted) {
    try {
      if (wanted.isPresent()) {
        return new SandboxFolder(Files.createDirectories(wanted.get()), false);
      }
      return new SandboxFolder(Files.createTempDirectory("sluice-sandbox-"), true);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The sandbox broker cannot make its folder "
              + wanted.map(Path::toString).orElse("in " + System.getProperty("java.io.tmpdir"))
              + ". Give one that this user may write to",
          e);
    }
  }

  /** Returns the folder of the logs. */
  Path data() {
    return path.resolve("data");
  }

  /**
   * Makes the folder known to Kafka as the data of node {@code nodeId}; changes nothing in one that
   * is known already.
   */
  void format(int nodeId) {
    try {
      Files.createDirectories(data());
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setClusterId(BrokerProperties.CLUSTER_ID)
          .setNodeId(nodeId)
          .addDirectory(data().toString())
          .setMetadataLogDirectory(data().toString())
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setControllerListenerName(BrokerProperties.CONTROLLERS)
          .setIgnoreFormatted(true)
          .run();
    } catch (Exception e) {
      throw new IllegalStateException(
          "The sandbox broker cannot use " + data() + ": " + e.getMessage(), e);
    }
  }

  /** Removes the folder if it is temporary. */
  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try {
      Files.walkFileTree(path, new Remover());
    } catch (IOException e) {
      throw new UncheckedIOException("The sandbox broker cannot remove its folder " + path, e);
    }
  }

  private static final class Remover extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    /** A broker renames and deletes segments in the background: one that is gone is fine. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
