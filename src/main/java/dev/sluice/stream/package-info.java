/**
 * The Kafka Streams side: the only package that sees a processor, a store or a stream's topic.
 *
 * <p>Follow one event: {@link dev.sluice.stream.WaveInterceptor} (polled records become waves),
 * {@link dev.sluice.stream.Wave} and its deserializer, {@link dev.sluice.stream.ScoringProcessor}
 * (a wave goes through the river, its results are forwarded), {@link dev.sluice.stream.TickStore}
 * (just before a commit, what changed is written), {@link dev.sluice.stream.MemoryStore} (the
 * changelog's store, which keeps nothing itself). {@link dev.sluice.stream.Saving} decides which
 * rows that are; where some are left for later, {@link dev.sluice.stream.Recompute} makes up for
 * them after a restart. {@link dev.sluice.stream.ScoringTopology} wires all this, {@link
 * dev.sluice.stream.StreamProperties} sets what it needs.
 *
 * <p>Only public interfaces of Kafka Streams are used. Exactly-once rests on three facts: a wave is
 * processed whole inside one {@code process} call; changed rows are written while the commit is
 * prepared, or a record that says which events they lack, hence in the same transaction as the
 * offsets and the results; and a task that did not commit is closed and restored before it works
 * again.
 *
 * <p>May use {@code river}, {@code registry}, {@code config}, {@code state} and everything below.
 */
@NullMarked
package dev.sluice.stream;

import org.jspecify.annotations.NullMarked;
