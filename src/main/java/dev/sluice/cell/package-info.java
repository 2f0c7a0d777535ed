/** Recurrent cells and the memory they carry. */
@NullMarked
package dev.sluice.cell;

import org.jspecify.annotations.NullMarked;
