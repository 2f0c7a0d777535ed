/**
 * A real Kafka broker inside this process, for the demo and for tests: never in the production
 * image, whose class path has no broker.
 *
 * <p>Nothing here imitates Kafka. The broker is Kafka's own, one node that is broker and controller
 * at once, with the settings that make a start quick and a test short. It listens on the loopback
 * interface only and keeps its data in a folder that goes away with it.
 *
 * <p>Read {@link dev.sluice.sandbox.SandboxBroker} first, then {@link
 * dev.sluice.sandbox.SandboxSettings}.
 *
 * <p>This package uses no other package of Sluice. It is the only one that may import {@code
 * kafka.server} and what else is not a public API of Kafka.
 */
@NullMarked
package dev.sluice.sandbox;

import org.jspecify.annotations.NullMarked;
