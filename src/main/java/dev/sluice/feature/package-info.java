/**
 * Events as numbers: what the network reads, scaled as the trainer scaled it.
 *
 * <p>Read {@link dev.sluice.feature.Feature} (what can be an input), {@link
 * dev.sluice.feature.Scaling} (how a number is scaled), {@link dev.sluice.feature.FeatureSpec} (all
 * inputs of a model, in order) and {@link dev.sluice.feature.Encoder} (one event becomes a row).
 *
 * <p>What a key's own history adds (its running scale, the time of its last event) lives in a strip
 * of doubles that the caller keeps: the key's statistics. Everything here is exact arithmetic in a
 * fixed order, so that training, files and streams see the same bits.
 *
 * <p>May use {@code event}, {@code text} and {@code kernel}.
 */
@NullMarked
package dev.sluice.feature;

import org.jspecify.annotations.NullMarked;
