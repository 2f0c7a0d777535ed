/**
 * How surprising an observation was, as one number in [0, 1] with one threshold for all keys.
 *
 * <p>Read {@link dev.sluice.score.Calibration} (what is configured), {@code Extremes} (the highest
 * and the lowest of late), {@link dev.sluice.score.Scorer} (surprises and values against the key's
 * own records) and {@link dev.sluice.score.AlertRules} (which scores are alerts, by an {@link
 * dev.sluice.score.AlertPolicy} and by what people said, {@link dev.sluice.score.Verdicts}); for an
 * alert, {@link dev.sluice.score.Severity} and {@link dev.sluice.score.Onset} (how bad, and since
 * when). What a key's history adds lives in the key's statistics, strips of doubles that the caller
 * keeps.
 *
 * <p>May use {@code kernel}, {@code event} and {@code observe}; uses none of them yet.
 */
@NullMarked
package dev.sluice.score;

import org.jspecify.annotations.NullMarked;
