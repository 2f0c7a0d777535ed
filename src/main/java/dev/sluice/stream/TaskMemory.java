package dev.sluice.stream;

import dev.sluice.state.Memories;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;

/**
 * What the stores and the processor of one task share: the resident memories, and what is to be
 * done just before a commit.
 */
final class TaskMemory {

  private final Memories memories = new Memories();
  private Runnable beforeCommit = () -> {};

  Memories memories() {
    return memories;
  }

  void beforeCommit(Runnable action) {
    beforeCommit = action;
  }

  /** The tasks of one topology in this process, found by their id. */
  static final class Registry {

    private final Map<TaskId, TaskMemory> tasks = new ConcurrentHashMap<>();

    /** Begins a task anew; what was known of it is void. */
    TaskMemory open(TaskId task) {
      TaskMemory memory = new TaskMemory();
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
