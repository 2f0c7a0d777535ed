package dev.sluice.train;

import dev.sluice.config.Input;
import dev.sluice.config.Topology;
import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.event.JsonDecoder;
import dev.sluice.event.Rejection;
import dev.sluice.registry.ClientProperties;
import dev.sluice.river.Declared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A history out of the topic that a topology reads: its committed records, up to the ends that its
 * partitions had when reading began, decoded as the stream decodes them.
 *
 * <p>Partitions are read one after the other, so that the same offsets always give the same
 * history. A key has its events in one partition, in the order in which the stream has seen them;
 * unless it comes from a field, when its events may be spread over partitions, and are put in the
 * order of their times. Belongs to no consumer group and commits nothing.
 */
public final class TopicHistory {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final Topology topology;
  private final String servers;
  private final TimeRange range;
  private final long sinceMillis;
  private final LongConsumer progress;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Duration timeout;
  private final JsonDecoder decoder;
  private final Event event;
  private final HistoryBuilder builder;
  private final Rejected rejected = new Rejected();

  private TopicHistory(Source source, KafkaConsumer<byte[], byte[]> consumer) {
    EventSchema schema = Declared.schema(source.topology);
    this.topology = source.topology;
    this.servers = source.servers();
    this.range = source.range;
    this.sinceMillis = source.sinceMillis;
    this.progress = source.progress;
    this.timeout = source.timeout;
    this.consumer = consumer;
    this.decoder = new JsonDecoder(schema);
    this.event = schema.newEvent();
    this.builder = new HistoryBuilder(schema);
  }

  /**
   * What is read, and how.
   *
   * @param sinceMillis the first time of the records, whatever that of their events
   */
  record Source(
      Topology topology,
      Map<String, String> kafka,
      TimeRange range,
      long sinceMillis,
      LongConsumer progress,
      Duration timeout) {

    String servers() {
      return kafka.getOrDefault("bootstrap.servers", "(no bootstrap.servers given)");
    }
  }

  /**
   * Reads what is in the topic now.
   *
   * @param kafka client properties, {@code bootstrap.servers} at least
   * @param range which of its events to keep
   * @param progress takes the number of events read, now and then
   * @throws TrainingException if no broker answers, there is no such topic, its values are not
   *     JSON, or it holds too much
   */
  public static Recorded read(
      Topology topology, Map<String, String> kafka, TimeRange range, LongConsumer progress) {
    return read(new Source(topology, kafka, range, Long.MIN_VALUE, progress, TIMEOUT));
  }

  /**
   * Reads what came lately: where the events carry times of their own, those of their records count
   * here, which are about when they came.
   *
   * @param sinceMillis the first time of the records, epoch milliseconds
   * @throws TrainingException as for a whole history
   */
  public static Recorded since(
      Topology topology, Map<String, String> kafka, long sinceMillis, LongConsumer progress) {
    return read(new Source(topology, kafka, TimeRange.ALL, sinceMillis, progress, TIMEOUT));
  }

  /** Reads with a patience of its own. */
  static Recorded read(Source source) {
    Input input = source.topology.input();
    if (input.format() != Input.Format.JSON) {
      throw new TrainingException(
          "input.format: a topic cannot hold csv, which needs a header. Write format: json");
    }
    KafkaConsumer<byte[], byte[]> consumer = null;
    try {
      consumer =
          new KafkaConsumer<>(
              ClientProperties.consumer(source.kafka),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
      return new TopicHistory(source, consumer).read();
    } catch (TimeoutException e) {
      throw new TrainingException(
          "No Kafka broker answers at "
              + source.servers()
              + " within "
              + source.timeout.toSeconds()
              + " s. Is it running? Name another one with --bootstrap, or learn from a file with"
              + " --input",
          e);
    } catch (OffsetOutOfRangeException e) {
      throw new TrainingException(
          "topic " + input.topic() + ": retention removed events while they were read. Try again",
          e);
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new TrainingException(
          "topic " + input.topic() + " on " + source.servers() + ": " + cause.getMessage(), e);
    } finally {
      if (consumer != null) {
        ClientProperties.close(consumer);
      }
    }
  }

  private Recorded read() {
    String topic = topology.input().topic();
    List<TopicPartition> partitions = partitions(topic);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, timeout);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, timeout);
    List<String> offsets = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      long end = ends.getOrDefault(partition, 0L);
      long begin = begin(partition, begins.getOrDefault(partition, 0L), end);
      read(partition, begin, end);
      offsets.add(partition.partition() + ":" + begin + "-" + end);
    }
    boolean spread = !topology.input().keyIsRecordKey() && partitions.size() > 1;
    History history =
        builder.build(spread ? HistoryBuilder.Order.TIME : HistoryBuilder.Order.ARRIVAL);
    return rejected.leave(history, "topic " + topic + ", offsets " + String.join(" ", offsets));
  }

  private List<TopicPartition> partitions(String topic) {
    List<PartitionInfo> found = consumer.partitionsFor(topic, timeout);
    if (found == null || found.isEmpty()) {
      throw new TrainingException(
          "topic "
              + topic
              + " does not exist on "
              + servers
              + ". Check input.topic, or learn from a file with --input");
    }
    return found.stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .sorted(Comparator.comparingInt(TopicPartition::partition))
        .toList();
  }

  /** Where event times are those of the records, what came before the range need not be read. */
  private long begin(TopicPartition partition, long begin, long end) {
    long ofEvents = topology.input().timeIsRecordTime() ? range.fromMillis() : Long.MIN_VALUE;
    long from = Math.max(sinceMillis, ofEvents);
    if (from <= 0) {
      return begin;
    }
    OffsetAndTimestamp first =
        consumer.offsetsForTimes(Map.of(partition, from), timeout).get(partition);
    return first == null ? end : Math.min(end, Math.max(begin, first.offset()));
  }

  private void read(TopicPartition partition, long begin, long end) {
    consumer.assign(List.of(partition));
    consumer.seek(partition, begin);
    long position = begin;
    long deadline = System.nanoTime() + timeout.toNanos();
    while (position < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
        if (record.offset() < end) {
          take(record);
        }
      }
      progress.accept(builder.events());
      long now = consumer.position(partition, timeout);
      if (now > position) {
        deadline = System.nanoTime() + timeout.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new TimeoutException("nothing comes after offset " + now + " of " + end);
      }
      position = now;
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      decoder.decode(record.key(), record.value(), record.timestamp(), event);
      if (range.contains(event.timeMillis())) {
        builder.add(event);
      }
    } catch (Rejection e) {
      rejected.add(record.topic() + "-" + record.partition() + "@" + record.offset(), e);
    }
  }
}
