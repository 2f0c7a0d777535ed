package dev.sluice.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SnapshotTest {

  private static final List<RowLayout> LAYOUTS =
      List.of(new RowLayout(List.of(3), 2), new RowLayout(List.of(20, 5), 7));

  @TempDir Path folder;

  /** A task that commits to a changelog, which is the oracle. */
  private static final class Task {
    final Memories memories = new Memories();
    final List<Map.Entry<String, byte @Nullable []>> changelog;
    final Snapshot snapshot;

    Task(Path folder, List<Map.Entry<String, byte @Nullable []>> changelog) {
      this.changelog = changelog;
      this.snapshot = new Snapshot(folder, memories, Duration.ZERO, 4_000);
    }

    /** Changes, adds and forgets keys, and commits them. */
    void commit(Random random, int keys) throws IOException {
      for (int i = 0; i < 10; i++) {
        String key = "key-" + random.nextInt(keys);
        int slot = memories.claim(key.getBytes(UTF_8));
        RowLayout layout = LAYOUTS.get(random.nextInt(2));
        if (memories.fits(slot, layout) && random.nextInt(4) == 0) {
          snapshot.forgotten(key.getBytes(UTF_8), slot);
          memories.remove(slot);
          put(key, null);
          continue;
        }
        memories.reset(slot, layout);
        memories.steppedBy(slot, random.nextInt(1000) + 1, 1);
        memories.stats(slot)[memories.statsAt(slot)] = random.nextGaussian();
        memories.page(slot).set(memories.offset(slot), random.nextFloat());
        put(key, RowCodec.write(memories, slot));
        snapshot.changed(slot);
      }
      snapshot.committed(changelog.size() - 1);
    }

    private void put(String key, byte @Nullable [] row) {
      changelog.add(new java.util.AbstractMap.SimpleEntry<>(key, row));
    }

    /** Restores from the files and the rest of the changelog; returns how much that was. */
    int restore() throws Exception {
      OptionalLong from = snapshot.load();
      int next = Math.toIntExact(from.orElse(-1) + 1);
      for (int i = next; i < changelog.size(); i++) {
        byte[] key = changelog.get(i).getKey().getBytes(UTF_8);
        byte[] row = changelog.get(i).getValue();
        if (row != null) {
          RowCodec.read(key, row, "changelog", memories);
          snapshot.changed(memories.find(key));
        } else if (memories.find(key) >= 0) {
          snapshot.forgotten(key, memories.find(key));
          memories.remove(memories.find(key));
        }
      }
      return changelog.size() - next;
    }

    Map<String, byte[]> rows() {
      Map<String, byte[]> rows = new TreeMap<>();
      for (int slot = 0; slot < memories.slotLimit(); slot++) {
        if (memories.isUsed(slot)) {
          rows.put(new String(memories.key(slot), UTF_8), RowCodec.write(memories, slot));
        }
      }
      return rows;
    }
  }

  private static Map<String, byte[]> last(List<Map.Entry<String, byte @Nullable []>> changelog) {
    Map<String, byte[]> rows = new HashMap<>();
    for (Map.Entry<String, byte @Nullable []> entry : changelog) {
      if (entry.getValue() == null) {
        rows.remove(entry.getKey());
      } else {
        rows.put(entry.getKey(), entry.getValue());
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverTheCrashFilesAndChangelogGiveTheCommittedRows(int seed) throws Exception {
    var random = new Random(seed);
    List<Map.Entry<String, byte @Nullable []>> changelog = new ArrayList<>();
    for (int life = 0; life < 12; life++) {
      var task = new Task(folder, changelog);
      task.restore();
      assertRows(task, changelog);
      for (int commits = random.nextInt(60); commits > 0; commits--) {
        task.commit(random, 150);
      }
      if (random.nextBoolean()) {
        task.snapshot.finish(changelog.size() - 1);
      }
      task.snapshot.close(); // As good as a crash: what follows the last mark is void.
    }
    assertThat(changelog).hasSizeGreaterThan(1_000);
  }

  private static void assertRows(Task task, List<Map.Entry<String, byte @Nullable []>> changelog) {
    Map<String, byte[]> wanted = last(changelog);
    Map<String, byte[]> found = task.rows();
    assertThat(found.keySet()).isEqualTo(wanted.keySet());
    wanted.forEach((key, row) -> assertThat(found.get(key)).as(key).isEqualTo(row));
  }

  @Test
  void afterACleanEndNothingOfTheChangelogIsRead() throws Exception {
    List<Map.Entry<String, byte @Nullable []>> changelog = new ArrayList<>();
    var task = new Task(folder, changelog);
    var random = new Random(9);
    for (int i = 0; i < 50; i++) {
      task.commit(random, 100);
    }
    task.snapshot.finish(changelog.size() - 1);
    task.snapshot.close();
    var next = new Task(folder, changelog);
    assertThat(next.restore()).isZero();
    assertRows(next, changelog);
  }

  @Test
  void theFilesStayWithinTwiceTheLivingRowsAndTwoSegments() throws Exception {
    List<Map.Entry<String, byte @Nullable []>> changelog = new ArrayList<>();
    var task = new Task(folder, changelog);
    var random = new Random(10);
    for (int i = 0; i < 2_000; i++) {
      task.commit(random, 100);
    }
    task.snapshot.finish(changelog.size() - 1);
    long living = task.rows().values().stream().mapToLong(row -> row.length + 16).sum();
    // Entries carry headers, tombstones weigh too, and the round under way adds its own.
    assertThat(size()).isLessThan(3 * living + 3 * 4_000);
    assertThat(changelog.stream().filter(e -> e.getValue() != null).count() * 60)
        .as("what was written in all")
        .isGreaterThan(10 * size());
  }

  private long size() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(SnapshotTest::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {21, 22, 23, 24, 25, 26})
  void anyFlippedByteIsFoundOrHarmless(int seed) throws Exception {
    List<Map.Entry<String, byte @Nullable []>> changelog = new ArrayList<>();
    var task = new Task(folder, changelog);
    var random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      task.commit(random, 80);
    }
    task.snapshot.close();
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.sorted().toList();
    }
    int found = 0;
    for (int i = 0; i < 60; i++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] bytes = Files.readAllBytes(file);
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      var next = new Task(folder, changelog);
      try {
        next.restore();
        assertRows(next, changelog); // The byte was behind the mark.
      } catch (UnreadableSnapshotException e) {
        assertThat(e).hasMessageContaining(folder.toString());
        found++;
      }
      next.snapshot.close();
      Files.write(file, bytes);
    }
    assertThat(found).isGreaterThan(20);
  }

  @Test
  void aSnapshotOfANewerReleaseIsRefusedByName() throws Exception {
    var task = new Task(folder, new ArrayList<>());
    task.commit(new Random(1), 10);
    task.snapshot.close();
    byte[] mark = Files.readAllBytes(folder.resolve("mark"));
    mark[7] = 2;
    Files.write(folder.resolve("mark"), mark);
    assertThatThrownBy(() -> new Task(folder, new ArrayList<>()).snapshot.load())
        .isInstanceOf(UnreadableSnapshotException.class)
        .hasMessage(
            folder.resolve("mark") + ": it has format version 2, this release reads only 1");
  }

  @Test
  void anInventedFileIsNoSnapshot() throws Exception {
    Files.writeString(folder.resolve("mark"), "Not a mark at all, but of the same length");
    assertThatThrownBy(() -> new Task(folder, new ArrayList<>()).snapshot.load())
        .isInstanceOf(UnreadableSnapshotException.class)
        .hasMessageEndingWith("it is no snapshot");
  }

  @Test
  void aFolderThatCannotBeWrittenFailsAndLosesNothing() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    var task = new Task(file.resolve("below"), new ArrayList<>());
    assertThatThrownBy(() -> task.commit(new Random(1), 10)).isInstanceOf(IOException.class);
    assertRows(task, task.changelog);
  }
}
