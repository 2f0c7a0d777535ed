package dev.sluice.stream;

import dev.sluice.state.CorruptRowException;
import dev.sluice.state.Memories;
import dev.sluice.state.MemoryBudgetException;
import dev.sluice.state.Snapshot;
import dev.sluice.state.UnreadableSnapshotException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot of one task, in step with Kafka's commits. Whatever goes wrong with it is said once,
 * and costs nothing but a longer restart: the changelog has everything.
 *
 * <p>Under exactly-once Kafka Streams says that a transaction is committed in two ways only: the
 * next wave comes, or the store is told offsets when the task ends. Both are taken; a task that is
 * closed in any other way loses nothing but the snapshot of its last seconds.
 */
final class LocalSnapshot {

  private static final Logger LOG = LoggerFactory.getLogger(LocalSnapshot.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(1);

  private final Snapshot snapshot;
  private final Path folder;
  private final Memories memories;
  private final @Nullable Acknowledged acknowledged;
  private @Nullable TopicPartition changelog;
  private boolean prepared;
  private boolean ended;
  private boolean held;
  private boolean failed;
  private long failedNanos;

  // The changelog offset that the rows as they are now correspond to, or -1.
  private long settledOffset = -1;

  /**
   * Creates the snapshot of one task.
   *
   * @param acknowledged null where the producers do not tell; then only a clean end writes
   */
  LocalSnapshot(
      Path folder, Memories memories, Duration every, @Nullable Acknowledged acknowledged) {
    this.snapshot = new Snapshot(folder, memories, every);
    this.folder = folder;
    this.memories = memories;
    this.acknowledged = acknowledged;
  }

  /** Notes which changelog the offsets are of. */
  void changelog(TopicPartition partition) {
    if (changelog == null && acknowledged != null) {
      acknowledged.forget(partition);
    }
    changelog = partition;
  }

  /** Returns the offset that is included, without reading rows; empty if there is none. */
  OptionalLong offset() {
    try {
      return snapshot.offset();
    } catch (IOException | UnreadableSnapshotException e) {
      return OptionalLong.empty(); // Said when it is loaded.
    }
  }

  /**
   * Reads the rows into the memories, where there are any.
   *
   * @return false if the files were unreadable: they are deleted, and the memories hold nothing of
   *     use
   */
  boolean load() {
    try {
      long began = System.nanoTime();
      OptionalLong offset = snapshot.load();
      LOG.atDebug()
          .addKeyValue("folder", folder)
          .addKeyValue("keys", memories.size())
          .addKeyValue("offset", offset)
          .addKeyValue("millis", (System.nanoTime() - began) / 1_000_000)
          .log("Snapshot read");
      return true;
    } catch (MemoryBudgetException e) {
      return false; // Restoring the changelog counts them all, and says so.
    } catch (IOException | UnreadableSnapshotException | CorruptRowException e) {
      giveUp("cannot be read", e);
      return false;
    }
  }

  /** A row was put into the changelog, or read from it. */
  void changed(int slot) {
    snapshot.changed(slot);
  }

  /** A tombstone was put into the changelog, or read from it. */
  void forgotten(byte[] key, int slot) {
    snapshot.forgotten(key, slot);
  }

  /** A commit is being prepared: the changelog was given everything. */
  void prepared() {
    prepared = true;
    settledOffset = -1;
  }

  /** A wave comes: what was prepared is committed, for otherwise the task had been closed. */
  void waveBegins() {
    settledOffset = -1;
    if (prepared && changelog != null && acknowledged != null) {
      prepared = false;
      OptionalLong offset = acknowledged.latest(changelog);
      if (offset.isPresent()) {
        committed(offset.getAsLong());
      }
    }
  }

  /** A row was read from the changelog. */
  void restoring() {
    settledOffset = -1;
  }

  /** Kafka Streams says that the rows as they are now are those up to {@code offset}. */
  void settled(long offset) {
    prepared = false;
    settledOffset = offset;
    committed(offset);
  }

  private void committed(long offset) {
    if (ended || held) {
      return;
    }
    if (failed && System.nanoTime() - failedNanos < PAUSE_AFTER_FAILURE.toNanos()) {
      return;
    }
    try {
      failed = false;
      snapshot.committed(offset);
    } catch (IOException e) {
      giveUp("cannot be written", e);
    }
  }

  private void giveUp(String what, Exception e) {
    LOG.atWarn()
        .addKeyValue("folder", folder)
        .addKeyValue("reason", e.getMessage() == null ? e.toString() : e.getMessage())
        .log("The snapshot " + what + ". Nothing is lost: the next restart reads the changelog");
    failed = true;
    failedNanos = System.nanoTime();
    wipe();
  }

  /** Writes no more for now. */
  void hold() {
    held = true;
  }

  /** Writes again. */
  void release() {
    held = false;
  }

  /** Deletes the files, and writes no more. */
  void end() {
    ended = true;
    wipe();
  }

  /** Deletes the files. */
  void wipe() {
    try {
      snapshot.wipe();
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("folder", folder)
          .addKeyValue("reason", e.toString())
          .log("The snapshot cannot be deleted. Delete the folder before the next start");
    }
  }

  /** The task ends. */
  void close() {
    try {
      if (settledOffset >= 0 && !failed && !ended && !held) {
        snapshot.finish(settledOffset);
      }
      snapshot.close();
    } catch (IOException e) {
      giveUp("cannot be written", e);
    }
  }
}
