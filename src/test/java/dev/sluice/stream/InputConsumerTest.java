package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.TopologyFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The second consumer of the input sees what the first one sees. */
final class InputConsumerTest {

  private static final String YAML =
      """
      name: readings
      input: {topic: readings}
      features: [{number: value}]
      model: {predict: {value: value}}
      """;

  /** Returns the properties as a processor's context has them: as given, and as parsed. */
  private static Map<String, Object> properties(String more, Map<String, String> kafka) {
    Properties given = new Properties();
    given.putAll(kafka);
    Properties complete =
        StreamProperties.complete(TopologyFile.parse(YAML + more, "test", Map.of()), given);
    var streams = new StreamsConfig(complete);
    Map<String, Object> configs = new HashMap<>(streams.originals());
    configs.putAll(streams.values());
    return InputConsumer.properties(configs, "me");
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void itIsInNoGroupAndReadsOnlyWhatIsCommitted(String protocol) {
    Map<String, Object> own = properties("", Map.of("group.protocol", protocol));

    assertThat(own)
        .doesNotContainKeys(
            "group.id", "group.instance.id", "group.protocol", "partition.assignment.strategy")
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("enable.auto.commit", false)
        .containsEntry("interceptor.classes", List.of());
  }

  @Test
  void whatTheUserSaidOfTheMainConsumerHoldsForIt() {
    Map<String, Object> own =
        properties(
            "delivery: {guarantee: at-least-once}\n",
            Map.of(
                "security.protocol", "SSL",
                "group.instance.id", "one",
                "main.consumer.isolation.level", "read_uncommitted",
                "main.consumer.interceptor.classes", "a.Decryption,b.Other",
                "consumer.fetch.max.bytes", "1000"));

    assertThat(own)
        .doesNotContainKey("group.instance.id")
        .containsEntry("isolation.level", "read_uncommitted")
        .containsEntry("security.protocol", "SSL")
        .containsEntry("fetch.max.bytes", "1000")
        .containsEntry("interceptor.classes", List.of("a.Decryption", "b.Other"));
  }
}
