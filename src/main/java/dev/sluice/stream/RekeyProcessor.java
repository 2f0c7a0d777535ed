package dev.sluice.stream;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.event.JsonDecoder;
import dev.sluice.event.Rejection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Gives each event the key that one of its fields holds, so that all events of a key meet in one
 * partition. The value stays as it came; where it was read from goes along in a header.
 */
final class RekeyProcessor
    implements Processor<
        byte @Nullable [], byte @Nullable [], byte @Nullable [], byte @Nullable []> {

  private final JsonDecoder decoder;
  private final Provenance provenance = new Provenance(false);
  private final StreamMeters meters;
  private final Event event;
  private ProcessorContext<byte @Nullable [], byte @Nullable []> context;

  RekeyProcessor(EventSchema schema, StreamMeters meters) {
    this.decoder = new JsonDecoder(schema);
    this.meters = meters;
    this.event = schema.newEvent();
  }

  @Override
  public void init(ProcessorContext<byte @Nullable [], byte @Nullable []> context) {
    this.context = context;
  }

  @Override
  public void process(Record<byte @Nullable [], byte @Nullable []> record) {
    ConsumerRecord<byte @Nullable [], byte @Nullable []> raw =
        Provenance.raw(context.recordMetadata(), record, record.value());
    try {
      decoder.decode(record.key(), record.value(), record.timestamp(), event);
    } catch (Rejection e) {
      meters.deadLetter(e.reason());
      context.forward(provenance.deadLetter(raw, e), ScoringTopology.REKEY_DEAD_LETTERS);
      return;
    }
    Headers headers = new RecordHeaders(record.headers());
    headers.remove(Provenance.SOURCE);
    headers.add(Provenance.SOURCE, provenance.source(raw));
    context.forward(
        new Record<>(event.key(), record.value(), record.timestamp(), headers),
        ScoringTopology.REKEYED);
  }
}
