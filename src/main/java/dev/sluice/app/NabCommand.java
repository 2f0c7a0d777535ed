package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.backtest.NabCorpus;
import dev.sluice.backtest.NabInput;
import dev.sluice.backtest.NabReport;
import dev.sluice.backtest.NabScorer;
import dev.sluice.backtest.NabSeries;
import dev.sluice.config.ScoreDecl;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.river.Declared;
import dev.sluice.river.Replay;
import dev.sluice.river.Result;
import dev.sluice.river.Settings;
import dev.sluice.score.Calibration;
import dev.sluice.train.FileHistory;
import dev.sluice.train.Recorded;
import dev.sluice.train.Task;
import dev.sluice.train.TimeRange;
import dev.sluice.train.Trained;
import dev.sluice.train.Trainer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sluice backtest nab}: one model for all series of the Numenta Anomaly Benchmark, learned
 * from their probationary rows only, then every row scored in order as {@code score} would.
 */
@Command(
    name = "nab",
    mixinStandardHelpOptions = true,
    description = {
      "The Numenta Anomaly Benchmark: learns from the probationary rows of all series at once,"
          + " scores every row as a stream would, and prints NAB's own scores."
    })
final class NabCommand implements Callable<Integer> {

  private static final double LEAST_THRESHOLD = 0.5;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FOLDER", description = "The benchmark: holds `data` and `labels`.")
  private Path folder;

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      defaultValue = "topologies/nab.yaml",
      description = "How to learn and score (${DEFAULT-VALUE}).")
  private Path topologyFile;

  @Option(
      names = "--model",
      paramLabel = "ARTIFACT",
      description = "Score with this model in place of one that is trained now.")
  private @Nullable Path artifact;

  @Option(
      names = "--save-model",
      paramLabel = "ARTIFACT",
      description = "Keep the model that is trained.")
  private @Nullable Path saveModel;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Every alert's score, 0 for other rows, as CSV: file,row,anomaly_score.")
  private @Nullable Path output;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Topology topology = TopologyFile.read(topologyFile);
    NabCorpus corpus = NabCorpus.read(folder);
    Path events = Files.createTempFile("sluice-nab", ".jsonl");
    try {
      NabInput.write(corpus, events);
      Model model =
          WeightChoice.forScoring(
              model(topology, corpus, err), topology, topology.modelId(), err::println);
      double[] scores = score(topology, corpus, events, model, err);
      if (output != null) {
        write(corpus, scores, output);
      }
      NabReport report = NabReport.of("sluice " + Main.VERSION, new NabScorer(corpus, scores));
      PrintWriter out = spec.commandLine().getOut();
      out.println(json ? report.json() : report.text());
      out.flush();
      return 0;
    } finally {
      Files.delete(events);
    }
  }

  private Model model(Topology topology, NabCorpus corpus, PrintWriter err) throws IOException {
    if (artifact != null) {
      return ModelFiles.fitting(ModelFiles.read(artifact), topology, artifact.toString());
    }
    Path learnable = Files.createTempFile("sluice-nab-probation", ".jsonl");
    try {
      NabInput.writeProbation(corpus, learnable);
      EventSchema schema = Declared.schema(topology).forFiles("key", "time");
      Recorded history = FileHistory.read(learnable, schema, TimeRange.ALL, _ -> {});
      Trained trained =
          Trainer.train(
              Task.of(topology, history, 1, Main.VERSION), new EpochLines(err, "training"));
      if (saveModel != null) {
        Files.write(saveModel, ArtifactWriter.write(trained.model()));
      }
      return trained.model();
    } finally {
      Files.delete(learnable);
    }
  }

  private static double[] score(
      Topology topology, NabCorpus corpus, Path events, Model model, PrintWriter err)
      throws IOException {
    EventSchema schema = Declared.schema(topology).forFiles("key", "time");
    Replay replay =
        new Replay(schema, anyThreshold(topology), FixedModels.of(model.version(), model));
    try (EventFile file = EventFile.open(events, schema);
        Progress progress = Progress.on(err, "rows scored")) {
      Collect collect = new Collect(corpus, progress);
      replay.run(file, collect);
      return collect.scores;
    }
  }

  /**
   * NAB tries every threshold. Below 0.5, the score of the key's own record, none makes sense, and
   * what alerts at 0.5 alerts at a higher threshold if its score reaches that.
   */
  private static Settings anyThreshold(Topology topology) {
    ScoreDecl score = topology.score();
    return Declared.settings(topology)
        .withCalibration(new Calibration(LEAST_THRESHOLD, score.warmUp(), score.quiet()));
  }

  /** Puts the score of each alert where its row is; what is none is not worth one. */
  private static final class Collect implements Replay.Sink {

    private final NabCorpus corpus;
    private final Progress progress;
    private final Map<String, Integer> seen = new HashMap<>();
    private final double[] scores;

    Collect(NabCorpus corpus, Progress progress) {
      this.corpus = corpus;
      this.progress = progress;
      this.scores = new double[corpus.rows()];
    }

    @Override
    public void result(long line, Result result) {
      String name = new String(result.key(), UTF_8);
      int row = seen.merge(name, 1, Integer::sum) - 1;
      scores[corpus.offset(corpus.indexOf(name)) + row] = result.isAlert() ? result.score() : 0;
      progress.add(1);
    }

    @Override
    public void rejected(long line, String text, Rejection why) {
      throw new Complaint("line " + line + " cannot be scored: " + why.getMessage());
    }
  }

  private static void write(NabCorpus corpus, double[] scores, Path to) throws IOException {
    List<NabSeries> all = corpus.series();
    try (BufferedWriter writer = Files.newBufferedWriter(to, UTF_8)) {
      writer.write("file,row,anomaly_score\n");
      for (int s = 0; s < all.size(); s++) {
        int offset = corpus.offset(s);
        for (int row = 0; row < all.get(s).rows(); row++) {
          writer.write(all.get(s).name() + "," + row + "," + scores[offset + row] + "\n");
        }
      }
    }
  }
}
