package dev.sluice.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.event.Rejection;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Where records come from, and how those that cannot be scored go on: key, value and headers as
 * they came, and why, in more headers.
 *
 * <pre>
 *   header                    text
 *   sluice-reason             MALFORMED, MISSING_FIELD, ... (see {@link Rejection.Reason})
 *   sluice-message            what was found and what was expected
 *   sluice-exception          class of the exception
 *   sluice-source             topic/partition/offset it was read from
 *   sluice-time               timestamp of the record, milliseconds since 1970-01-01T00:00Z
 * </pre>
 */
final class Provenance {

  /** Header that says where a record was first read from. */
  static final String SOURCE = "sluice-source";

  private final boolean rekeyed;

  /**
   * Creates the provenance of one topology.
   *
   * @param rekeyed whether records come through our own re-keying, which notes where from
   */
  Provenance(boolean rekeyed) {
    this.rekeyed = rekeyed;
  }

  /** Returns {@code record} as a dead letter. */
  Record<byte @Nullable [], byte @Nullable []> deadLetter(
      ConsumerRecord<byte @Nullable [], byte @Nullable []> record, Rejection why) {
    Headers headers = new RecordHeaders(record.headers());
    byte[] source = source(record);
    if (rekeyed) {
      headers.remove(SOURCE);
    }
    headers
        .add("sluice-reason", why.reason().name().getBytes(UTF_8))
        .add("sluice-message", why.getMessage().getBytes(UTF_8))
        .add("sluice-exception", why.getClass().getName().getBytes(UTF_8))
        .add(SOURCE, source)
        .add("sluice-time", Long.toString(record.timestamp()).getBytes(UTF_8));
    return new Record<>(record.key(), record.value(), Math.max(0, record.timestamp()), headers);
  }

  /** Returns where a record was first read from, as topic/partition/offset. */
  byte[] source(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
    return source(record, new SourceText());
  }

  /** Returns the same, with a text that the caller keeps for the next record. */
  byte[] source(ConsumerRecord<byte @Nullable [], byte @Nullable []> record, SourceText text) {
    Header earlier = rekeyed ? record.headers().lastHeader(SOURCE) : null;
    return earlier != null
        ? earlier.value()
        : text.of(record.topic(), record.partition(), record.offset());
  }

  /** Returns a Streams record as the raw record that it was read from. */
  static ConsumerRecord<byte @Nullable [], byte @Nullable []> raw(
      Optional<RecordMetadata> from, Record<byte @Nullable [], ?> record, byte @Nullable [] value) {
    return new ConsumerRecord<>(
        from.map(RecordMetadata::topic).orElse(""),
        from.map(RecordMetadata::partition).orElse(0),
        from.map(RecordMetadata::offset).orElse(0L),
        record.timestamp(),
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        record.key(),
        value,
        record.headers(),
        Optional.empty());
  }
}
