/**
 * Which model is in force for which event, and how a new one takes over.
 *
 * <p>Reading order, along the way of the weights:
 *
 * <ol>
 *   <li>{@link dev.sluice.registry.Timeline}: what was published and rolled back, in order. {@link
 *       dev.sluice.registry.Models}: the same with the loaded models, which answers the one
 *       question of the data path.
 *   <li>{@link dev.sluice.registry.WeightsTopic}: the records that carry a model through Kafka;
 *       {@link dev.sluice.registry.WeightsKey} and {@link dev.sluice.registry.Manifest} are its
 *       keys and labels.
 *   <li>{@link dev.sluice.registry.WeightsPublisher} writes them, {@link
 *       dev.sluice.registry.WeightsReader} reads and checks them.
 *   <li>{@link dev.sluice.registry.WeightsFollower} keeps {@code Models} current on its own thread.
 *       {@link dev.sluice.registry.FixedModels} stands in for it where there is no Kafka.
 * </ol>
 *
 * <p>The rule of the whole package: what cannot be proven whole is refused with a reason, and the
 * model in force stays in force. Nothing here runs on a thread that processes events.
 *
 * <p>Where keys are configured, that goes for what nobody vouches for, too: {@link
 * dev.sluice.artifact.TrustedKeys} says what signatures protect and what they do not.
 *
 * <p>This package is generic in the model. It may use {@code kernel}, {@code event}, {@code
 * observe}, {@code text}, {@code feature}, {@code cell}, {@code head}, {@code score}, {@code
 * model}, {@code artifact} and {@code config}, and so far uses the keys and signatures of {@code
 * artifact} only; of Kafka it sees the clients only.
 */
@NullMarked
package dev.sluice.registry;

import org.jspecify.annotations.NullMarked;
