package dev.sluice.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that sees of the input what the stream's own sees: with the same isolation, security
 * and interceptors, but in no group, and record by record.
 */
final class InputConsumer {

  private InputConsumer() {}

  /**
   * Opens one.
   *
   * @param configs of the stream, as a processor's context has them
   */
  static Consumer<byte[], byte[]> open(Map<String, Object> configs, String clientId) {
    var bytes = new ByteArrayDeserializer();
    return new KafkaConsumer<>(properties(configs, clientId), bytes, bytes);
  }

  static Map<String, Object> properties(Map<String, Object> configs, String clientId) {
    Map<String, Object> known = new HashMap<>(configs);
    known.values().removeIf(java.util.Objects::isNull);
    Map<String, Object> main =
        new StreamsConfig(known)
            .getMainConsumerConfigs(
                String.valueOf(known.get(StreamsConfig.APPLICATION_ID_CONFIG)), clientId, 0);
    Map<String, Object> own = new HashMap<>(main);
    own.keySet()
        .removeAll(
            List.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                WaveInterceptor.TOPICS,
                WaveInterceptor.SIZE));
    own.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
    own.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    own.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    own.put(
        ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
        withoutOurs(own.get(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG)));
    return own;
  }

  /** Whatever the user's interceptors make of a record, the stream has processed. */
  private static List<Object> withoutOurs(@Nullable Object interceptors) {
    List<Object> all = new ArrayList<>();
    if (interceptors instanceof List<?> list) {
      all.addAll(list);
    } else if (interceptors != null) {
      Arrays.stream(interceptors.toString().split(",")).map(String::strip).forEach(all::add);
    }
    all.removeIf(each -> each.equals(WaveInterceptor.class.getName()) || each.equals(""));
    all.remove(WaveInterceptor.class);
    return all;
  }
}
