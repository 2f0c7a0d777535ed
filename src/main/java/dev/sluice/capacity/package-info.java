/**
 * From measured costs to machines: what {@code sluice plan} says.
 *
 * <p>Read {@link dev.sluice.capacity.Demand} (what is asked for), {@link
 * dev.sluice.capacity.KeyMemory} (what a key takes, from the row's own layout), {@link
 * dev.sluice.capacity.Costs} (what an event and a row cost, measured by {@code sluice bench}) and
 * {@link dev.sluice.capacity.Plan} (the sums, each with its formula).
 */
@NullMarked
package dev.sluice.capacity;

import org.jspecify.annotations.NullMarked;
