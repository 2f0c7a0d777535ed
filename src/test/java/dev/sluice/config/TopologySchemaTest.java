package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.config.Mistakes.Mistake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema that editors use says what the parser says; another library is the judge. */
final class TopologySchemaTest {

  private static final JsonNode JSON = json();
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(JSON);

  static final List<String> VALID =
      List.of(
          Mistakes.VALID,
          TopologyFileTest.EVERYTHING,
          Mistakes.VALID + "training: {window: 64.0, batch: 1e2, clipNorm: 1, dropout: 0}\n",
          Mistakes.VALID + "training: {window: \"${A:-3}\", dropout: \"${B:-0.1}\"}\n",
          Mistakes.VALID + "weights: {topic: \"${A:-a}-b\", requireSignature: \"${C:-false}\"}\n",
          Mistakes.VALID
              + "delivery: {commitInterval: \"${A:-5}s\", guarantee: '${G:-exactly-once}'}\n",
          Mistakes.VALID + "weights: {keys: [\"${K:-" + Mistakes.KEY + "}\"]}\n",
          Mistakes.VALID + "weights: {requireSignature: true, keys: [" + Mistakes.KEY + "]}\n",
          Mistakes.VALID + "weights: {keys: [" + Mistakes.KEY + ", " + Mistakes.OTHER_KEY + "]}\n",
          Mistakes.VALID + "kafka: {a: 1, b: true, c: 0.5, d: text, e: \"\"}\n",
          Mistakes.VALID + "training: {}\nkafka: {}\n",
          Mistakes.VALID.replace("temp", "'a field, with: signs'"),
          Mistakes.VALID.replace("topic: readings", "topic: ..."),
          Mistakes.VALID.replace("topic: readings", "topic: \"007\""),
          Mistakes.VALID.replace("topic: readings", "topic: \"no\""));

  @ParameterizedTest
  @FieldSource("VALID")
  void whatTheParserAcceptsTheSchemaAccepts(String yaml) {
    TopologyFile.parse(yaml, "x.yaml", Map.of());

    assertThat(SCHEMA.validate(yaml, InputFormat.YAML)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void whatTheParserRefusesTheSchemaRefuses(Mistake mistake) {
    assertThat(accepts(mistake.yaml())).as(mistake.yaml()).isFalse();
    assertThat(SCHEMA.validate(mistake.yaml(), InputFormat.YAML)).isNotEmpty();
  }

  static Stream<Mistake> mistakes() {
    return Mistakes.all().filter(Mistake::schema);
  }

  @Test
  void everyLimitOfTheSchemaIsTheLimitOfTheParser() {
    List<String> limits = new ArrayList<>();
    properties(
        (path, property) -> {
          double step = property.path("type").toString().contains("integer") ? 1 : 1e-9;
          for (String limit : List.of("minimum", "maximum")) {
            String exclusive = limit.equals("minimum") ? "exclusiveMinimum" : "exclusiveMaximum";
            double outward = limit.equals("minimum") ? -step : step;
            if (property.has(limit)) {
              double bound = property.get(limit).asDouble();
              assertThat(accepts(with(path, bound))).as(path + " at " + limit).isTrue();
              assertThat(accepts(with(path, bound + outward))).as(path + " past it").isFalse();
              limits.add(path);
            } else if (property.has(exclusive)) {
              double bound = property.get(exclusive).asDouble();
              assertThat(accepts(with(path, bound))).as(path + " at " + exclusive).isFalse();
              assertThat(accepts(with(path, bound - outward))).as(path + " inside").isTrue();
              limits.add(path);
            }
          }
        });
    assertThat(limits).hasSize(2 * 30); // Numbers of the file, each with two ends.
  }

  @Test
  void everyDefaultOfTheSchemaIsTheDefaultOfTheParser() {
    List<String> defaults = new ArrayList<>();
    properties(
        (path, property) -> {
          if (property.has("default")) {
            Topology silent = TopologyFile.parse(base(path), "x.yaml", Map.of());
            Topology said =
                TopologyFile.parse(with(path, property.get("default")), "x.yaml", Map.of());
            assertThat(said).as(path).isEqualTo(silent);
            defaults.add(path);
          }
        });
    assertThat(defaults).hasSize(57);
  }

  @Test
  void everyKindOfValueForEveryKeyIsJudgedAlike() {
    List<String> values =
        List.of(
            "0",
            "-1",
            "1",
            "2",
            "1.0",
            "0.5",
            "1.5",
            "1e2",
            "1e10",
            "-0.0",
            "0.9",
            "1000000000000",
            "true",
            "false",
            "'true'",
            "null",
            "~",
            "''",
            "'  '",
            "'5'",
            "[]",
            "[1]",
            "{}",
            "{a: 1}",
            "word",
            "'two words'",
            "UPPER",
            "a/b",
            "..",
            "...",
            "json",
            "csv",
            "record",
            "float32",
            "int16",
            "int8",
            "model",
            "key",
            "keep",
            "reset",
            "seconds",
            "exactly-once",
            "EXACTLY-ONCE",
            "100ms",
            "2s",
            "5m",
            "1.5s",
            "5d",
            "ms",
            "'a\\b'",
            "\"a\\tb\"",
            "é",
            "x".repeat(63),
            "x".repeat(64),
            "x".repeat(249),
            "x".repeat(250),
            "x".repeat(256),
            "x".repeat(257),
            "😀".repeat(256));
    List<String> judged = new ArrayList<>();
    properties(
        (path, property) -> {
          boolean held = property.has("default") || path.matches("output/.*|model/id");
          for (String value : held ? values : List.<String>of()) {
            boolean relation = path.equals("input/timeUnit") && value.equals("seconds");
            if (!relation) {
              String yaml = with(path, value);
              assertThat(SCHEMA.validate(yaml, InputFormat.YAML).isEmpty())
                  .as(yaml)
                  .isEqualTo(accepts(yaml));
              judged.add(path);
            }
          }
        });
    assertThat(judged).hasSizeGreaterThan(35 * 50);
  }

  @Test
  void everyKeyIsDescribedForEditors() {
    properties(
        (path, property) ->
            assertThat(property.path("description").asText())
                .as(path)
                .endsWith(".")
                .hasSizeGreaterThan(6));
  }

  @Test
  void theExamplesAreValidAndPointToTheSchema() throws IOException {
    List<Path> examples;
    try (Stream<Path> files = Files.list(Path.of("topologies"))) {
      examples = files.sorted().toList();
    }
    assertThat(examples).hasSizeGreaterThanOrEqualTo(4);
    for (Path example : examples) {
      String yaml = Files.readString(example);
      String name = example.getFileName().toString().replace(".yaml", "");
      assertThat(TopologyFile.read(example, Map.of()).name()).isEqualTo(name);
      assertThat(SCHEMA.validate(yaml, InputFormat.YAML)).as(name).isEmpty();

      String prefix = "# yaml-language-server: $schema=";
      String first = yaml.lines().findFirst().orElseThrow();
      assertThat(first).startsWith(prefix);
      assertThat(example.resolveSibling(first.substring(prefix.length()))).isRegularFile();
    }
    assertThat(Files.readAllLines(Path.of("topologies/readings.yaml")))
        .hasSizeLessThanOrEqualTo(10);
  }

  /** Visits every key of the schema; alternatives of one place share its path. */
  private static void properties(BiConsumer<String, JsonNode> visit) {
    visit("", JSON, visit);
  }

  private static void visit(String path, JsonNode schema, BiConsumer<String, JsonNode> visit) {
    schema
        .path("properties")
        .properties()
        .forEach(
            entry -> {
              String key = path + (path.isEmpty() ? "" : "/") + entry.getKey();
              if (entry.getValue().isObject()) { // Kafka's forbidden keys are `false`.
                visit.accept(key, entry.getValue());
                visit(key, entry.getValue(), visit);
              }
            });
    schema.path("anyOf").forEach(alternative -> visit(path, alternative, visit));
    if (schema.has("items")) {
      visit(path, schema.get("items"), visit);
    }
  }

  /** A valid file that does not yet say {@code path} but has the place for it. */
  private static String base(String path) {
    return with(path, "");
  }

  private static String with(String path, Object value) {
    String key = path.substring(path.lastIndexOf('/') + 1);
    String text =
        value instanceof Double d && d == Math.rint(d)
            ? Long.toString(d.longValue())
            : value.toString();
    String entry = text.isEmpty() ? "" : ", " + key + ": " + text;
    String number =
        "{number: temp" + (path.matches("features/(scale|optional)") ? entry : "") + "}";
    String category = "{category: kind" + (path.equals("features/dimensions") ? entry : "") + "}";
    String words = ofWords(path, entry);
    if (!words.isEmpty()) {
      return words;
    }
    String predict = "{value: temp" + (path.startsWith("model/predict/") ? entry : "") + "}";
    String model = path.matches("model/[^/]+") ? entry : "";
    String input = path.startsWith("input/") ? entry : "";
    String section = path.split("/")[0];
    boolean own = !List.of("name", "input", "features", "model").contains(section);
    return "name: readings\ninput: {topic: readings"
        + input
        + "}\nfeatures: ["
        + number
        + ", "
        + category
        + "]\nmodel: {predict: "
        + predict
        + model
        + "}\n"
        + (own && !entry.isEmpty() ? nested(path, text) + "\n" : "");
  }

  /** Returns a file that predicts words, for what needs them; otherwise nothing. */
  private static String ofWords(String path, String entry) {
    if (path.matches("features/(by|most|ends)")) {
      return "name: readings\ninput: {topic: readings}\nfeatures: [{tokens: text"
          + entry
          + "}]\nmodel: {predict: {category: text}}\n";
    }
    if (path.equals("model/predict/elapsed")) {
      return "name: readings\ninput: {topic: readings}\nfeatures: [category: kind, time: elapsed]"
          + "\nmodel: {predict: {category: kind"
          + entry
          + "}}\n";
    }
    return "";
  }

  /** Returns {@code a: {b: {c: value}}} for {@code a/b/c}. */
  private static String nested(String path, String value) {
    String[] keys = path.split("/");
    return String.join(": {", keys) + ": " + value + "}".repeat(keys.length - 1);
  }

  private static boolean accepts(String yaml) {
    try {
      TopologyFile.parse(yaml, "x.yaml", Map.of());
      return true;
    } catch (TopologyException e) {
      return false;
    }
  }

  private static JsonNode json() {
    try (InputStream in = TopologyFile.class.getResourceAsStream(TopologyFile.SCHEMA)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
