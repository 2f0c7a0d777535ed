/**
 * The hot path: one wave of events through features, cell, head and score.
 *
 * <pre>
 *   recall -> predict from the previous memory -> judge -> step -> remember
 * </pre>
 *
 * <p>Read {@link dev.sluice.river.River} (the path itself), {@link dev.sluice.river.ModelInUse}
 * (what one model needs of a task), {@link dev.sluice.river.Handover} (which version judges, and
 * what becomes of a memory at a swap), {@link dev.sluice.river.Result} (what comes out) and {@link
 * dev.sluice.river.ResultJson} (as bytes).
 *
 * <p>There is no Kafka in here: a stream task, a file and a test run the same code, and get the
 * same bits for the same events however they are cut into waves. Time comes from the events.
 *
 * <p>May use {@code registry}, {@code state}, {@code config}, {@code model} and everything below
 * them.
 */
@NullMarked
package dev.sluice.river;

import org.jspecify.annotations.NullMarked;
