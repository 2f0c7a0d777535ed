package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Local state lives as long as the changelog that it was taken from. */
final class StateFolderTest {

  private static final Optional<Uuid> FIRST = Optional.of(new Uuid(1, 2));
  private static final Optional<Uuid> SECOND = Optional.of(new Uuid(3, 4));

  @TempDir private Path folder;
  private StateFolder state;
  private Path row;
  private Path process;

  @BeforeEach
  void fill() throws IOException {
    state = new StateFolder(folder, "readings");
    row = folder.resolve("readings/0_1/sluice-memory/1.log");
    Files.createDirectories(row.getParent());
    Files.writeString(row, "row");
    process = Files.writeString(folder.resolve("readings/kafka-streams-process-metadata"), "{}");
  }

  @Test
  void theSameChangelogKeepsIt() throws IOException {
    assertThat(state.isUnnoted()).isTrue();
    assertThat(state.keepOnlyOf(FIRST)).isFalse();
    assertThat(state.isUnnoted()).isFalse();
    assertThat(state.keepOnlyOf(FIRST)).isFalse();
    assertThat(row).exists();
  }

  @Test
  void anotherOneEndsItButNotTheProcessId() throws IOException {
    state.keepOnlyOf(FIRST);

    assertThat(state.keepOnlyOf(SECOND)).isTrue();
    assertThat(row.getParent().getParent()).doesNotExist();
    assertThat(process).exists();
    assertThat(state.keepOnlyOf(SECOND)).isFalse();
  }

  @Test
  void aChangelogThatIsGoneEndsItAndTheNextOneIsNoted() throws IOException {
    state.keepOnlyOf(FIRST);

    assertThat(state.keepOnlyOf(Optional.empty())).isTrue();
    assertThat(row).doesNotExist();
    assertThat(state.isUnnoted()).isTrue();
    assertThat(state.keepOnlyOf(SECOND)).isFalse();
    assertThat(state.isUnnoted()).isFalse();
  }

  @Test
  void nothingIsWrittenWhereNothingIsNew() throws IOException {
    state.keepOnlyOf(FIRST);
    Path note = folder.resolve("readings.changelog");
    var longAgo = FileTime.fromMillis(1_000);
    Files.setLastModifiedTime(note, longAgo);

    state.keepOnlyOf(FIRST);

    assertThat(Files.getLastModifiedTime(note)).isEqualTo(longAgo);
  }

  @Test
  void aNoteThatWasCutShortIsNone() throws IOException {
    Files.writeString(folder.resolve("readings.changelog"), "");

    assertThat(state.keepOnlyOf(FIRST)).isFalse();
    assertThat(row).exists();
    assertThat(state.keepOnlyOf(SECOND)).isTrue();
  }

  @Test
  void withoutAFolderThereIsNothingToKeep() throws IOException {
    var fresh = new StateFolder(folder.resolve("new"), "readings");

    assertThat(fresh.keepOnlyOf(Optional.empty())).isFalse();
    assertThat(fresh.keepOnlyOf(FIRST)).isFalse();
  }
}
