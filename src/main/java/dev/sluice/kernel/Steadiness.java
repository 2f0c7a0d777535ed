package dev.sluice.kernel;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Tells when the compiler is done with code that allocates nothing, from rounds of the same work on
 * one thread. Until C2 has compiled the vector operations every vector is an object, so a round
 * without garbage says more than its time, which a busy machine spoils.
 */
public final class Steadiness {

  /** Calm rounds in a row that are enough. */
  private static final int ENOUGH = 5;

  /** How much longer than the best a calm round may take. */
  private static final double SLACK = 1.5;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long bestNanos = Long.MAX_VALUE;
  private long startNanos;
  private long startBytes;
  private int calm;

  /** Creates a judge that has seen no round. */
  public Steadiness() {}

  /** Begins a round. */
  public void begin() {
    startBytes = threads.getCurrentThreadAllocatedBytes();
    startNanos = System.nanoTime();
  }

  /** Ends a round and returns whether the last few were calm. */
  public boolean end() {
    long nanos = System.nanoTime() - startNanos;
    boolean garbage = threads.getCurrentThreadAllocatedBytes() > startBytes;
    if (garbage || nanos > SLACK * bestNanos || nanos * SLACK < bestNanos) {
      calm = 0; // A round that is much faster than all before: compiled just now.
    } else {
      calm++;
    }
    bestNanos = Math.min(bestNanos, nanos);
    return calm >= ENOUGH;
  }
}
