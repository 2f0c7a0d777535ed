package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.backtest.NabCorpus;
import dev.sluice.backtest.NabDifference;
import dev.sluice.backtest.NabInput;
import dev.sluice.backtest.NabMapping;
import dev.sluice.backtest.NabReport;
import dev.sluice.backtest.NabScorer;
import dev.sluice.backtest.NabSeries;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.model.Model;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
      names = "--general",
      description = "Score with the general model that is shipped: nothing is learned from NAB.")
  private boolean general;

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

  @Option(
      names = "--mapped",
      paramLabel = "FACTOR,SHIFT",
      description = {
        "Score all series once more as one mixed stream, each moved by whole weeks, with values as"
            + " FACTOR · v + SHIFT, and say how far the scores are apart."
      })
  private @Nullable String mapped;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Topology topology = TopologyFile.read(topologyFile);
    NabCorpus corpus = NabCorpus.read(folder);
    NabMapping mapping = mapped == null ? null : mapping(mapped);
    BenchmarkRun run = new BenchmarkRun(topology, err);
    Model model =
        WeightChoice.forScoring(model(run, corpus), topology, topology.modelId(), err::println);
    NabScoring scoring = new NabScoring(run, corpus, model);
    NabScoring.Scores plain = scoring.plain();
    if (output != null) {
      write(corpus, plain.alerts(), output);
    }
    NabReport report = report(corpus, plain);
    NabDifference difference = null;
    if (mapping != null) {
      NabScoring.Scores other = scoring.mapped(mapping);
      difference =
          NabDifference.of(
              mapping,
              corpus,
              new NabDifference.Scores(plain.all(), report),
              new NabDifference.Scores(other.all(), report(corpus, other)));
    }
    print(report, difference);
    return 0;
  }

  private static NabMapping mapping(String text) {
    try {
      return NabMapping.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Complaint("--mapped " + e.getMessage());
    }
  }

  private static NabReport report(NabCorpus corpus, NabScoring.Scores scores) {
    return NabReport.of("sluice " + Main.VERSION, new NabScorer(corpus, scores.alerts()));
  }

  private void print(NabReport report, @Nullable NabDifference difference) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectNode node = report.json();
      if (difference != null) {
        node.set("mapped", difference.json());
      }
      out.println(node.toPrettyString());
    } else {
      out.println(report.text());
      if (difference != null) {
        out.println(difference.text());
      }
    }
    out.flush();
  }

  private Model model(BenchmarkRun run, NabCorpus corpus) throws IOException {
    Topology topology = run.topology();
    if (general) {
      return ModelsGeneralCommand.fitting(topology, topologyFile);
    }
    if (artifact != null) {
      return ModelFiles.fitting(ModelFiles.read(artifact), topology, artifact.toString());
    }
    Model trained = run.train(file -> NabInput.writeProbation(corpus, file));
    if (saveModel != null) {
      ModelFiles.write(trained, saveModel);
    }
    return trained;
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
