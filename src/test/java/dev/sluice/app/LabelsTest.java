package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels and tags of messages, learned from a file and said of another, as a user does it. */
final class LabelsTest {

  private static final String TOPOLOGY =
      """
      name: orders
      input: {topic: orders}
      features: [{tokens: text, dimensions: 12}]
      model:
        hidden: 16
        directions: both
        attention: additive
        predict: {label: kind, tags: slots}
      training: {epochs: 12, dropout: 0.1, learningRate: 0.01}
      """;

  private static final List<String> CITIES = List.of("rome", "oslo", "bern", "lima", "kyiv");

  @TempDir private Path folder;
  private final Random random = new Random(1);

  /** The kind is said by the last word, the tag of a city by the word before it. */
  @Test
  void whatDependsOnBothEndsIsLearned() throws IOException {
    Path topology = write("orders.yaml", List.of(TOPOLOGY));
    Path history = write("history.jsonl", orders(600));
    Path others = write("others.jsonl", orders(100));
    Path model = folder.resolve("orders.safetensors");
    Ran train =
        Ran.of("train", topology, "--input", history, "--output", model, "--key-field", "id");
    assertThat(train.code()).as(train.err()).isZero();
    assertThat(train.out())
        .contains("history    600 messages")
        .contains(" of the labels are right");
    Path said = folder.resolve("said.jsonl");
    Ran score = score(topology, model, others, said);
    assertThat(score.code()).as(score.err()).isZero();
    assertThat(score.err())
        .contains("100 messages read, 0 rejected")
        .contains("1.0000 of the labels are right of those that came with them")
        .contains("1.0000 is the F1 of tagged chunks of those that came with them");
    JsonNode first = new ObjectMapper().readTree(Files.readAllLines(said).getFirst());
    assertThat(first.get("attention")).hasSize(3);
    double before = 1;
    for (JsonNode of : first.get("attention")) {
      assertThat(of.get("weight").doubleValue()).isBetween(0.0, before);
      before = of.get("weight").doubleValue();
    }
    assertThat(first.get("tags")).hasSize(4);
  }

  /** Answers do not depend on what else is in the file, and may be missing in it. */
  @Test
  void aMessageAloneGetsTheBytesItGetsAmongOthers() throws IOException {
    Path topology = write("orders.yaml", List.of(TOPOLOGY.replace("epochs: 12", "epochs: 1")));
    Path history = write("history.jsonl", orders(300));
    Path model = folder.resolve("orders.safetensors");
    Path again = folder.resolve("again.safetensors");
    for (Path output : List.of(model, again)) {
      assertThat(
              Ran.of("train", topology, "--input", history, "--output", output, "--key-field", "id")
                  .code())
          .isZero();
    }
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(model));
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      messages.add(
          "{\"id\":\"m"
              + i
              + "\",\"time\":1,\"text\":\""
              + "from rome é ".repeat(1 + i % 7)
              + "\"}");
    }
    Path said = folder.resolve("said.jsonl");
    Ran score = score(topology, model, write("all.jsonl", messages), said);
    assertThat(score.err()).contains("80 messages read, 0 rejected").doesNotContain("are right");
    for (int i : new int[] {0, 31, 32, 79}) {
      Path alone = folder.resolve("alone.jsonl");
      score(topology, model, write("one.jsonl", List.of(messages.get(i))), alone);
      assertThat(Files.readAllLines(alone)).containsExactly(Files.readAllLines(said).get(i));
    }
  }

  @Test
  void whatCannotBeReadIsSaidAndTheRestGoesOn() throws IOException {
    Path topology = write("orders.yaml", List.of(TOPOLOGY));
    List<String> orders = orders(300);
    orders.set(
        1, "{\"id\":\"a\",\"time\":1,\"text\":\"from rome\",\"slots\":\"O\",\"kind\":\"x\"}");
    orders.set(2, "{\"id\":\"a\",\"time\":1,\"text\":\" \"}");
    Path history = write("history.jsonl", orders);
    Path model = folder.resolve("orders.safetensors");
    Ran train =
        Ran.of("train", topology, "--input", history, "--output", model, "--key-field", "id");
    assertThat(train.err())
        .contains("2 events were rejected and left out:")
        .contains("history.jsonl:2: OUT_OF_RANGE: there are 1 tags for 2 tokens")
        .contains("history.jsonl:3: OUT_OF_RANGE: field text: a text of 0 tokens, 1 to 512");
  }

  @Test
  void whatIsForFilesOnlySaysSo() throws IOException {
    Path topology = write("orders.yaml", List.of(TOPOLOGY));
    assertThat(Ran.of("train", topology, "--publish").err())
        .contains("What says labels is learned anew from a file");
    Ran run = Ran.of("run", topology);
    assertThat(run.code()).isNotZero();
    assertThat(run.err())
        .contains("model.predict: label kind, tags slots is learned and said for files only so far")
        .doesNotContain("\tat ");
  }

  private static Ran score(Path topology, Path model, Path input, Path output) {
    return Ran.of(
        "score",
        topology,
        "--model",
        model,
        "--input",
        input,
        "--output",
        output,
        "--key-field",
        "id");
  }

  private Path write(String name, List<String> lines) throws IOException {
    return Files.write(folder.resolve(name), lines);
  }

  private List<String> orders(int count) {
    List<String> orders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean from = random.nextBoolean();
      boolean please = random.nextBoolean();
      String city = CITIES.get(random.nextInt(CITIES.size()));
      orders.add(
          "{\"id\":\"o"
              + i
              + "\",\"time\":"
              + i
              + ",\"text\":\"fly "
              + (from ? "from " : "to ")
              + city
              + (please ? " please" : " now")
              + "\",\"slots\":\"O O "
              + (from ? "B-from" : "B-to")
              + " O\",\"kind\":\""
              + (please ? "wish" : "order")
              + "\"}");
    }
    return orders;
  }
}
