package dev.sluice.stream;

import dev.sluice.registry.Models;
import dev.sluice.state.Memories;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which changed memories of a task are not in the changelog yet, since when, and which part of the
 * input would be needed to recompute them.
 *
 * <p>The memories keep what changed in the order of the first change, and events come in the order
 * of their offsets. So all that is kept here is where, in that order, each commit began: the oldest
 * changes are written once they are old enough, and the events of those that remain begin where the
 * first commit began that still has some. Finding what is due costs nothing but what is due.
 *
 * <p>Confined to the task's thread.
 */
final class Unsaved {

  /**
   * Most rows of one commit; what is due besides waits for the next. More than a commit can add to
   * them, so none waits for ever.
   */
  static final int MOST_ROWS = 100_000;

  /** With so many histories of models at once everything is written. */
  private static final int MANY_STRETCHES = 256;

  private final Memories memories;
  private final long everyNanos;
  private final LongSupplier nanoTime;
  private final Deque<Commit> commits = new ArrayDeque<>();
  private final Deque<Span.Stretch> stretches = new ArrayDeque<>();
  private @Nullable Models<?> models;
  private boolean commitIsOpen;
  private long next;
  private long records; // Since this began to work, and those of the span that it began with.

  /**
   * Where a commit began.
   *
   * @param firstChange how many changes there had ever been
   * @param offset of its first record
   * @param recordsBefore how many records there had been
   * @param nanos when it began
   */
  private record Commit(long firstChange, long offset, long recordsBefore, long nanos) {}

  /**
   * Begins with nothing unsaved.
   *
   * @param everyNanos how long a change may stay unsaved; 0 for no longer than to its commit
   */
  Unsaved(Memories memories, long everyNanos, LongSupplier nanoTime) {
    this.memories = memories;
    this.everyNanos = everyNanos;
    this.nanoTime = nanoTime;
  }

  /**
   * Goes on after a recomputation, which has changed memories. They are due at once: whatever ends
   * this process again, and however often, the part to recompute does not grow.
   */
  void resume(Span span) {
    next = span.next();
    records = span.records();
    stretches.addAll(span.stretches());
    if (memories.changedCount() > 0) {
      long longAgo = nanoTime.getAsLong() - everyNanos;
      commits.add(new Commit(memories.changesForgotten(), span.from(), 0, longAgo));
    }
  }

  /**
   * Events are about to change memories.
   *
   * @param offset of the first of them
   * @param inForce the models that they will find
   */
  void begins(long offset, Models<?> inForce) {
    if (models != inForce) {
      models = inForce;
      stretch(offset, inForce);
    }
    if (!commitIsOpen) {
      commitIsOpen = true;
      long changes = changes();
      if (!commits.isEmpty() && commits.getLast().firstChange == changes) {
        commits.removeLast();
      }
      commits.add(new Commit(changes, offset, records, nanoTime.getAsLong()));
    }
  }

  private long changes() {
    return memories.changesForgotten() + memories.changedCount();
  }

  private void stretch(long offset, Models<?> inForce) {
    long fingerprint = inForce.fingerprint();
    if (stretches.isEmpty() || stretches.getLast().fingerprint() != fingerprint) {
      stretches.add(new Span.Stretch(offset, inForce.newest().sequence(), fingerprint));
    }
  }

  /** Events have changed memories: everything before {@code nextOffset}, {@code count} records. */
  void ends(long nextOffset, int count) {
    next = nextOffset;
    records += count;
  }

  /** Returns how many memories changed for the first time since the last commit. */
  int changedLately() {
    return commitIsOpen ? (int) (changes() - commits.getLast().firstChange) : 0;
  }

  /** Returns how many of the oldest changes are to be written now. */
  int due() {
    if (everyNanos == 0 || stretches.size() > MANY_STRETCHES) {
      return Math.min(MOST_ROWS, memories.changedCount());
    }
    long now = nanoTime.getAsLong();
    long until = changes();
    for (Commit commit : commits) {
      if (now - commit.nanos < everyNanos) {
        until = commit.firstChange;
        break;
      }
    }
    return (int) Math.min(MOST_ROWS, until - memories.changesForgotten());
  }

  /** The oldest {@code count} changes were written, and a commit comes. */
  void saved(int count) {
    memories.forgetChanges(count);
    commitIsOpen = false;
    Commit first = commits.poll();
    while (first != null && !commits.isEmpty()) {
      if (commits.getFirst().firstChange > memories.changesForgotten()) {
        break;
      }
      first = commits.poll();
    }
    if (first != null && memories.changedCount() > 0) {
      commits.addFirst(first);
    }
    long from = from();
    Span.Stretch stretch = stretches.poll();
    while (stretch != null && !stretches.isEmpty() && stretches.getFirst().from() <= from) {
      stretch = stretches.poll();
    }
    if (stretch != null) {
      stretches.addFirst(stretch);
    }
  }

  private long from() {
    return commits.isEmpty() ? next : commits.getFirst().offset;
  }

  /** Returns the offset of the first record that no memory includes. */
  long next() {
    return next;
  }

  /** Returns what is to be recomputed if the process ends after this commit. */
  Span span() {
    long before = commits.isEmpty() ? records : commits.getFirst().recordsBefore;
    List<Span.Stretch> kept = new ArrayList<>(stretches);
    return new Span(from(), next, records - before, kept);
  }

  /** Returns whether everything is in the changelog. */
  boolean isEmpty() {
    return memories.changedCount() == 0;
  }
}
