package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KafkaPropertiesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssl.keystore.password",
        "ssl.key.password",
        "sasl.oauthbearer.client.credentials.client.secret",
        "sasl.jaas.config",
        "ssl.keystore.key",
        "SASL.JAAS.CONFIG",
        "main.consumer.ssl.truststore.PassWord",
        "my.token",
      })
  void noTextFormShowsASecret(String property) {
    var kafka = new KafkaProperties(Map.of(property, "hunter2", "linger.ms", "5"));
    Topology topology =
        TopologyFile.parse(
            Mistakes.VALID + "kafka: {\"" + property + "\": hunter2}\n", "x.yaml", Map.of());

    assertThat(kafka.toString()).contains(property + "=<redacted>").contains("linger.ms=5");
    assertThat(kafka.toString()).doesNotContain("hunter2");
    assertThat(topology.toString()).contains("<redacted>").doesNotContain("hunter2");
    assertThat(kafka.redacted()).containsEntry(property, "<redacted>");
    assertThat(kafka.values()).containsEntry(property, "hunter2");
  }

  @Test
  void whatTheTopologySaysElsewhereIsRefused() {
    var values = new LinkedHashMap<String, String>();
    values.put("application.id", "hunter2");
    values.put("num.stream.threads", "2");

    assertThatThrownBy(() -> new KafkaProperties(values))
        .isInstanceOf(TopologyException.class)
        .hasMessage(
            """
            kafka.application.id: the topology sets this property. Write name instead
            kafka.num.stream.threads: the topology sets this property. Write delivery.threads \
            instead\
            """);
  }

  @Test
  void theOrderOfTheFileIsKept() {
    String yaml = Mistakes.VALID + "kafka: {z.z: 1, a.a: 2, m.m: 3, bootstrap.servers: b}\n";

    assertThat(TopologyFile.parse(yaml, "x.yaml", Map.of()).kafka().values().keySet())
        .containsExactly("z.z", "a.a", "m.m", "bootstrap.servers");
  }
}
