package dev.sluice.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small disk for a state folder, which can be filled: a {@code tmpfs} of its own where we may
 * mount one, otherwise a limit on the size of files that is lowered to nothing ({@code prlimit}).
 */
final class Disk implements AutoCloseable {

  private static final String SIZE = "size=" + System.getProperty("proof.disk", "96m");

  private final Path folder;
  private final boolean mounted;
  private boolean full;

  private Disk(Path folder, boolean mounted) {
    this.folder = folder;
    this.mounted = mounted;
  }

  /** Makes {@code folder}, with a disk of its own if possible. */
  static Disk at(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    boolean mounted =
        Child.run("mount", "-t", "tmpfs", "-o", SIZE, "sluice-proof", folder.toString());
    return new Disk(folder, mounted);
  }

  /** Returns how it becomes full. */
  String how() {
    return mounted ? "a tmpfs of " + SIZE + ", filled up" : "prlimit --fsize=0";
  }

  /** Leaves no room for another byte. */
  void fill(Child process) throws IOException, InterruptedException {
    full = true;
    if (!mounted) {
      limit(process);
      return;
    }
    byte[] block = new byte[1 << 12];
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (full) {
        out.write(block);
      }
    } catch (IOException e) {
      // No space left on device: that was the aim.
    }
  }

  /** Limits a process that was started on a full disk. */
  void started(Child process) throws IOException, InterruptedException {
    if (full && !mounted) {
      limit(process);
    }
  }

  private static void limit(Child process) throws IOException, InterruptedException {
    Child.run("prlimit", "--pid", Long.toString(process.pid()), "--fsize=0:");
  }

  /** Makes room again. */
  void free(Child process) throws IOException, InterruptedException {
    full = false;
    if (mounted) {
      Files.deleteIfExists(filler());
    } else {
      Child.run("prlimit", "--pid", Long.toString(process.pid()), "--fsize=unlimited:");
    }
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  @Override
  public void close() throws IOException {
    if (mounted) {
      try {
        Child.run("umount", "-l", folder.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
