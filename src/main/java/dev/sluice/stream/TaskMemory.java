package dev.sluice.stream;

import dev.sluice.state.Memories;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * What the stores and the processor of one task share: the resident memories, their snapshot on
 * local disk, and what is to be done just before a commit.
 */
final class TaskMemory {

  private final Function<Memories, @Nullable LocalSnapshot> snapshots;
  private Memories memories = new Memories();
  private @Nullable LocalSnapshot snapshot;
  private boolean loaded;
  private Runnable beforeCommit = () -> {};

  private TaskMemory(Function<Memories, @Nullable LocalSnapshot> snapshots) {
    this.snapshots = snapshots;
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
      memories = new Memories();
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

  void beforeCommit(Runnable action) {
    beforeCommit = action;
  }

  /** The tasks of one topology in this process, found by their id. */
  static final class Registry {

    private final Map<TaskId, TaskMemory> tasks = new ConcurrentHashMap<>();

    /**
     * Begins a task anew; what was known of it is void.
     *
     * @param snapshots makes the snapshot of its memories, null where there is to be none
     */
    TaskMemory open(TaskId task, Function<Memories, @Nullable LocalSnapshot> snapshots) {
      TaskMemory memory = new TaskMemory(snapshots);
      tasks.put(task, memory);
      return memory;
    }

    /** Ends a task, unless it was begun anew meanwhile. */
    void close(TaskId task, TaskMemory memory) {
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
