/**
 * Everything that one trained artifact says, as one immutable value: {@link dev.sluice.model.Model}
 * of a key's events or {@link dev.sluice.model.MessageModel} of one message's tokens, and where it
 * comes from, {@link dev.sluice.model.Lineage}.
 *
 * <p>May use {@code feature}, {@code cell}, {@code head}, {@code score} and what they use.
 */
@NullMarked
package dev.sluice.model;

import org.jspecify.annotations.NullMarked;
