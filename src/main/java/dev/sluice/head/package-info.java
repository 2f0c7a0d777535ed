/**
 * From hidden units to what comes next: a distribution over bins of a value, a Gaussian, or the
 * probabilities of words; and how surprising the event that came was under it.
 *
 * <p>Read {@link dev.sluice.head.Head} (the three kinds and what they share), {@link
 * dev.sluice.head.Linear} (the layer below each), {@link dev.sluice.head.Bins} (a value axis cut in
 * pieces) and {@link dev.sluice.head.Judgement} (what a head says of one event).
 *
 * <p>Surprise is in nats. Values are in units of their scale; the caller turns them back.
 *
 * <p>May use {@code kernel} and {@code text}.
 */
@NullMarked
package dev.sluice.head;

import org.jspecify.annotations.NullMarked;
