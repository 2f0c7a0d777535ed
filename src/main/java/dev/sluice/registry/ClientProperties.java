package dev.sluice.registry;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Properties of the three clients that the weights need, made of those the user gave for all
 * clients.
 *
 * <p>The user's say where the brokers are and how to log in. What is meant for the stream (groups,
 * interceptors, its threads) would break these clients, and what the protocol of the weights rests
 * on is not the user's to change.
 */
public final class ClientProperties {

  private static final int FETCH_BYTES = 8 << 20;
  private static final int REQUEST_BYTES = 1 << 20;
  // Long enough for 256 MiB over a slow line; as long, a publisher that died holds up its topic.
  private static final int TRANSACTION_MILLIS = 120_000;

  private ClientProperties() {}

  /** Returns the properties of a consumer of committed records that belongs to no group. */
  public static Map<String, Object> consumer(Map<String, String> given) {
    Map<String, Object> properties = known(given, ConsumerConfig.configNames());
    properties.keySet().removeIf(name -> name.startsWith("group."));
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    // A topic that was deleted and made again must be noticed, not skipped over.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    return properties;
  }

  static Map<String, Object> producer(
      Map<String, String> given, String transactionalId, Duration timeout) {
    Map<String, Object> properties = plainProducer(given, timeout);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES);
    return properties;
  }

  /**
   * Returns the properties of a producer that sends a record now and then, without transactions.
   */
  public static Map<String, Object> plainProducer(Map<String, String> given, Duration timeout) {
    Map<String, Object> properties = known(given, ProducerConfig.configNames());
    int millis = Math.toIntExact(timeout.toMillis());
    properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * millis);
    return properties;
  }

  static Map<String, Object> admin(Map<String, String> given, Duration timeout) {
    Map<String, Object> properties = known(given, AdminClientConfig.configNames());
    int millis = Math.toIntExact(timeout.toMillis());
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    return properties;
  }

  /** Returns where the brokers are, for messages. */
  static String servers(Map<String, String> given) {
    return given.getOrDefault("bootstrap.servers", "(no bootstrap.servers given)");
  }

  /** Closes at once: these consumers have nothing to commit and no group to leave. */
  public static void close(KafkaConsumer<?, ?> consumer) {
    try {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    } catch (InterruptException e) {
      // It closes all the same; the flag stays for whoever interrupted this thread.
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, Object> known(Map<String, String> given, Set<String> names) {
    Map<String, Object> properties = new HashMap<>(given);
    properties.keySet().retainAll(names);
    properties.remove("interceptor.classes");
    properties.remove("client.id");
    return properties;
  }
}
