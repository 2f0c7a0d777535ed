/**
 * From recorded events to a model, offline.
 *
 * <p>Read it in the order the data moves:
 *
 * <ol>
 *   <li>{@link dev.sluice.train.FileHistory} and {@link dev.sluice.train.TopicHistory} read events
 *       into a {@link dev.sluice.train.History}: columns, key by key;
 *   <li>{@link dev.sluice.train.Split} cuts it at one point of time: learn before, validate after;
 *   <li>{@code Fit} learns scales, vocabularies and bins; {@code Samples} are the events as the
 *       encoder of the stream sees them, once for all epochs;
 *   <li>{@code Lanes} deals the keys to the lanes of a batch, window by window; a {@code Team} of
 *       {@code Worker}s takes them forward and backward through the {@code Network}; {@code
 *       Objective} is the loss of each kind of head;
 *   <li>{@link dev.sluice.train.Trainer} is the loop; {@link dev.sluice.train.Evaluation} is what a
 *       model is worth, measured as the stream would measure it.
 * </ol>
 *
 * <p>The rule of the whole package: an event is predicted from what its key's memory was before it,
 * encoded with what its key's statistics were before it, exactly as {@code river} does. And the
 * same history, topology and seed give the same artifact, byte for byte.
 *
 * <p>Of Kafka it sees the consumer only. It may use {@code river} and everything below it.
 */
@NullMarked
package dev.sluice.train;

import org.jspecify.annotations.NullMarked;
