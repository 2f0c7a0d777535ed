package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the user says stays, what waves need is there, and Kafka Streams accepts the whole. */
final class StreamPropertiesTest {

  private static final String OURS = WaveInterceptor.class.getName();

  @Test
  void theDefaultsAreExactlyOnceWithWaves() {
    var config = new StreamsConfig(complete());

    assertThat(config.getString("application.id")).isEqualTo("readings");
    assertThat(config.getString("processing.guarantee")).isEqualTo("exactly_once_v2");
    assertThat(config.getLong("commit.interval.ms")).isEqualTo(100);
    Map<String, Object> consumer = config.getMainConsumerConfigs("group", "client", 0);
    assertThat(consumer.get("interceptor.classes")).isEqualTo(OURS);
    assertThat(consumer.get(WaveInterceptor.TOPICS)).isEqualTo("readings");
    assertThat(consumer.get(WaveInterceptor.SIZE)).isEqualTo("256");
    assertThat(consumer.get("isolation.level")).isEqualTo("read_committed");
    assertThat(config.getRestoreConsumerConfigs("client")).doesNotContainKey("interceptor.classes");
  }

  @ParameterizedTest
  @CsvSource({
    "batch.size, 1234",
    "producer.batch.size, 1234",
    "linger.ms, 3",
    "transaction.timeout.ms, 7000",
  })
  void aProducerSettingOfTheUserStays(String property, String value) {
    var config = new StreamsConfig(complete(property, value));

    String name = property.replace("producer.", "");
    assertThat(config.getProducerConfigs("client").get(name)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"max.poll.records", "consumer.max.poll.records", "main.consumer.max.poll.records"})
  void aConsumerSettingOfTheUserStays(String property) {
    var config = new StreamsConfig(complete(property, "99"));

    assertThat(config.getMainConsumerConfigs("group", "client", 0).get("max.poll.records"))
        .isEqualTo("99");
  }

  @ParameterizedTest
  @CsvSource({
    "interceptor.classes",
    "consumer.interceptor.classes",
    "main.consumer.interceptor.classes"
  })
  void interceptorsOfTheUserComeBeforeOurs(String property) {
    var config = new StreamsConfig(complete(property, "a.B,c.D"));

    assertThat(config.getMainConsumerConfigs("group", "client", 0).get("interceptor.classes"))
        .isEqualTo("a.B,c.D," + OURS);
  }

  @Test
  void completingTwiceChangesNothing() {
    Properties once = complete("interceptor.classes", "a.B");

    assertThat(StreamProperties.complete(file(), once)).isEqualTo(once);
  }

  @Test
  void theStreamsProtocolWithAFixedMemberIsRefused() {
    Properties properties = new Properties();
    properties.put("group.protocol", "streams");
    properties.put("main.consumer.group.instance.id", "a");

    assertThatThrownBy(() -> StreamProperties.complete(file(), properties))
        .hasMessage(
            "kafka: group.protocol=streams has no static membership. Remove group.instance.id, or"
                + " write group.protocol: classic");
  }

  @Test
  void aKilledMemberIsMissedAfterSixSeconds() {
    Map<String, Object> consumer =
        new StreamsConfig(complete()).getMainConsumerConfigs("group", "client", 0);

    assertThat(consumer.get("session.timeout.ms")).isEqualTo("6000");
    assertThat(consumer.get("heartbeat.interval.ms")).isEqualTo("1500");
  }

  @ParameterizedTest
  @CsvSource({
    "session.timeout.ms, 30000",
    "consumer.session.timeout.ms, 30000",
    "main.consumer.heartbeat.interval.ms, 7000",
    "group.protocol, streams"
  })
  void aSessionOfTheUserOrOfTheBrokerStays(String property, String value) {
    Properties complete = complete(property, value);

    assertThat(complete.get(property)).isEqualTo(value);
    assertThat(complete.values()).doesNotContain("6000", "1500");
  }

  @ParameterizedTest
  @CsvSource({"transaction.timeout.ms, 100", "producer.transaction.timeout.ms, 50"})
  void aTransactionThatEndsBeforeItsCommitIsRefused(String property, String value) {
    assertThatThrownBy(() -> complete(property, value))
        .hasMessageStartingWith("kafka: transaction.timeout.ms is " + value)
        .hasMessageContaining("delivery.commitInterval 100 ms");
  }

  private static Properties complete(String... pairs) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", "127.0.0.1:1");
    for (int i = 0; i < pairs.length; i += 2) {
      properties.put(pairs[i], pairs[i + 1]);
    }
    return StreamProperties.complete(file(), properties);
  }

  private static Topology file() {
    return TopologyFile.parse(
        """
        name: readings
        input: {topic: readings}
        features: [{number: value}]
        model: {predict: {value: value}}
        """,
        "test",
        Map.of());
  }
}
