package dev.sluice.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Turns each run of polled records of one partition into one record that carries them, so that a
 * processor sees a wave of events at once.
 *
 * <p>There is no buffer and no timer: a wave is what one poll brought, cut at the configured size.
 * The record's offset is that of the first raw record, so that a commit made while it still waits
 * restarts at the first event that was not processed. Kafka Streams' guarantees for a record
 * therefore hold for the wave.
 *
 * <p>Put into the main consumer by {@link StreamProperties}; last, if there are several.
 */
public final class WaveInterceptor
    implements ConsumerInterceptor<byte @Nullable [], byte @Nullable []> {

  /** Consumer property: the topics whose records become waves, separated by commas. */
  static final String TOPICS = "sluice.wave.topics";

  /** Consumer property: most records of a wave. */
  static final String SIZE = "sluice.wave.size";

  private Set<String> topics = Set.of();
  private int size = 1;

  /** Created by Kafka, by name. */
  public WaveInterceptor() {}

  @Override
  public void configure(Map<String, ?> configs) {
    topics = Set.of(String.valueOf(configs.get(TOPICS)).split(","));
    size = Integer.parseInt(String.valueOf(configs.get(SIZE)));
  }

  @Override
  public ConsumerRecords<byte @Nullable [], byte @Nullable []> onConsume(
      ConsumerRecords<byte @Nullable [], byte @Nullable []> polled) {
    if (polled.isEmpty()) {
      return polled;
    }
    Map<TopicPartition, List<ConsumerRecord<byte @Nullable [], byte @Nullable []>>> waves =
        HashMap.newHashMap(polled.partitions().size());
    for (TopicPartition partition : polled.partitions()) {
      List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records =
          polled.records(partition);
      waves.put(partition, topics.contains(partition.topic()) ? cut(partition, records) : records);
    }
    // The next offsets go along: Kafka Streams commits from them.
    return new ConsumerRecords<>(waves, polled.nextOffsets());
  }

  private List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> cut(
      TopicPartition partition,
      List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records) {
    List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> waves =
        new ArrayList<>(records.size() / size + 1);
    for (int from = 0; from < records.size(); from += size) {
      int to = Math.min(from + size, records.size());
      waves.add(wave(partition, records.subList(from, to)));
    }
    return waves;
  }

  private static ConsumerRecord<byte @Nullable [], byte @Nullable []> wave(
      TopicPartition partition, List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> run) {
    ConsumerRecord<byte @Nullable [], byte @Nullable []> first = run.getFirst();
    long timestamp = first.timestamp();
    for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : run) {
      timestamp = Math.max(timestamp, record.timestamp());
    }
    Optional<Integer> epoch = first.leaderEpoch();
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        first.offset(),
        timestamp,
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        null,
        null,
        new Wave.Carrier(run),
        epoch);
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}
}
