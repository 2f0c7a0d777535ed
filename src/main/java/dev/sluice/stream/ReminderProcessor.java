package dev.sluice.stream;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Asks for rows to be written although no event comes.
 *
 * <p>A node of its own, because what a punctuation writes to a changelog has the time of this
 * machine's clock, and brokers refuse records from more than an hour ahead of theirs. What is
 * forwarded here has the time that it is forwarded with: that of an event, as all other rows.
 */
final class ReminderProcessor
    implements Processor<byte @Nullable [], byte @Nullable [], Void, Void> {

  private static final Bytes TICK_KEY = Bytes.wrap(new byte[] {0});
  private static final byte[] TICK = {1};

  private KeyValueStore<Bytes, byte[]> tick;

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    this.tick = context.getStateStore(ScoringTopology.TICK);
  }

  @Override
  public void process(Record<byte @Nullable [], byte @Nullable []> reminder) {
    tick.put(TICK_KEY, TICK);
  }
}
