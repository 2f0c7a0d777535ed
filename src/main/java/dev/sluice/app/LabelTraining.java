package dev.sluice.app;

import dev.sluice.artifact.MessageArtifact;
import dev.sluice.cell.Cell;
import dev.sluice.cell.Pooling;
import dev.sluice.cell.TrainableSequences;
import dev.sluice.config.FeatureDecl.TokensDecl;
import dev.sluice.config.ModelDecl;
import dev.sluice.config.Topology;
import dev.sluice.config.Training;
import dev.sluice.event.EventSchema;
import dev.sluice.text.TokenView;
import dev.sluice.train.LabelledReader;
import dev.sluice.train.MessageScore;
import dev.sluice.train.MessageShape;
import dev.sluice.train.MessageShape.Attention;
import dev.sluice.train.MessageShape.View;
import dev.sluice.train.MessageTrainer;
import dev.sluice.train.MessageTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Learns to say labels and tags of messages, for {@code sluice train}. */
final class LabelTraining {

  /** At which words are taken for unknown, so that the unknown word is learned. */
  private static final double WORDS_DROPPED = 0.05;

  /** Share of a label's mass that is spread over all labels. */
  private static final double SMOOTHING = 0.05;

  /** Vectors of a word's beginning and end are so many times narrower than its own. */
  private static final int AFFIX_PART = 3;

  /** An affix that one word alone has says no more than the word. */
  private static final int AFFIX_COUNT = 2;

  private final Topology topology;
  private final PrintWriter out;
  private final PrintWriter err;

  LabelTraining(Topology topology, PrintWriter out, PrintWriter err) {
    this.topology = topology;
    this.out = out;
    this.err = err;
  }

  /**
   * Learns from a file and writes the model.
   *
   * @param seed of everything random
   */
  void run(Path input, EventSchema schema, int version, long seed, Path output) throws IOException {
    LabelledReader.Read read = new LabelledReader(topology, schema).file(input, schema);
    if (read.rejected() > 0) {
      err.println(Numbers.grouped(read.rejected()) + " events were rejected and left out:");
      read.complaints().forEach(err::println);
      err.flush();
    }
    var task =
        new MessageTrainer.Task(
            topology.modelId(),
            version,
            read.messages(),
            shape(),
            training(topology.training()),
            "file " + input.getFileName(),
            seed,
            Main.VERSION);
    long began = System.nanoTime();
    MessageTrainer.Result result;
    try (Progress progress = Progress.on(err, "windows")) {
      result = MessageTrainer.train(task, new TrainingBar(progress, topology.training().epochs()));
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    byte[] artifact = MessageArtifact.write(result.model());
    Files.write(output, artifact);
    out.println("history    " + Numbers.grouped(read.messages().size()) + " messages");
    out.println(
        "learning   best after "
            + result.bestEpoch()
            + " of "
            + result.epochs()
            + " epochs, "
            + String.format(Locale.ROOT, "%.1f s", seconds));
    lines(result.validation(), "on the part held out").forEach(out::println);
    out.println("written to " + output + ", " + Numbers.grouped(artifact.length) + " bytes");
    out.flush();
  }

  /** Returns what a model is worth, a line for each kind of answer. */
  static List<String> lines(MessageScore score, String where) {
    List<String> lines = new ArrayList<>();
    if (!Double.isNaN(score.accuracy())) {
      lines.add(Numbers.four(score.accuracy()) + " of the labels are right " + where);
    }
    if (!Double.isNaN(score.chunkF1())) {
      lines.add(Numbers.four(score.chunkF1()) + " is the F1 of tagged chunks " + where);
    }
    return lines;
  }

  private MessageShape shape() {
    ModelDecl model = topology.model();
    int dimensions = ((TokensDecl) topology.features().getFirst()).dimensions();
    int narrow = Math.max(1, dimensions / AFFIX_PART);
    List<View> views =
        List.of(
            new View(TokenView.PLAIN, dimensions, 1),
            new View(TokenView.PREFIX_3, narrow, AFFIX_COUNT),
            new View(TokenView.SUFFIX_3, narrow, AFFIX_COUNT));
    List<Cell> cells = model.layerCells();
    if (cells.stream().distinct().count() > 1) {
      throw new Complaint("model.cells: what reads messages has one kind of cell. Write one");
    }
    List<Integer> units = java.util.Collections.nCopies(model.layers(), model.hidden());
    boolean bothWays = model.reading().directions() == ModelDecl.Directions.BOTH;
    return new MessageShape(
        views, new TrainableSequences.Shape(cells.getFirst(), units, bothWays), attention(model));
  }

  private static Attention attention(ModelDecl model) {
    return switch (model.reading().attention()) {
      case NONE -> new Attention.None(Pooling.Plain.MEAN);
      case DOT -> new Attention.Dot();
      case ADDITIVE -> new Attention.Additive(model.hidden());
    };
  }

  private static MessageTraining training(Training training) {
    double rate = training.dropout();
    return new MessageTraining(
        training.epochs(),
        training.patience(),
        training.batch(),
        training.learningRate(),
        training.clipNorm(),
        new MessageTraining.Dropout(WORDS_DROPPED, rate, rate, rate),
        SMOOTHING,
        training.validation());
  }
}
