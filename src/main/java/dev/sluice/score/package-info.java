/**
 * How surprising an observation was, as one number in [0, 1] with one threshold for all keys.
 *
 * <p>Read {@link dev.sluice.score.Calibration} (what is configured) and {@link
 * dev.sluice.score.Scorer} (surprise against the key's own record). What a key's history adds lives
 * in the key's statistics, a strip of doubles that the caller keeps.
 *
 * <p>May use {@code kernel}, {@code event} and {@code observe}; uses none of them yet.
 */
@NullMarked
package dev.sluice.score;

import org.jspecify.annotations.NullMarked;
