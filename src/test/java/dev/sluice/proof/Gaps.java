package dev.sluice.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** For each fault the longest silence of an input partition that followed it. */
final class Gaps {

  /** What was committed before the fault may arrive just after it: the gap is from the fault. */
  private static final long JUST_AFTER_NANOS = 300_000_000L;

  private static final long FLOW_NANOS = 1_000_000_000L;

  private final int partitions;
  private final List<Watch> watches = new ArrayList<>();

  /** What a fault did to the output. */
  static final class Watch {
    private final Fault fault;
    private final long fromNanos;
    private final long[] last;
    private final boolean[] over;
    private long toNanos = Long.MAX_VALUE;
    private long longest;
    private long heldNanos = Long.MAX_VALUE;

    Watch(Fault fault, long fromNanos, int partitions) {
      this.fault = fault;
      this.fromNanos = fromNanos;
      this.last = new long[partitions];
      Arrays.fill(last, fromNanos);
      this.over = new boolean[partitions];
    }

    /**
     * Of silences that reach into the next fault, only one that this fault began counts; of those
     * that began when no events were sent any more, none.
     */
    private void arrived(int partition, long now) {
      boolean began = last[partition] - fromNanos < JUST_AFTER_NANOS;
      boolean flowed = heldNanos == Long.MAX_VALUE || last[partition] < heldNanos - FLOW_NANOS;
      if (began || (now < toNanos && flowed)) {
        longest = Math.max(longest, now - (began ? fromNanos : last[partition]));
      }
      last[partition] = now;
      over[partition] = now >= toNanos;
    }

    Fault fault() {
      return fault;
    }

    Duration gap() {
      return Duration.ofNanos(longest);
    }

    /** Returns whether the gap says something about the fault alone. */
    boolean isClear() {
      return fromNanos + longest <= toNanos;
    }
  }

  Gaps(int partitions) {
    this.partitions = partitions;
  }

  /** Notes that a fault strikes now. */
  synchronized void struck(Fault fault, long nanos) {
    if (!watches.isEmpty()) {
      watches.getLast().toNanos = nanos;
    }
    watches.add(new Watch(fault, nanos, partitions));
  }

  /** Notes a record that could be read. */
  synchronized void arrived(int partition, long nanos) {
    for (int i = Math.max(0, watches.size() - 4); i < watches.size(); i++) {
      Watch watch = watches.get(i);
      if (!watch.over[partition] && nanos >= watch.fromNanos) {
        watch.arrived(partition, nanos);
      }
    }
  }

  /** Notes that no events are sent from now on: silences that begin now say nothing. */
  synchronized void held(long nanos) {
    if (!watches.isEmpty()) {
      Watch watch = watches.getLast();
      watch.heldNanos = Math.min(watch.heldNanos, nanos);
    }
  }

  /** Returns the gap of every fault, in their order. */
  synchronized List<Watch> all() {
    return List.copyOf(watches);
  }
}
