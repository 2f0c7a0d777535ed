package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.Models;
import dev.sluice.stream.ScoringTopology;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the README says of commands, options, configuration keys and metrics is so. */
final class ReadmeTest {

  private static final Path README = Path.of("README.md");
  private static final Pattern COMMAND =
      Pattern.compile("(?:^|`|\\./)sluice ((?:[a-z]+ ?)+)([^`\\n]*)", Pattern.MULTILINE);
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");
  private static final Pattern METRIC =
      Pattern.compile("^\\| `(sluice_[a-z_]+)`", Pattern.MULTILINE);

  @Test
  void everyCommandAndOptionExists() throws IOException {
    String readme = Files.readString(README);
    var commands = COMMAND.matcher(readme).results().toList();
    assertThat(commands).hasSizeGreaterThan(10);
    for (MatchResult match : commands) {
      CommandLine command = find(match.group(1).strip().split(" "));
      OPTION
          .matcher(match.group(2))
          .results()
          .map(MatchResult::group)
          .forEach(
              option ->
                  assertThat(command.getCommandSpec().optionsMap().keySet())
                      .as(match.group())
                      .contains(option));
    }
  }

  /** Follows the words as far as they are commands; what comes then is an argument. */
  private static CommandLine find(String[] words) {
    CommandLine command = Main.commandLine();
    assertThat(command.getSubcommands()).containsKey(words[0]);
    for (String word : words) {
      CommandLine below = command.getSubcommands().get(word);
      if (below == null) {
        break;
      }
      command = below;
    }
    return command;
  }

  @Test
  void everyCommandIsNamed() throws IOException {
    String readme = Files.readString(README);
    for (String name : Main.commandLine().getSubcommands().keySet()) {
      if (!name.equals("help")) {
        assertThat(readme).contains("sluice " + name);
      }
    }
  }

  @Test
  void everyConfigurationKeyIsInTheTable() throws IOException {
    String readme = Files.readString(README);
    String table =
        readme.substring(readme.indexOf("## Configuration"), readme.indexOf("## Metrics"));
    try (InputStream in = ReadmeTest.class.getResourceAsStream(TopologyFile.SCHEMA)) {
      for (String key : keys(new ObjectMapper().readTree(in))) {
        assertThat(table).as("configuration key %s", key).contains(key);
      }
    }
  }

  /** All property names of the schema, but those of Kafka, which are Kafka's. */
  private static Set<String> keys(JsonNode schema) {
    Set<String> keys = new TreeSet<>();
    for (JsonNode properties : schema.findValues("properties")) {
      properties.fieldNames().forEachRemaining(keys::add);
    }
    return keys;
  }

  @Test
  void theMetricsAreThoseOfTheProgram() throws IOException {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Topology file = TopologyFile.read(Path.of("topologies/readings.yaml"), Map.of());
    ScoringTopology.of(file, new FixedModels<>(Models.none()), registry);
    Set<String> exported =
        Pattern.compile("^(sluice_[a-z_]+)", Pattern.MULTILINE)
            .matcher(registry.scrape())
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    Set<String> documented =
        METRIC
            .matcher(Files.readString(README))
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(documented).isEqualTo(exported);
  }

  @Test
  void theVersionIsThatOfTheBuild() throws IOException {
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<artifactId>sluice</artifactId>\n  <version>" + Main.VERSION + "</version>");
  }
}
