/** Arithmetic. */
@NullMarked
package dev.sluice.kernel;

import org.jspecify.annotations.NullMarked;
