/** Recurrent cells. */
@NullMarked
package dev.sluice.cell;

import org.jspecify.annotations.NullMarked;
