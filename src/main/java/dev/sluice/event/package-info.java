/**
 * One observation of one key, as decoded from a record, and why decoding failed where it did.
 *
 * <p>Read {@link dev.sluice.event.EventSchema} (what a topology expects of an event), {@link
 * dev.sluice.event.Event} (what decoding leaves behind), {@link dev.sluice.event.JsonDecoder} and
 * {@link dev.sluice.event.CsvDecoder} (from bytes to events), {@link dev.sluice.event.Rejection}
 * (every reason for which an event can be refused).
 *
 * <p>Decoders check everything they are given: what leaves this package is complete, finite and
 * within limits. They write into an event that is used again, and keep nothing between calls.
 *
 * <p>Uses no other package of Sluice.
 */
@NullMarked
package dev.sluice.event;

import org.jspecify.annotations.NullMarked;
