package dev.sluice.app;

import dev.sluice.model.Model;
import dev.sluice.river.Generator;
import dev.sluice.text.Vocabulary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice generate}: text that a model makes up. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Goes on from a prompt with words drawn from what the model expects next. The model has one"
          + " feature, the category that it predicts: characters or words."
    })
final class GenerateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "ARTIFACT", description = "The model.")
  private Path artifact = Path.of("");

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What it goes on from (a line break).")
  private String prompt = "\n";

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "How many characters or words (${DEFAULT-VALUE}).")
  private int length = 500;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Below 1 bolder, above 1 wilder (${DEFAULT-VALUE}).")
  private double temperature = 1;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw from the K likeliest only (all).")
  private int most = Vocabulary.MAX_SIZE;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed, the same text (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Override
  public Integer call() {
    Model model = ModelFiles.read(artifact);
    Generator generator;
    try {
      generator = new Generator(model, new Generator.Taste(temperature, most, seed));
    } catch (IllegalArgumentException e) {
      throw new Complaint(artifact + ": " + e.getMessage());
    }
    Vocabulary vocabulary = generator.vocabulary();
    boolean isCharacters = isCharacters(vocabulary);
    PrintWriter out = spec.commandLine().getOut();
    String between = isCharacters ? "" : " ";
    for (String word : split(prompt, isCharacters)) {
      int id = vocabulary.id(word);
      if (id == Vocabulary.UNKNOWN) {
        throw new Complaint(
            "--prompt: the model does not know " + word + ". Use what it was trained on");
      }
      generator.take(id);
      out.print(word + between);
    }
    for (int i = 0; i < length; i++) {
      out.print(vocabulary.word(generator.next()) + between);
    }
    out.println();
    out.flush();
    return 0;
  }

  /** Whether every known word is one character, as Unicode counts them. */
  private static boolean isCharacters(Vocabulary vocabulary) {
    List<String> words = vocabulary.words();
    return words.subList(Vocabulary.UNKNOWN + 1, words.size()).stream()
        .allMatch(word -> word.codePointCount(0, word.length()) == 1);
  }

  private static List<String> split(String text, boolean isCharacters) {
    return isCharacters
        ? text.codePoints().mapToObj(Character::toString).toList()
        : text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }
}
