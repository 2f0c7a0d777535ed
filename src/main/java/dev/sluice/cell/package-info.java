/**
 * Recurrent cells and the memory they carry.
 *
 * <p>Read {@link dev.sluice.cell.CellStack} first: what a row of memory looks like, and how a wave
 * of rows is advanced by one event each. {@link dev.sluice.cell.CellLayer} holds the weights of one
 * layer.
 *
 * <p>Weights are immutable and serve all keys and threads; memory is rows of floats that belong to
 * the caller; scratch belongs to the caller too and is confined to its thread.
 *
 * <p>Uses {@code kernel} only.
 */
@NullMarked
package dev.sluice.cell;

import org.jspecify.annotations.NullMarked;
