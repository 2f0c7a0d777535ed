package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected texts are what a POSIX shell makes of the same references. */
final class EnvironmentTest {

  private static final Map<String, String> VARIABLES =
      Map.of("A", "one", "B_2", "two", "EMPTY", "", "EVIL", "x, hidden: 1}\nname: evil");

  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "${A}, one",
    "x-${A}-${B_2}-y, x-one-two-y",
    "${NONE:-fallback}, fallback",
    "${A:-fallback}, one",
    "${EMPTY:-fallback}, fallback",
    "a${EMPTY}b, ab",
    "a${NONE:-}b, ab",
    "$${A}, ${A}",
    "$A $ {A} }, $A $ {A} }",
    "$$${A}, $${A}",
    "${NONE:-a:-b}, a:-b",
  })
  void referencesAreFilledInAsAShellWould(String source, String expected) {
    var environment = new Environment(VARIABLES, 1000);

    assertThat(environment.fill(source, false).text()).isEqualTo(expected);
  }

  @Test
  void theNumberAndTheFlagMayComeFromTheEnvironmentQuotedOrNot() {
    String yaml =
        Mistakes.VALID
            + """
            training:
              window: ${W}
              batch: "${B:-16}"
            weights: {requireSignature: "${SIGNED}", keys: ["${KEY}"]}
            delivery: {commitInterval: "${MS}ms", guarantee: "${G}"}
            """;
    var env =
        Map.of(
            "W", "128", "SIGNED", "true", "KEY", Mistakes.KEY, "MS", "250", "G", "at-least-once");

    Topology topology = TopologyFile.parse(yaml, "x.yaml", env);

    assertThat(topology.training().window()).isEqualTo(128);
    assertThat(topology.training().batch()).isEqualTo(16);
    assertThat(topology.weights())
        .isEqualTo(new Weights("sluice-weights", true, List.of(Mistakes.KEY), Guard.defaults()));
    assertThat(topology.delivery().commitInterval()).hasMillis(250);
    assertThat(topology.delivery().guarantee()).isEqualTo(Delivery.Guarantee.AT_LEAST_ONCE);
  }

  @Test
  void aVariableCannotBecomeYaml() {
    String yaml = Mistakes.VALID + "kafka: {client.id: \"${EVIL}\"}\n";

    Topology topology = TopologyFile.parse(yaml, "x.yaml", VARIABLES);

    assertThat(topology.name()).isEqualTo("readings");
    assertThat(topology.kafka().values()).containsEntry("client.id", VARIABLES.get("EVIL"));
  }

  @Test
  void keysAreNeverFilledIn() {
    String yaml = Mistakes.VALID + "kafka: {\"${A}\": b}\n";

    Topology topology = TopologyFile.parse(yaml, "x.yaml", VARIABLES);

    assertThat(topology.kafka().values()).containsEntry("${A}", "b").doesNotContainKey("one");
  }

  @Test
  void theReferencesOfKafkaItselfAreLeftToKafka() {
    String yaml = Mistakes.VALID + "kafka: {ssl.key.password: \"${file:/run/x:pw} ${A}\"}\n";

    Topology topology = TopologyFile.parse(yaml, "x.yaml", VARIABLES);

    assertThat(topology.kafka().values())
        .containsEntry("ssl.key.password", "${file:/run/x:pw} one");
  }

  @Test
  void theBrokersComeFromTheEnvironmentUnlessTheFileSaysThem() {
    var env = Map.of("KAFKA_BOOTSTRAP", "broker:9092");

    assertThat(bootstrap("", env)).isEqualTo("broker:9092");
    assertThat(bootstrap("kafka: {linger.ms: 5}\n", env)).isEqualTo("broker:9092");
    assertThat(bootstrap("kafka: {bootstrap.servers: \"b:1\"}\n", env)).isEqualTo("b:1");
    assertThat(bootstrap("", Map.of())).isEqualTo("localhost:9092");
  }

  @Test
  void variablesCannotMakeAFileHuge() {
    var env = Map.of("BIG", "x".repeat(500_000));
    String yaml = Mistakes.VALID + "kafka: {a: \"${BIG}${BIG}\", b: \"${BIG}\"}\n";

    assertThatThrownBy(() -> TopologyFile.parse(yaml, "x.yaml", env))
        .isInstanceOf(TopologyException.class)
        .hasMessage("x.yaml:8:31: kafka.b: this value makes the file too large. Put less into BIG");
  }

  private static String bootstrap(String kafka, Map<String, String> env) {
    return TopologyFile.parse(Mistakes.VALID + kafka, "x.yaml", env)
        .kafka()
        .values()
        .get("bootstrap.servers");
  }
}
