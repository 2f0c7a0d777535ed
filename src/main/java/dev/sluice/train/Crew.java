package dev.sluice.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * This thread and some helpers, who do the parts of a job again and again. A job may take less than
 * a millisecond, so that everybody first spins for a moment before going to sleep: handing over by
 * an executor's queue cost 5 % of an iteration. Which thread does which part is not determined.
 *
 * <p>One thread at a time may call {@link #run}.
 */
final class Crew implements AutoCloseable {

  /** About what the caller does between two jobs. */
  private static final long SPIN_NANOS = 100_000;

  private final List<Thread> helpers = new ArrayList<>();
  private volatile @Nullable Job latest;
  private volatile boolean closed;

  /** Starts {@code helpers} helpers, none or more. */
  Crew(int helpers) {
    for (int i = 1; i <= helpers; i++) {
      int number = i;
      Thread thread = new Thread(() -> help(number), "sluice-train-" + i);
      thread.setDaemon(true);
      this.helpers.add(thread);
      thread.start();
    }
  }

  /** A job, of parts that each want to be done once. */
  private static final class Job {
    final IntConsumer task;
    final Thread caller = Thread.currentThread();
    final AtomicIntegerArray taken;
    final AtomicInteger left;
    volatile @Nullable Throwable failure;

    Job(IntConsumer task, int parts) {
      this.task = task;
      this.taken = new AtomicIntegerArray(parts);
      this.left = new AtomicInteger(parts);
    }

    /** Does what nobody else does, own part first: its memory is in this core's cache. */
    void work(int first) {
      int parts = taken.length();
      for (int i = 0; i < parts; i++) {
        int part = (first + i) % parts;
        if (taken.compareAndSet(part, 0, 1)) {
          work(part, first != 0);
        }
      }
    }

    @SuppressWarnings("CatchingUnchecked") // Whatever it is, the caller has to hear of it.
    private void work(int part, boolean forAnother) {
      try {
        task.accept(part);
      } catch (Throwable e) {
        failure = e;
      }
      if (left.decrementAndGet() == 0 && forAnother) {
        LockSupport.unpark(caller);
      }
    }
  }

  /**
   * Does parts 0 to {@code parts - 1}, each once, and returns when all are done.
   *
   * @throws IllegalStateException if one of them failed
   */
  void run(int parts, IntConsumer task) {
    Job job = new Job(task, parts);
    if (parts > 1) {
      latest = job;
      helpers.forEach(LockSupport::unpark);
    }
    job.work(0);
    long start = System.nanoTime();
    while (job.left.get() > 0) {
      rest(start);
    }
    Throwable failure = job.failure;
    if (failure != null) {
      throw new IllegalStateException("a worker failed", failure);
    }
  }

  private void help(int number) {
    Job done = null;
    long start = System.nanoTime();
    while (!closed) {
      Job job = latest;
      if (job != null && job != done) {
        job.work(number);
        done = job;
        start = System.nanoTime();
      } else {
        rest(start);
      }
    }
  }

  private void rest(long start) {
    if (System.nanoTime() - start < SPIN_NANOS) {
      Thread.onSpinWait();
    } else {
      LockSupport.park(this);
    }
  }

  @Override
  public void close() {
    closed = true;
    helpers.forEach(LockSupport::unpark);
  }
}
