/**
 * A key's memory: resident rows that the cell steps in place, and the bytes that outlive the
 * process.
 *
 * <p>Read {@link dev.sluice.state.RowLayout} and {@link dev.sluice.state.Strip} (what a row holds),
 * {@link dev.sluice.state.Memories} (all keys of one stream task: key table, rows, what changed
 * since the last commit) and {@link dev.sluice.state.RowCodec} (a row as bytes; the layout is a
 * promise to the past).
 *
 * <p>There is no Kafka store in here; {@code stream} binds these to one.
 *
 * <p>May use {@code kernel}, {@code cell}, {@code feature}, {@code score} and {@code model}.
 */
@NullMarked
package dev.sluice.state;

import org.jspecify.annotations.NullMarked;
