package dev.sluice.stream;

import dev.sluice.config.Delivery;
import dev.sluice.config.StateDecl;
import dev.sluice.config.Topology;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;

/** The Kafka Streams properties that a topology file stands for, with what waves need. */
public final class StreamProperties {

  // Few large requests instead of many small ones: worth 2.4 times the throughput (KAFKA.md, 6.11).
  private static final String BATCH_BYTES = Integer.toString(512 << 10);
  private static final String LINGER_MILLIS = "20";
  private static final String BUFFER_BYTES = Integer.toString(128 << 20);

  /** A dead letter carries a record as large as any that could be read, and our headers. */
  private static final int DEAD_LETTER_MARGIN = 64 << 10;

  /** A batch is a wave, so this many waves of each partition wait at the most. */
  private static final int BUFFERED_WAVES = 64;

  static final String SESSION_MILLIS = "6000";
  static final String HEARTBEAT_MILLIS = "1500";

  private StreamProperties() {}

  /**
   * Completes {@code properties}: what the file says, and what is needed for it to be so. Whatever
   * is set already stays, but for what the file alone decides.
   *
   * @param file the topology
   * @param properties as the user gave them; not changed
   * @throws ConfigException if two settings exclude each other
   */
  public static Properties complete(Topology file, Properties properties) {
    Properties all = new Properties();
    all.putAll(properties);
    file.kafka().values().forEach(all::putIfAbsent);
    Delivery delivery = file.delivery();
    boolean exactlyOnce = delivery.guarantee() == Delivery.Guarantee.EXACTLY_ONCE;

    all.putIfAbsent(StreamsConfig.APPLICATION_ID_CONFIG, file.name());
    all.put(
        StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
        exactlyOnce ? StreamsConfig.EXACTLY_ONCE_V2 : StreamsConfig.AT_LEAST_ONCE);
    all.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        Long.toString(delivery.commitInterval().toMillis()));
    all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.toString(delivery.threads()));
    all.putIfAbsent(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, "true");
    all.putIfAbsent("processing.exception.handler.global.enabled", "true");
    // Counted in records, and a wave is one.
    all.putIfAbsent(
        StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, Integer.toString(BUFFERED_WAVES));
    if (file.state().store() == StateDecl.Store.ROCKSDB) {
      all.putIfAbsent(
          StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksSettings.class.getName());
    }
    // The least that is allowed; the usual 10 min would leave a new instance idle for as long.
    all.putIfAbsent(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, "60000");
    consumer(file, all);
    session(all);
    producer(file, all);
    refuseMixture(all);
    refuseShortTransactions(file, all);
    return all;
  }

  private static void consumer(Topology file, Properties all) {
    String interceptors = ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG;
    // Nobody else knows what a wave is, not even we ourselves.
    addInterceptor(
        all,
        StreamsConfig.mainConsumerPrefix(interceptors),
        mainConsumer(all, interceptors),
        WaveInterceptor.class);
    all.put(
        StreamsConfig.mainConsumerPrefix(WaveInterceptor.TOPICS), ScoringTopology.waveTopic(file));
    all.put(
        StreamsConfig.mainConsumerPrefix(WaveInterceptor.SIZE),
        Integer.toString(file.delivery().wave()));
    if (mainConsumer(all, ConsumerConfig.MAX_POLL_RECORDS_CONFIG).isEmpty()) {
      all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), "4096");
    }
  }

  /**
   * A member that was killed is missed after 6 s, the least that brokers allow by default, instead
   * of 45 s. With the streams protocol the group has these settings, see {@link BrokerCheck}.
   */
  private static void session(Properties all) {
    boolean chosen =
        !mainConsumer(all, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG).isEmpty()
            || !mainConsumer(all, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG).isEmpty();
    if (!chosen && !isStreamsProtocol(all)) {
      all.put(
          StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
          SESSION_MILLIS);
      all.put(
          StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
          HEARTBEAT_MILLIS);
    }
  }

  static boolean isStreamsProtocol(Properties all) {
    return "streams".equalsIgnoreCase(all.getProperty(StreamsConfig.GROUP_PROTOCOL_CONFIG));
  }

  /** Returns how long a transaction may last, in milliseconds. */
  static long transactionMillis(Properties all) {
    String name = ProducerConfig.TRANSACTION_TIMEOUT_CONFIG;
    Object unprefixed = all.getOrDefault(name, "60000"); // The producer's own default.
    Object value = all.getOrDefault(StreamsConfig.producerPrefix(name), unprefixed);
    return Long.parseLong(value.toString().strip());
  }

  private static void refuseShortTransactions(Topology file, Properties all) {
    long interval = file.delivery().commitInterval().toMillis();
    long transaction = transactionMillis(all);
    if (file.delivery().guarantee() == Delivery.Guarantee.EXACTLY_ONCE && transaction <= interval) {
      throw new ConfigException(
          "kafka: transaction.timeout.ms is "
              + transaction
              + ", and delivery.commitInterval "
              + interval
              + " ms: no transaction would live until its commit. Remove transaction.timeout.ms, or"
              + " make it longer, or the interval shorter");
    }
  }

  /**
   * Returns what the main consumer would be given, by the most special prefix; empty if nothing.
   */
  private static String mainConsumer(Properties all, String name) {
    for (String key :
        List.of(StreamsConfig.mainConsumerPrefix(name), StreamsConfig.consumerPrefix(name), name)) {
      if (all.get(key) != null) {
        return all.get(key).toString();
      }
    }
    return "";
  }

  private static void producer(Topology file, Properties all) {
    // A transaction lives for a commit interval; Kafka Streams' own 10 s would end a longer one.
    long transaction = Math.max(10_000, 3 * file.delivery().commitInterval().toMillis());
    acknowledgements(all);
    producer(all, ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    producer(all, ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    producer(all, ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    producer(all, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(transaction));
    producer(all, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(largestRecord(file)));
  }

  /** Has the producers tell the snapshots what was acknowledged; beside the user's interceptors. */
  private static void acknowledgements(Properties all) {
    String name = ProducerConfig.INTERCEPTOR_CLASSES_CONFIG;
    String key = StreamsConfig.producerPrefix(name);
    String theirs = String.valueOf(all.getOrDefault(key, all.getOrDefault(name, "")));
    addInterceptor(all, key, theirs, Acknowledged.Interceptor.class);
    all.putIfAbsent(StreamsConfig.producerPrefix(Acknowledged.PROPERTY), new Acknowledged());
  }

  /** Puts an interceptor of ours behind theirs, and only once. */
  private static void addInterceptor(Properties all, String key, String theirs, Class<?> type) {
    String ours = type.getName();
    if (!theirs.contains(ours)) {
      all.put(key, theirs.isEmpty() ? ours : theirs + "," + ours);
    }
  }

  /** Sets a property of the producers, unless the user did, with the prefix or without it. */
  private static void producer(Properties all, String name, String value) {
    if (!all.containsKey(name)) {
      all.putIfAbsent(StreamsConfig.producerPrefix(name), value);
    }
  }

  /** Returns the size of the largest record that may have to be written, in bytes. */
  static int largestRecord(Topology file) {
    return Math.max(16 << 20, file.input().maxBytes()) + DEAD_LETTER_MARGIN;
  }

  private static void refuseMixture(Properties all) {
    boolean streamsProtocol = isStreamsProtocol(all);
    String instance = ConsumerConfig.GROUP_INSTANCE_ID_CONFIG;
    boolean fixedMember =
        all.containsKey(instance)
            || all.containsKey(StreamsConfig.mainConsumerPrefix(instance))
            || all.containsKey(StreamsConfig.consumerPrefix(instance));
    if (streamsProtocol && fixedMember) {
      throw new ConfigException(
          "kafka: group.protocol=streams has no static membership. Remove group.instance.id, or"
              + " write group.protocol: classic");
    }
  }
}
