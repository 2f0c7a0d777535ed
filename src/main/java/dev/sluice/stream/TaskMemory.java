package dev.sluice.stream;

import dev.sluice.state.Memories;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * What the stores and the processor of one task share: the resident memories, their snapshot on
 * local disk, and what is to be done just before a commit.
 */
final class TaskMemory {

  private final Supplier<Memories> maker;
  private final Function<Memories, @Nullable LocalSnapshot> snapshots;
  private Memories memories;
  private @Nullable LocalSnapshot snapshot;
  private final RowOffsets offsets = new RowOffsets();
  private boolean loaded;
  private Runnable beforeCommit = () -> {};
  private @Nullable Restore restore;
  private @Nullable DiskStore disk;
  private volatile boolean active;

  private TaskMemory(
      Supplier<Memories> maker, Function<Memories, @Nullable LocalSnapshot> snapshots) {
    this.maker = maker;
    this.snapshots = snapshots;
    this.memories = maker.get();
    this.snapshot = snapshots.apply(memories);
  }

  Memories memories() {
    return memories;
  }

  /** Returns the task's snapshot on local disk, null where there is to be none. */
  @Nullable LocalSnapshot snapshot() {
    return snapshot;
  }

  /**
   * Reads the snapshot into the memories, unless that was done.
   *
   * @return false if it turned out to be unreadable: then it is deleted, and the memories are empty
   */
  boolean load() {
    if (loaded) {
      return true;
    }
    loaded = true;
    if (snapshot != null && !snapshot.load()) {
      memories.close();
      memories = maker.get();
      snapshot = snapshots.apply(memories);
      return false;
    }
    return true;
  }

  boolean isLoaded() {
    return loaded;
  }

  /** A wave comes: the commit before it, if there was one, succeeded. */
  void waveBegins() {
    if (snapshot != null) {
      snapshot.waveBegins();
    }
  }

  /** Every changed row is about to be committed. */
  void written() {
    if (snapshot != null) {
      for (int i = 0; i < memories.changedCount(); i++) {
        snapshot.changed(memories.changedSlot(i));
      }
      snapshot.prepared();
    }
    memories.forgetChanges();
  }

  /** Returns what takes rows of the changelog into memory. */
  Restore restore(String where) {
    if (restore == null) {
      load();
      restore = new Restore(memories, snapshot, offsets, where);
    }
    return restore;
  }

  /** Returns how far the rows go that were restored. */
  RowOffsets offsets() {
    return offsets;
  }

  /** Notes that the rows which are not resident are there. */
  void onDisk(DiskStore store) {
    disk = store;
  }

  @Nullable DiskStore disk() {
    return disk;
  }

  /**
   * Begins to process: what was restored is admitted, and what was resident of rows on disk is read
   * anew, because as a standby it was restored past us.
   *
   * @throws UnfitStateException if rows on disk lack events
   */
  void begin() {
    if (restore != null) {
      restore.admit();
    }
    if (disk != null && disk.lacksEvents()) {
      throw new UnfitStateException(
          "The changelog was written with state.rowsEvery, and its rows lack the latest events;"
              + " with store: rocksdb they cannot be recomputed. Run once with store: resident and"
              + " without rowsEvery, for some seconds of events of every partition; then this will"
              + " start");
    }
    if (snapshot != null && offsets.span() != null) {
      snapshot.end(); // What it would hold soon differs from what rows and span say.
    } else if (snapshot != null) {
      snapshot.release();
    }
    end();
    active = true;
  }

  /** Ends to process. */
  void end() {
    active = false;
    if (disk != null) {
      memories.clear();
    }
  }

  void beforeCommit(Runnable action) {
    beforeCommit = action;
  }

  /** The tasks of one topology in this process, found by their id. */
  static final class Registry {

    private final Map<TaskId, TaskMemory> tasks = new ConcurrentHashMap<>();
    private final Supplier<Memories> maker;

    /** Creates a registry of tasks with memories as {@code maker} makes them. */
    Registry(Supplier<Memories> maker) {
      this.maker = maker;
    }

    /**
     * Begins a task anew; what was known of it is void.
     *
     * @param snapshots makes the snapshot of its memories, null where there is to be none
     */
    TaskMemory open(TaskId task, Function<Memories, @Nullable LocalSnapshot> snapshots) {
      TaskMemory memory = new TaskMemory(maker, snapshots);
      TaskMemory before = tasks.put(task, memory);
      if (before != null) {
        before.memories.close();
      }
      return memory;
    }

    /** Ends a task, unless it was begun anew meanwhile. */
    void close(TaskId task, TaskMemory memory) {
      memory.memories.close();
      tasks.remove(task, memory);
    }

    /**
     * Returns a task that is open.
     *
     * @throws IllegalStateException if it is not
     */
    TaskMemory of(TaskId task) {
      TaskMemory memory = tasks.get(task);
      if (memory == null) {
        throw new IllegalStateException("task " + task + " has no memory store");
      }
      if (!memory.load()) {
        throw new IllegalStateException(
            "The snapshot of task " + task + " is unreadable and was deleted. Start again");
      }
      return memory;
    }

    /**
     * Has a task do what is to be done before a commit. Nothing if it is closed already: the caches
     * of a task that failed are flushed after its stores are gone.
     */
    void commitIsNear(TaskId task) {
      TaskMemory memory = tasks.get(task);
      if (memory != null) {
        memory.beforeCommit.run();
      }
    }

    /** Returns how many tasks process events. */
    int active() {
      int active = 0;
      for (TaskMemory memory : tasks.values()) {
        active += memory.active ? 1 : 0;
      }
      return active;
    }

    /** Returns the number of keys of all tasks; approximate while they work. */
    long keys() {
      long keys = 0;
      for (TaskMemory memory : tasks.values()) {
        keys += memory.memories.size();
      }
      return keys;
    }
  }
}
