/**
 * What the results of a stream say about the models that made it: {@link
 * dev.sluice.quality.LiveQuality} of each version; {@link dev.sluice.quality.SwapTest}, whether one
 * is worse than the one before; {@link dev.sluice.quality.Drift}, whether events are still those it
 * was trained on.
 *
 * <p>What results say is read back from the scores topic ({@link dev.sluice.quality.ScoresTopic}),
 * where each names its version; there is no other channel. Nothing here is part of the data path.
 *
 * <p>May use {@code registry} and what that uses, and of Kafka the clients.
 */
@NullMarked
package dev.sluice.quality;

import org.jspecify.annotations.NullMarked;
