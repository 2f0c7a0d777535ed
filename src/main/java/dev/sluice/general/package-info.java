/**
 * The model that is shipped: what scores a key before anybody has trained anything.
 *
 * <p>{@link dev.sluice.general.GeneralModel} reads it and gives it the name of a field. It was
 * learned, by this project's own trainer, from {@link dev.sluice.general.GeneralSeries}: series of
 * several families that are made up here, so that nobody's data is in it and everybody can learn it
 * anew.
 *
 * <p>May use {@code model}, {@code artifact}, {@code config} and what those use.
 */
@NullMarked
package dev.sluice.general;

import org.jspecify.annotations.NullMarked;
