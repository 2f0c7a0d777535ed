package dev.sluice.bench.train;

import dev.sluice.cell.Cell;
import dev.sluice.cell.TrainableSequences;
import dev.sluice.text.TokenView;
import dev.sluice.train.LabelledMessage;
import dev.sluice.train.MessageShape;
import dev.sluice.train.MessageTrainer;
import dev.sluice.train.MessageTraining;
import dev.sluice.train.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What models of messages reach on texts others have published figures for: {@code Labels TASK
 * [FIRST_SEED [LAST_SEED [DATA]]]}, TASK {@code atis} (intents and slots) or {@code trec} (six
 * classes of questions).
 *
 * <p>A tenth of the training part, by the seed, chooses the epoch; hyper-parameters were chosen by
 * that tenth too. The test part is read once, at the end: each model by itself, and all together,
 * their probabilities averaged. No vectors of words from elsewhere.
 *
 * <p>ATIS: the valid part is added to the training part. An intent {@code a#b} is a class of its
 * own, as in Goo et al. 2018: five test messages have one that no training message has, and count
 * as wrong. The second figure also takes a or b for right, and a#b where a is wanted.
 */
final class Labels {

  private static final int MOST_TOKENS = 64;

  private final String name;
  private final List<LabelledMessage> training;
  private final List<LabelledMessage> test;
  private final MessageShape shape;
  private final MessageTraining options;

  private Labels(
      String name,
      List<LabelledMessage> training,
      List<LabelledMessage> test,
      MessageShape shape,
      MessageTraining options) {
    this.name = name;
    this.training = training;
    this.test = test;
    this.shape = shape;
    this.options = options;
  }

  public static void main(String[] args) throws IOException {
    int first = args.length > 1 ? Integer.parseInt(args[1]) : 1;
    int last = args.length > 2 ? Integer.parseInt(args[2]) : first + 2;
    Path data = Path.of(args.length > 3 ? args[3] : "../shared/data/text");
    Labels labels = args[0].equals("atis") ? atis(data) : trec(data);
    labels.run(first, last);
  }

  private static Labels atis(Path data) throws IOException {
    List<LabelledMessage> training = new ArrayList<>(tagged(data.resolve("atis/train")));
    training.addAll(tagged(data.resolve("atis/valid")));
    var dropout = new MessageTraining.Dropout(0.05, 0.3, 0.3, 0.3);
    return new Labels(
        "ATIS",
        training,
        tagged(data.resolve("atis/test")),
        shape(TokenView.WORD, 2, TokenView.PREFIX_3, TokenView.SUFFIX_3),
        new MessageTraining(18, 6, 16, 0.004, 1, dropout, 0.05, 0.1));
  }

  private static Labels trec(Path data) throws IOException {
    var dropout = new MessageTraining.Dropout(0.1, 0.5, 0.3, 0.5);
    return new Labels(
        "TREC-6",
        questions(data.resolve("trec/TREC.train.all")),
        questions(data.resolve("trec/TREC.test.all")),
        shape(TokenView.PLAIN, 1, TokenView.PREFIX_3, TokenView.SUFFIX_3, TokenView.SHAPE),
        new MessageTraining(12, 6, 32, 0.002, 1, dropout, 0.05, 0.1));
  }

  /** Words in 100 dimensions, other views in 30; 64 units in each direction of each layer. */
  private static MessageShape shape(TokenView word, int layers, TokenView... others) {
    List<MessageShape.View> views = new ArrayList<>();
    views.add(new MessageShape.View(word, 100, 1));
    for (TokenView other : others) {
      views.add(new MessageShape.View(other, 30, 2));
    }
    return new MessageShape(
        views,
        new TrainableSequences.Shape(Cell.LSTM, Collections.nCopies(layers, 64), true),
        new MessageShape.Attention.Additive(64));
  }

  /** Messages of Goo et al.: tokens, their tags and the intent in a file each, line by line. */
  private static List<LabelledMessage> tagged(Path folder) throws IOException {
    List<String> texts = Files.readAllLines(folder.resolve("seq.in"));
    List<String> tags = Files.readAllLines(folder.resolve("seq.out"));
    List<String> intents = Files.readAllLines(folder.resolve("label"));
    List<LabelledMessage> messages = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      messages.add(
          new LabelledMessage(
              split(texts.get(i)), Optional.of(intents.get(i).strip()), split(tags.get(i))));
    }
    return messages;
  }

  private static List<LabelledMessage> questions(Path file) throws IOException {
    List<LabelledMessage> messages = new ArrayList<>();
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      List<String> parts = split(line);
      messages.add(
          new LabelledMessage(
              parts.subList(1, parts.size()), Optional.of(parts.getFirst()), List.of()));
    }
    return messages;
  }

  private static List<String> split(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  private void run(int first, int last) {
    System.out.printf(
        Locale.ROOT, "%s: %d to learn from, %d to test%n", name, training.size(), test.size());
    System.out.println("                 held out        test");
    System.out.println("seed             label  chunks   label  any of  chunks  seconds");
    var all = new Panel();
    for (int seed = first; seed <= last; seed++) {
      long start = System.nanoTime();
      var task =
          new MessageTrainer.Task("labels", 1, training, shape, options, name, seed, "bench");
      MessageTrainer.Result result = MessageTrainer.train(task, Progress.none());
      var one = new Panel();
      one.add(result.model(), test, MOST_TOKENS);
      all.add(result.model(), test, MOST_TOKENS);
      System.out.printf(
          Locale.ROOT,
          "%-15d %6.2f  %6.2f  %s  %7.0f%n",
          seed,
          100 * result.validation().accuracy(),
          100 * result.validation().chunkF1(),
          one.score(test),
          (System.nanoTime() - start) / 1e9);
    }
    System.out.printf(Locale.ROOT, "%-15s %6s  %6s  %s%n", "all together", "", "", all.score(test));
  }
}
