/**
 * From raw text to the ids that a network reads.
 *
 * <p>{@link dev.sluice.text.Vocabulary} knows the words of a category, and keeps id 0 for every
 * other. Tokenizers and log templates will join it here.
 *
 * <p>May use {@code kernel}, {@code event} and {@code observe}; uses none of them yet.
 */
@NullMarked
package dev.sluice.text;

import org.jspecify.annotations.NullMarked;
