package dev.sluice.stream;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What an application keeps on local disk, and the changelog that it belongs to. A changelog that
 * was deleted and made anew counts its offsets from 0 again: what the folder holds would be taken
 * for the beginning of it, and other memories would come out. So the folder notes the id that the
 * broker gave the topic.
 */
public final class StateFolder {

  private static final String OF_A_TASK = "\\d+_\\d+";

  private final Path tasks;
  private final Path note;

  /**
   * Names a folder.
   *
   * @param folder the {@code state.dir}
   */
  public StateFolder(Path folder, String application) {
    this.tasks = folder.resolve(application);
    this.note = folder.resolve(application + ".changelog");
  }

  /**
   * Deletes what belongs to another changelog than the one there is, before anything is read.
   *
   * @param changelog id of the topic; empty where there is none
   * @return whether there was something to delete
   */
  public boolean keepOnlyOf(Optional<Uuid> changelog) throws IOException {
    Optional<String> present = changelog.map(Uuid::toString);
    Optional<String> noted = noted();
    boolean same = present.isPresent() && (noted.isEmpty() || noted.equals(present));
    List<Path> foreign = same ? List.of() : tasks();
    for (Path task : foreign) {
      delete(task);
    }
    if (present.isEmpty()) {
      Files.deleteIfExists(note);
    } else if (!noted.equals(present)) { // Else nothing is written: the disk may be full.
      note(changelog.get());
    }
    return !foreign.isEmpty();
  }

  /** Returns whether the changelog is still to be noted: it was not there at the start. */
  public boolean isUnnoted() {
    return !Files.exists(note);
  }

  /** A note that was cut short by a full disk is none. */
  private Optional<String> noted() throws IOException {
    return isUnnoted()
        ? Optional.empty()
        : Optional.of(Files.readString(note).strip()).filter(id -> !id.isEmpty());
  }

  /** Notes which changelog the folder belongs to. */
  public void note(Uuid changelog) throws IOException {
    Files.createDirectories(note.toAbsolutePath().getParent());
    Files.writeString(note, changelog + "\n");
  }

  private List<Path> tasks() throws IOException {
    if (!Files.isDirectory(tasks)) {
      return List.of();
    }
    try (Stream<Path> inside = Files.list(tasks)) {
      return inside.filter(path -> path.getFileName().toString().matches(OF_A_TASK)).toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
