/**
 * Checks of the demo data, {@code us-departures-2001.csv.gz}, which is a resource of this package;
 * {@code SOURCE.md} beside it says what it is and where it comes from. Uses no other package.
 */
@NullMarked
package dev.sluice.demo;

import org.jspecify.annotations.NullMarked;
