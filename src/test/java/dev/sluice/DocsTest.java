package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.sluice.Markdown.Block;
import dev.sluice.Markdown.Link;
import dev.sluice.config.TopologyFile;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation says is so: its YAML parses, its links lead somewhere, CI obeys it. */
final class DocsTest {

  private static final Path PROJECT = Path.of("");
  private static final Path README = Path.of("README.md");
  private static final Path CI = Path.of(".ci/run");
  private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules");
  private static final Set<String> SECTIONS =
      Set.of(
          "name",
          "input",
          "features",
          "model",
          "training",
          "score",
          "alerts",
          "state",
          "output",
          "weights",
          "delivery",
          "kafka");
  private static final Pattern OUTSIDE = Pattern.compile("(https?|mailto|data):.*");
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  @TestFactory
  Stream<DynamicTest> yamlInTheDocumentsParses() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Markdown document : documents(PROJECT)) {
      for (Block block : document.blocks()) {
        if (Set.of("yaml", "yml").contains(block.language())) {
          String name = document.file() + ":" + block.line();
          tests.add(DynamicTest.dynamicTest(name, () -> parse(block.text())));
        }
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> topologyFilesParse() throws IOException {
    return filesBelow(Path.of("topologies"), ".yaml").stream()
        .map(file -> DynamicTest.dynamicTest(file.toString(), () -> parse(Files.readString(file))));
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    assertThat(brokenLinks(PROJECT)).isEmpty();
  }

  @Test
  void ciRunsTheTestCommandOfTheReadme() throws IOException {
    List<String> commands =
        Files.readAllLines(CI).stream().filter(l -> l.startsWith("mvn")).toList();
    assertThat(commands).hasSize(1);

    assertThat(Markdown.read(README).blocks())
        .filteredOn(block -> Set.of("sh", "bash", "console").contains(block.language()))
        .flatExtracting(block -> block.text().lines().map(DocsTest::command).toList())
        .contains(commands.getFirst());
  }

  @Test
  void topologiesAreReadByTheProgramsOwnParser() throws IOException {
    parse("services: {broker: {image: kafka}}"); // Somebody else's.
    parse("score: {threshold: 0.9}");
    parse("features: [{number: load}]\ntraining:\n  epochs: ${EPOCHS:-3}");
    parse("kafka: {sasl.jaas.config: '${JAAS}'}");

    assertThatThrownBy(() -> parse("score: {treshold: 0.9}")).hasMessageContaining("treshold");
    assertThatThrownBy(() -> parse("name: a\ninput: {topic: t}")).hasMessageContaining("features");
  }

  @Test
  void yamlWithAKeyTwiceIsRefused() {
    assertThatThrownBy(() -> parse("name: a\nname: b\n")).hasMessageContaining("Duplicate field");
  }

  @Test
  void brokenLinksAreSeen(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("docs"));
    Files.writeString(folder.resolve("docs/a file.txt"), "");
    Files.writeString(
        folder.resolve("docs/b.md"), "# One `code` word, and [a](b.md)\n# Two\n# Two\n");
    Files.writeString(
        folder.resolve("a.md"),
        """
        [good](docs/b.md#one-code-word-and-a) [good](docs/b.md#two-1) ![good](docs/a%20file.txt)
        [bad](docs/c.md) and [bad](docs/b.md#three "title") and [bad](#nowhere)
        `[code](is/no.link)` [good](https://example.com/#x)
        ```sh
        [code](is/no.link)
        ```
        <img alt="bad" src="docs/picture.png">

        [reference]: docs/none.md
        """);

    assertThat(brokenLinks(folder))
        .containsExactly(
            "a.md:2 docs/c.md",
            "a.md:2 docs/b.md#three",
            "a.md:2 #nowhere",
            "a.md:7 docs/picture.png",
            "a.md:9 docs/none.md");
  }

  /** Parses YAML documents, and as a topology whatever looks like one or like a part of one. */
  private static void parse(String yaml) throws IOException {
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      List<JsonNode> all = documents.readAll();
      assertThat(all).isNotEmpty();
      if (all.size() == 1 && all.getFirst() instanceof ObjectNode topology && isOurs(topology)) {
        String whole = topology.has("input") ? yaml : completed(topology);
        assertThat(TopologyFile.parse(whole, "it", environment(yaml))).isNotNull();
      }
    }
  }

  private static boolean isOurs(ObjectNode document) {
    return document.has("input")
        || SECTIONS.containsAll(document.propertyStream().map(Map.Entry::getKey).toList());
  }

  /** Adds the sections that a part of a topology leaves out. */
  private static String completed(ObjectNode part) throws IOException {
    if (!part.has("name")) {
      part.put("name", "part");
    }
    part.putObject("input").put("topic", "events");
    if (!part.has("features")) {
      part.putArray("features").addObject().put("number", "value");
    }
    if (!part.has("model")) {
      JsonNode first = part.get("features").get(0);
      String kind = first.has("number") ? "number" : "category";
      String as = kind.equals("number") ? "value" : kind;
      part.putObject("model").putObject("predict").set(as, first.get(kind));
    }
    return YAML.writeValueAsString(part);
  }

  /** Gives every variable that {@code yaml} names without a default a value. */
  private static Map<String, String> environment(String yaml) {
    return Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)}")
        .matcher(yaml)
        .results()
        .collect(Collectors.toMap(r -> r.group(1), _ -> "example", (one, _) -> one));
  }

  /** A line of a shell block as it is typed: no prompt, no comment at its end. */
  private static String command(String line) {
    return line.replaceFirst("^\\$ ", "").replaceFirst("\\s+#.*", "").strip();
  }

  private static List<String> brokenLinks(Path root) throws IOException {
    List<String> broken = new ArrayList<>();
    for (Markdown document : documents(root)) {
      for (Link link : document.links()) {
        if (!OUTSIDE.matcher(link.target()).matches() && !leadsSomewhere(document, link)) {
          broken.add(root.relativize(document.file()) + ":" + link.line() + " " + link.target());
        }
      }
    }
    return broken;
  }

  private static boolean leadsSomewhere(Markdown document, Link link) {
    String[] parts = URLDecoder.decode(link.target(), UTF_8).split("#", 2);
    Path file = parts[0].isEmpty() ? document.file() : document.file().resolveSibling(parts[0]);
    if (!Files.exists(file)) {
      return false;
    }
    boolean intoMarkdown = parts.length == 2 && file.toString().endsWith(".md");
    return !intoMarkdown || Markdown.read(file).anchors().contains(parts[1]);
  }

  private static List<Markdown> documents(Path root) throws IOException {
    return filesBelow(root, ".md").stream().map(Markdown::read).toList();
  }

  private static List<Path> filesBelow(Path folder, String suffix) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.exists(folder)) {
      List<Path> entries;
      try (Stream<Path> list = Files.list(folder)) {
        entries = list.sorted().toList();
      }
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (Files.isDirectory(entry) && !NOT_OURS.contains(name)) {
          found.addAll(filesBelow(entry, suffix));
        } else if (name.endsWith(suffix)) {
          found.add(entry);
        }
      }
    }
    return found;
  }
}
