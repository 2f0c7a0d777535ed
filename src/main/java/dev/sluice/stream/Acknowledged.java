package dev.sluice.stream;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Up to which offset the broker has acknowledged what was written to changelogs. Kafka Streams
 * knows it, but tells a store only when its task is closed; a snapshot has to know it at every
 * commit.
 *
 * <p>One for all threads of a stream: {@link StreamProperties} puts it into the producers'
 * properties, where {@link Interceptor} and the stores find it.
 */
final class Acknowledged {

  /** Producer property that holds the instance. */
  static final String PROPERTY = "sluice.acknowledged";

  private final Map<TopicPartition, AtomicLong> offsets = new ConcurrentHashMap<>();

  private AtomicLong of(TopicPartition partition) {
    return offsets.computeIfAbsent(partition, _ -> new AtomicLong(-1));
  }

  /** Returns the offset of the latest record of this process, empty if there is none yet. */
  OptionalLong latest(TopicPartition partition) {
    AtomicLong offset = offsets.get(partition);
    return offset == null || offset.get() < 0
        ? OptionalLong.empty()
        : OptionalLong.of(offset.get());
  }

  /** Forgets a partition: another process may write to it from now on. */
  void forget(TopicPartition partition) {
    offsets.remove(partition);
  }

  @Override
  public String toString() {
    return "offsets of " + offsets.size() + " changelog partitions";
  }

  /** Looks at the acknowledgements of one producer. Called by that producer's sender only. */
  public static final class Interceptor
      implements ProducerInterceptor<byte @Nullable [], byte @Nullable []> {

    private @Nullable Acknowledged acknowledged;

    /** Created by Kafka, by name. */
    public Interceptor() {}

    @Override
    public void configure(Map<String, ?> configs) {
      if (configs.get(PROPERTY) instanceof Acknowledged shared) {
        acknowledged = shared;
      }
    }

    @Override
    public ProducerRecord<byte @Nullable [], byte @Nullable []> onSend(
        ProducerRecord<byte @Nullable [], byte @Nullable []> record) {
      return record;
    }

    @Override
    public void onAcknowledgement(
        @Nullable RecordMetadata metadata, @Nullable Exception exception) {
      if (acknowledged == null || metadata == null || exception != null) {
        return;
      }
      if (metadata.hasOffset() && metadata.topic().endsWith(ChangelogCheck.SUFFIX)) {
        var partition = new TopicPartition(metadata.topic(), metadata.partition());
        acknowledged.of(partition).accumulateAndGet(metadata.offset(), Math::max);
      }
    }

    @Override
    public void close() {}
  }
}
