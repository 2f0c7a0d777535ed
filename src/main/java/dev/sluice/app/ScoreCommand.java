package dev.sluice.app;

import dev.sluice.artifact.TrustedKeys;
import dev.sluice.config.Prediction;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.ModelSource;
import dev.sluice.river.Declared;
import dev.sluice.river.Replay;
import dev.sluice.river.Result;
import dev.sluice.river.Settings;
import dev.sluice.score.Verdicts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice score}: the code path of {@code run}, on a file, without Kafka. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = {
      "Scores a file of events, without Kafka: what `run` would say of the same events, bit for"
          + " bit. With labels it says what the alerts are worth; with a chart it draws a key."
    })
final class ScoreCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TOPOLOGY", description = "The topology file.")
  private Path topology;

  @Option(
      names = "--model",
      paramLabel = "ARTIFACT[@TIME]",
      description = {
        "The model. Give several to score with a swap: each is in force for events from its TIME"
            + " (ISO 8601) on, the first from the beginning."
      })
  private List<String> models = List.of();

  @Option(
      names = "--published",
      description = {
        "Score with the versions of the weights topic in place of files, each in force for the"
            + " events it is in force for in the stream: a replay."
      })
  private boolean published;

  @Option(
      names = "--general",
      description = {
        "Score with the general model that is shipped: one number with scale: key, no training."
      })
  private boolean general;

  @Option(
      names = "--unsigned",
      description = {
        "Score with models that no key of weights.keys signed, too: to try one before it is signed."
      })
  private boolean unsigned;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "FILE",
      description = "Events: .jsonl or .csv with a header, .gz may follow.")
  private Path input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Results: .jsonl as in the scores topic, or .csv.")
  private Path output;

  @Option(
      names = "--key-field",
      paramLabel = "NAME",
      defaultValue = "key",
      description = {
        "The field that holds the key, where the topology says `key: record` (${DEFAULT-VALUE})."
      })
  private String keyField;

  @Option(
      names = "--time-field",
      paramLabel = "NAME",
      defaultValue = "time",
      description = {
        "The field that holds the time, where the topology says `time: record` (${DEFAULT-VALUE})."
      })
  private String timeField;

  @Option(
      names = "--words-from",
      paramLabel = "N",
      description = {
        "Where words are predicted: count how often the likeliest came, from each key's event N on"
            + " (${DEFAULT-VALUE})."
      })
  private int wordsFrom = 2;

  @Mixin private BacktestOptions backtest;

  @Mixin private KafkaOptions kafka;

  @Override
  public Integer call() throws IOException {
    if ((models.isEmpty() ? 0 : 1) + (published ? 1 : 0) + (general ? 1 : 0) != 1) {
      throw new ParameterException(
          spec.commandLine(), "Give one of --model ARTIFACT, --published and --general");
    }
    Topology file = TopologyFile.read(topology);
    EventSchema schema = Declared.schema(file).forFiles(keyField, timeField);
    PrintWriter err = spec.commandLine().getErr();
    if (file.model().predict() instanceof Prediction.Labels) {
      return labels(file, schema, err);
    }
    BacktestOptions.Run judged = backtest.begin(spec, file);
    Replay replay = new Replay(schema, settings(file), source(file, err));
    WordAccuracy words = new WordAccuracy(wordsFrom);
    try (EventFile events = EventFile.open(input, schema);
        ResultFile results = ResultFile.create(output, file.alerts().suppresses());
        Progress progress = Progress.on(err, "events scored")) {
      replay.run(events, new ToFile(results, judged, words, progress, input, err));
    }
    err.println(
        replay.scored()
            + " events scored, "
            + replay.alerts()
            + " alerts, "
            + (file.alerts().suppresses() ? replay.suppressed() + " suppressed, " : "")
            + replay.rejected()
            + " rejected");
    words.lines().forEach(err::println);
    err.flush();
    judged.finish(replay);
    return 0;
  }

  private int labels(Topology file, EventSchema schema, PrintWriter err) throws IOException {
    if (models.size() != 1) {
      throw new ParameterException(
          spec.commandLine(), "What says labels is a file so far. Give one --model ARTIFACT");
    }
    Path artifact = Path.of(models.getFirst());
    new LabelScoring(file, err).run(input, schema, LabelScoring.model(artifact, file), output);
    return 0;
  }

  /** As in the stream: with what people said, where that is on the brokers. */
  private Settings settings(Topology file) throws IOException {
    Settings settings = Declared.settings(file);
    if (!published || file.alerts().feedback().isEmpty()) {
      return settings;
    }
    Map<String, String> client = KafkaOptions.clientMap(kafka.properties(file));
    Verdicts verdicts = FeedbackFollower.read(client, file.alerts().feedback().get());
    return settings.withFeedback(() -> verdicts);
  }

  private ModelSource<Model> source(Topology file, PrintWriter err) throws IOException {
    if (general) {
      Model model = ModelsGeneralCommand.fitting(file, topology);
      return FixedModels.of(
          model.version(), WeightChoice.forScoring(model, file, "the general model", err::println));
    }
    Optional<TrustedKeys> trusted = unsigned ? Optional.empty() : Trust.of(file);
    return published
        ? PublishedModels.read(file, kafka.properties(file), err::println)
        : ModelFiles.read(models, file, trusted, err::println);
  }

  /** Writes results, and says which lines could not be scored. */
  private record ToFile(
      ResultFile results,
      BacktestOptions.Run judged,
      WordAccuracy words,
      Progress progress,
      Path input,
      PrintWriter err)
      implements Replay.Sink {

    @Override
    public void result(long line, Result result) throws IOException {
      results.write(result);
      judged.take(result);
      words.take(result);
      progress.add(1);
    }

    @Override
    public void rejected(long line, String text, @Nullable Rejection why) {
      err.println(
          input + ":" + line + ": " + (why == null ? "" : why.reason() + ": " + why.getMessage()));
    }
  }
}
