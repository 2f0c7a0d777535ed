package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text from a model that learned one sentence by heart. */
final class GenerateCommandTest {

  private static final String SENTENCE = "to be or not: große Frage 🙂\n";

  @TempDir private static Path folder;
  private static Path model = Path.of("");

  @BeforeAll
  static void train() throws IOException {
    model = train("letters", SENTENCE.repeat(60).codePoints().mapToObj(Character::toString));
  }

  private static Path train(String name, Stream<String> words) throws IOException {
    Path topology =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            name: letters
            input: {topic: letters, key: k, time: t}
            features: [{category: c, dimensions: 8}]
            model: {hidden: 32, predict: {category: c}}
            training: {window: 32, batch: 8, epochs: 40, learningRate: 0.01, validation: 0.1}
            """);
    List<String> lines = new ArrayList<>();
    words.forEach(
        word -> {
          String escaped = word.equals("\n") ? "\\n" : word;
          lines.add("{\"k\":\"a\",\"t\":" + lines.size() + ",\"c\":\"" + escaped + "\"}");
        });
    Path events = Files.write(folder.resolve(name + ".jsonl"), lines);
    Path artifact = folder.resolve(name + ".safetensors");
    Ran trained = Ran.of("train", topology, "--input", events, "--output", artifact);
    assertThat(trained.code()).as(trained.complaint()).isZero();
    return artifact;
  }

  @Test
  void theLikeliestTextIsTheOneThatWasLearned() {
    Ran ran = Ran.of("generate", model, "--prompt", "to be ", "--length", 50, "--top-k", 1);
    assertThat(ran.complaint()).isEmpty();
    String learned = SENTENCE.repeat(3);
    int end = learned.offsetByCodePoints(0, 56);
    assertThat(ran.out().stripTrailing()).isEqualTo(learned.substring(0, end).stripTrailing());
    assertThat(Ran.of("generate", model, "--length", 30, "--temperature", 0.05).out())
        .contains("große Frage 🙂\n");
  }

  @Test
  void theSameSeedGivesTheSameText() {
    String first = Ran.of("generate", model, "--temperature", 3, "--seed", 7).out();
    assertThat(Ran.of("generate", model, "--temperature", 3, "--seed", 7).out()).isEqualTo(first);
    assertThat(Ran.of("generate", model, "--temperature", 3, "--seed", 8).out())
        .isNotEqualTo(first);
    assertThat(first).doesNotContain("unknown");
  }

  @Test
  void wordsAreSetApart() throws IOException {
    Path words =
        train(
            "words",
            Stream.generate(() -> List.of("ping", "pong")).limit(300).flatMap(List::stream));
    assertThat(
            Ran.of("generate", words, "--prompt", "ping", "--length", 3, "--top-k", 1)
                .out()
                .strip())
        .isEqualTo("ping pong ping pong");
  }

  @Test
  void whatItCannotGoOnFromIsSaid() {
    assertThat(Ran.of("generate", model, "--prompt", "Q").complaint())
        .isEqualTo("--prompt: the model does not know Q. Use what it was trained on");
    assertThat(Ran.of("generate", model, "--temperature", 0).complaint())
        .endsWith("temperature 0.0, top-k 1048576. Give numbers above 0");
    assertThat(Ran.of("generate", model, "--top-k", 0).complaint())
        .endsWith("Give numbers above 0");
  }
}
