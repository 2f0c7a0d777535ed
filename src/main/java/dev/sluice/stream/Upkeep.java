package dev.sluice.stream;

import dev.sluice.state.Hand;
import dev.sluice.state.Memories;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What the memories of a task need between waves: idle keys go, and, where the rows are on disk,
 * the resident ones stay within their cache.
 *
 * <p>A key that was silent for longer than it may be is new to the next event whether it is still
 * here or not: that is for the river to see. What is removed here was silent, by the latest time of
 * the task's events, for twice as long: only an event that is late by more than the limit itself
 * could have found it.
 */
final class Upkeep {

  /** Slots that are looked at for each wave, and rows on disk. */
  private static final int LOOKS = 256;

  private static final int DISK_LOOKS = 64;
  private static final int MOST_LOOKS = 1 << 14;

  private final TaskMemory task;
  private final Memories memories;
  private final TaskMemory.Registry tasks;
  private final Limits limits;
  private final Hand idleHand;
  private final Hand coldHand;
  private int waves;

  /**
   * What bounds the memories.
   *
   * @param idleMillis after which a key may be removed; the largest number for never
   * @param cacheBytes of resident rows in the process, where they are on disk
   */
  record Limits(long idleMillis, long cacheBytes) {

    static Limits of(long expireAfterMillis, long cacheBytes) {
      boolean ever = expireAfterMillis < Long.MAX_VALUE / 2;
      return new Limits(ever ? 2 * expireAfterMillis : Long.MAX_VALUE, cacheBytes);
    }
  }

  Upkeep(TaskMemory task, TaskMemory.Registry tasks, Limits limits) {
    this.task = task;
    this.memories = task.memories();
    this.tasks = tasks;
    this.limits = limits;
    this.idleHand = new Hand(memories);
    this.coldHand = new Hand(memories);
  }

  /**
   * Keeps the resident rows within the cache, when no wave is under way.
   *
   * @param ask asks for a commit
   * @param write writes what changed at once, which is part of the same transaction
   */
  void afterWave(Runnable ask, Runnable write) {
    waves++;
    if (task.disk() == null) {
      return;
    }
    long most = limits.cacheBytes() / Math.max(1, tasks.active());
    if (memories.residentBytes() <= most) {
      return;
    }
    long aim = most - most / 8;
    // Where nearly all of them have changed there is nothing to be found.
    if (memories.size() - memories.changedCount() > memories.size() / 16) {
      coldHand.evict(aim);
    }
    if (memories.residentBytes() > most) {
      ask.run();
    }
    if (memories.residentBytes() > most + most / 2) {
      write.run();
      coldHand.evict(aim);
    }
  }

  /**
   * Removes some keys that are idle, when a commit is near; those that changed stay.
   *
   * @param rows the logged store
   * @return how many were removed
   */
  int beforeCommit(KeyValueStore<Bytes, byte[]> rows) {
    int looks = (int) Math.min(MOST_LOOKS, (long) LOOKS * waves);
    int diskLooks = (int) Math.min(MOST_LOOKS, (long) DISK_LOOKS * waves);
    waves = 0;
    if (limits.idleMillis() == Long.MAX_VALUE || memories.streamTime() == Memories.NO_TIME) {
      return 0;
    }
    int removed =
        idleHand.removeIdle(
            looks, limits.idleMillis(), slot -> rows.delete(Bytes.wrap(memories.key(slot))));
    DiskStore disk = task.disk();
    if (disk != null) {
      for (Bytes key : disk.idle(diskLooks, memories.streamTime(), limits.idleMillis())) {
        rows.delete(key);
        removed++;
      }
    }
    return removed;
  }
}
