/**
 * Recurrent cells and the memory they carry.
 *
 * <p>Read {@link dev.sluice.cell.LstmStack} first: what a row of memory looks like, and how a wave
 * of rows is advanced by one event each. {@link dev.sluice.cell.LstmLayer} holds the weights of one
 * layer. The trainer's side begins at {@link dev.sluice.cell.TrainableLstm}: the same equations
 * over windows of many steps, forwards and backwards; {@link dev.sluice.cell.TrainableLinear} is
 * the layer that a head puts on top, and {@link dev.sluice.cell.Adam} turns gradients into steps.
 *
 * <p>Weights are immutable and serve all keys and threads; memory is rows of floats that belong to
 * the caller; scratch belongs to the caller too and is confined to its thread.
 *
 * <p>Uses {@code kernel} only.
 */
@NullMarked
package dev.sluice.cell;

import org.jspecify.annotations.NullMarked;
