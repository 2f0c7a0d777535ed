package dev.sluice.stream;

import dev.sluice.registry.Models;
import dev.sluice.state.Memories;
import dev.sluice.state.RowCodec;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * When the changed memories of a task are written to the changelog: all of them with each commit,
 * or each at times, so that the input itself is the log of what changed between.
 *
 * <p>A row with each event is what remains of the cost of an event where there are many keys; but a
 * memory is a function of the events of its key alone, and recomputing an event takes less than
 * writing and restoring a row. So a row may stay unwritten for {@link Rule#every}; each commit says
 * with a {@link Span} which events the rows lack; and whoever goes on with the task takes these
 * through the river first ({@link Recompute}).
 *
 * <p>A topology that was switched back to a row with each commit finds such a span too. It then
 * writes what was recomputed, a part with each commit, and when nothing is left it says so with a
 * tombstone; from then on rows are plain again.
 */
final class Saving {

  private static final Bytes SPAN = Bytes.wrap(Span.key());

  private final TaskMemory task;
  private final Memories memories;
  private final boolean always;
  private @Nullable Unsaved unsaved; // Null while every row is written with its commit.
  private @Nullable Span saved;

  /**
   * How a topology wants it.
   *
   * @param every how long a changed memory may stay unwritten; 0 for no longer than to its commit
   * @param input the topic that memories are recomputed from
   * @param nanoTime a clock that never goes back
   * @param reader opens what reads the input once more
   */
  record Rule(Duration every, String input, LongSupplier nanoTime, Reader reader) {

    /** Returns whether each commit writes every row that it changed. */
    boolean isAlways() {
      return every.isZero();
    }
  }

  /** Opens a consumer that sees what the stream's own sees. */
  @FunctionalInterface
  interface Reader {

    /**
     * Opens it.
     *
     * @param configs of the stream, as a processor's context has them
     */
    Consumer<byte[], byte[]> open(Map<String, Object> configs, String clientId);
  }

  private Saving(TaskMemory task, boolean always) {
    this.task = task;
    this.memories = task.memories();
    this.always = always;
  }

  /**
   * Begins the work of a task, whose rows are restored, with memories as they were at its last
   * commit.
   *
   * @param configs of the stream
   */
  static Saving begin(
      ScoringProcessor.Plan plan, TaskMemory task, TaskId id, Map<String, Object> configs) {
    Rule rule = plan.saving();
    var saving = new Saving(task, rule.isAlways());
    Span span = task.offsets().span();
    if (rule.isAlways() && span == null) {
      task.offsets().clear();
      return saving;
    }
    var unsaved = new Unsaved(saving.memories, rule.every().toNanos(), rule.nanoTime());
    if (span != null) {
      recompute(plan, task, id, configs, span);
      unsaved.resume(span);
    }
    saving.saved = span;
    saving.unsaved = unsaved;
    task.offsets().clear();
    return saving;
  }

  private static void recompute(
      ScoringProcessor.Plan plan,
      TaskMemory task,
      TaskId id,
      Map<String, Object> configs,
      Span span) {
    if (span.isEmpty()) {
      return;
    }
    var partition = new TopicPartition(plan.saving().input(), id.partition());
    try (Consumer<byte[], byte[]> input =
        plan.saving().reader().open(configs, "sluice-recompute-" + id)) {
      new Recompute(plan, task.memories(), task.offsets()).run(input, partition, span);
    }
  }

  /**
   * Events are about to change memories.
   *
   * @param offset of the first of them
   */
  void waveBegins(long offset, Models<?> models) {
    if (unsaved != null) {
      unsaved.begins(offset, models);
    }
  }

  /** Events have changed memories: {@code count} records before {@code nextOffset}. */
  void waveEnds(long nextOffset, int count) {
    if (unsaved != null) {
      unsaved.ends(nextOffset, count);
    }
  }

  /** Returns how many rows the next commit adds to those that are to be written. */
  int changedLately() {
    return unsaved == null ? memories.changedCount() : unsaved.changedLately();
  }

  /** Returns whether rows wait although no event comes. */
  boolean isBehind() {
    return unsaved != null && !unsaved.isEmpty();
  }

  /**
   * Puts the rows that are due, while a commit is prepared.
   *
   * @return how many
   */
  int putDue(KeyValueStore<Bytes, byte[]> rows) {
    int due = unsaved == null ? memories.changedCount() : unsaved.due();
    for (int i = 0; i < due; i++) {
      int slot = memories.changedSlot(i);
      byte[] row = RowCodec.write(memories, slot);
      byte[] dated = unsaved == null ? row : DatedRow.write(row, unsaved.next());
      rows.put(Bytes.wrap(memories.key(slot)), dated);
    }
    return due;
  }

  /** The rows that were due are put, and the commit comes. */
  void written(int due, KeyValueStore<Bytes, byte[]> rows) {
    if (unsaved == null) {
      task.written();
      return;
    }
    unsaved.saved(due);
    if (always && unsaved.isEmpty()) {
      rows.delete(SPAN);
      unsaved = null;
      saved = null;
    } else {
      Span span = unsaved.span();
      rows.put(SPAN, span.toBytes());
      saved = span;
    }
  }

  /** The task ends with a commit; its memories may stay, as a standby. */
  void end() {
    if (saved != null) {
      task.offsets().leave(memories, saved);
      memories.forgetChanges();
    }
  }
}
