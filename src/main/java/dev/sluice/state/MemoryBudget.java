package dev.sluice.state;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes the memories of a process may take, all tasks together. Counted are the pages of
 * rows and statistics, and what a key costs besides; what is asked for beyond the limit is refused.
 *
 * <p>Thread-safe; a {@link Share} is confined to the thread of its task.
 */
public final class MemoryBudget {

  private final long limit;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong keys = new AtomicLong();

  private MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** Returns a budget of {@code bytes}. */
  public static MemoryBudget of(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("A budget of " + bytes + " bytes. Give at least 1");
    }
    return new MemoryBudget(bytes);
  }

  /** Returns a budget that is never exceeded. */
  public static MemoryBudget unlimited() {
    return new MemoryBudget(Long.MAX_VALUE);
  }

  /** Returns the bytes that are allowed. */
  public long limit() {
    return limit;
  }

  /** Returns the bytes that are taken. */
  public long taken() {
    return taken.get();
  }

  /** Returns the keys that are known. */
  public long keys() {
    return keys.get();
  }

  /** Begins the part of one task. */
  Share share() {
    return new Share();
  }

  /** What one task has taken. */
  final class Share {

    private long own;
    private long ownKeys;

    /**
     * Takes bytes.
     *
     * @throws MemoryBudgetException if there are not so many left; nothing is taken
     */
    void take(long bytes) {
      long now = taken.addAndGet(bytes);
      if (now > limit) {
        taken.addAndGet(-bytes);
        throw new MemoryBudgetException(keys.get(), now, limit);
      }
      own += bytes;
    }

    /** Takes the bytes of one more key. */
    void takeKey(long bytes) {
      take(bytes);
      keys.incrementAndGet();
      ownKeys++;
    }

    void giveBack(long bytes) {
      taken.addAndGet(-bytes);
      own -= bytes;
    }

    void giveBackKey(long bytes) {
      giveBack(bytes);
      keys.decrementAndGet();
      ownKeys--;
    }

    /** Gives everything back. */
    void close() {
      taken.addAndGet(-own);
      keys.addAndGet(-ownKeys);
      own = 0;
      ownKeys = 0;
    }
  }
}
