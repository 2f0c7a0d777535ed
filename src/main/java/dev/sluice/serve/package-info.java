/**
 * HTTP for the people and machines that look after a process: is it alive, is it ready, what does
 * it count.
 *
 * <p>{@link dev.sluice.serve.HealthServer} is all there is so far. It listens on loopback unless
 * told otherwise.
 *
 * <p>May use {@code stream} and everything below it; uses none of it yet.
 */
@NullMarked
package dev.sluice.serve;

import org.jspecify.annotations.NullMarked;
