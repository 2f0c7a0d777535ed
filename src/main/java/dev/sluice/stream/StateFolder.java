package dev.sluice.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What an application keeps on local disk, and the changelog that it belongs to. A changelog that
 * was deleted and made anew counts its offsets from 0 again: what the folder holds would be taken
 * for the beginning of it, and other memories would come out. So the folder notes the id that the
 * broker gave the topic.
 */
public final class StateFolder {

  private static final String OF_A_TASK = "\\d+_\\d+";

  private final Path path;
  private final Path tasks;
  private final Path note;
  private final String changelog;

  /**
   * Names a folder.
   *
   * @param path the {@code state.dir}
   */
  StateFolder(Path path, String application) {
    this.path = path;
    this.tasks = path.resolve(application);
    this.note = path.resolve(application + ".changelog");
    this.changelog = ChangelogCheck.name(application);
  }

  /**
   * Returns the folder of a stream.
   *
   * @param complete its properties
   */
  public static StateFolder of(Properties complete) {
    return new StateFolder(
        Path.of(complete.getProperty(StreamsConfig.STATE_DIR_CONFIG)),
        complete.getProperty(StreamsConfig.APPLICATION_ID_CONFIG));
  }

  /** Returns where it is. */
  public Path path() {
    return path;
  }

  /** Returns the name of the changelog that it belongs to. */
  public String changelog() {
    return changelog;
  }

  /**
   * Deletes what belongs to another changelog than the one there is, before anything is read.
   *
   * @param id of the topic; empty where there is none
   * @return whether there was something to delete
   */
  public boolean keepOnlyOf(Optional<Uuid> id) throws IOException {
    Optional<String> present = id.map(Uuid::toString);
    Optional<String> noted = noted();
    boolean same = present.isPresent() && (noted.isEmpty() || noted.equals(present));
    List<Path> foreign = same ? List.of() : tasks();
    for (Path task : foreign) {
      Utils.delete(task.toFile());
    }
    if (present.isEmpty()) {
      Files.deleteIfExists(note);
    } else if (!noted.equals(present)) { // Else nothing is written: the disk may be full.
      note(id.get());
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
        : Optional.of(Files.readString(note).strip()).filter(text -> !text.isEmpty());
  }

  /** Notes which changelog the folder belongs to. */
  public void note(Uuid id) throws IOException {
    Files.createDirectories(note.toAbsolutePath().getParent());
    Files.writeString(note, id + "\n");
  }

  private List<Path> tasks() throws IOException {
    if (!Files.isDirectory(tasks)) {
      return List.of();
    }
    try (Stream<Path> inside = Files.list(tasks)) {
      return inside.filter(path -> path.getFileName().toString().matches(OF_A_TASK)).toList();
    }
  }
}
