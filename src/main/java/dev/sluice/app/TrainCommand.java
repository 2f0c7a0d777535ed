package dev.sluice.app;

import dev.sluice.artifact.ArtifactFile;
import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.artifact.Claim;
import dev.sluice.artifact.ModelSignature;
import dev.sluice.artifact.SigningKey;
import dev.sluice.config.Prediction;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.event.EventSchema;
import dev.sluice.model.Model;
import dev.sluice.registry.WeightsPublisher;
import dev.sluice.river.Declared;
import dev.sluice.train.FileHistory;
import dev.sluice.train.Recorded;
import dev.sluice.train.Task;
import dev.sluice.train.TimeRange;
import dev.sluice.train.TopicHistory;
import dev.sluice.train.Trained;
import dev.sluice.train.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice train}: from history to a model, and if it is better, into force. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Learns a model from the topology's input topic, or from a file; writes it, publishes it, or"
          + " both."
    })
final class TrainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TOPOLOGY", description = "The topology file.")
  private Path topology;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = {
        "Learn from a file in place of the topic: .jsonl or .csv with a header, .gz may follow."
      })
  private @Nullable Path input;

  @Option(
      names = "--from-time",
      paramLabel = "TIME",
      description = "Learn from events from this time on (ISO 8601).")
  private @Nullable String fromTime;

  @Option(
      names = "--to-time",
      paramLabel = "TIME",
      description = "Learn from events before this time (ISO 8601).")
  private @Nullable String toTime;

  @Option(names = "--output", paramLabel = "ARTIFACT", description = "Write the model to a file.")
  private @Nullable Path output;

  @Option(
      names = "--publish",
      description = {
        "Publish the model, if it predicts the validation part better than the version that was"
            + " published last."
      })
  private boolean publish;

  @Option(names = "--force", description = "Publish it even if it is no better.")
  private boolean force;

  @Option(
      names = "--model-version",
      paramLabel = "N",
      description = "Version of the model; otherwise the next one.")
  private @Nullable Integer version;

  @Option(
      names = "--from",
      paramLabel = "ARTIFACT",
      description = "Go on from this model in place of beginning anew.")
  private @Nullable Path from;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of everything random; otherwise training.seed of the topology.")
  private @Nullable Long seed;

  @Option(
      names = "--min-events",
      paramLabel = "N",
      defaultValue = "0",
      description = "Fail, to be started again later, while there are fewer events than this.")
  private long minEvents;

  @Option(
      names = "--key-field",
      paramLabel = "NAME",
      defaultValue = "key",
      description = {
        "In a file, the field that holds the key, where the topology says `key: record`"
            + " (${DEFAULT-VALUE})."
      })
  private String keyField;

  @Option(
      names = "--time-field",
      paramLabel = "NAME",
      defaultValue = "time",
      description = {
        "In a file, the field that holds the time, where the topology says `time: record`"
            + " (${DEFAULT-VALUE})."
      })
  private String timeField;

  @Mixin private FollowOptions follow;

  @Mixin private ModelsCommand.ValidFrom validFrom;

  @Mixin private SigningOptions signing;

  @Mixin private KafkaOptions kafka;

  @Override
  public Integer call() throws IOException, InterruptedException {
    checkOptions();
    Topology file = TopologyFile.read(topology);
    if (file.model().predict() instanceof Prediction.Labels) {
      return labels(file);
    }
    if (follow.isWanted()) {
      return follow(file);
    }
    Optional<SigningKey> key = publish ? signing.keyForPublishing(file) : signing.key(file);
    Model parent = from == null ? null : ModelFiles.fitting(ModelFiles.read(from), file, "" + from);
    int next = version(file, parent);
    TimeRange range = range();
    Recorded recorded = history(file, range);
    sayRejected(recorded);
    requireEnough(recorded);
    long began = System.nanoTime();
    Trained trained = train(file, recorded, parent, next);
    summarize(trained, recorded, (System.nanoTime() - began) / 1e9);
    byte[] artifact = ArtifactWriter.write(trained.model());
    if (output != null) {
      Files.write(output, artifact);
      print("written to " + output + ", " + Numbers.grouped(artifact.length) + " bytes");
      if (key.isPresent()) {
        ArtifactFile.sign(output, artifact, trained.model(), key.get());
        print("signed in " + ArtifactFile.signaturePath(output) + " by key " + key.get().id());
      }
    }
    return publish ? publish(file, recorded, trained, artifact, key) : 0;
  }

  private int labels(Topology file) throws IOException {
    if (input == null || output == null || publish || from != null) {
      throw misuse(
          "What says labels is learned anew from a file, and written to one. Give --input FILE and"
              + " --output ARTIFACT, without --publish, --from and --follow");
    }
    EventSchema schema = Declared.schema(file).forFiles(keyField, timeField);
    long chosen = seed == null ? file.training().seed() : seed;
    new LabelTraining(file, spec.commandLine().getOut(), err())
        .run(input, schema, version == null ? 1 : version, chosen, output);
    return 0;
  }

  private int follow(Topology file) throws IOException, InterruptedException {
    try (Stop stop = Stop.onTermination()) {
      new TrainFollower(
              file,
              kafka,
              follow,
              new TrainFollower.Terms(validFrom, signing.keyForPublishing(file)),
              minEvents,
              this::print)
          .run(stop);
    }
    return 0;
  }

  private void checkOptions() {
    if (follow.isWanted()) {
      checkAlone();
      return;
    }
    if (output == null && !publish) {
      throw misuse("Nothing would be left of the model. Give --output ARTIFACT, --publish or both");
    }
    if (version != null && version < 1) {
      throw misuse("--model-version " + version + " is less than 1");
    }
    if (seed != null && seed < 0) {
      throw misuse("--seed " + seed + " is less than 0");
    }
  }

  /** What belongs to one model cannot be said of all that come. */
  private void checkAlone() {
    if (follow.every().isZero()) {
      throw misuse("--every 0s leaves no time between two trainings. Give 1s or more");
    }
    List<String> alone =
        List.of(
            "--input",
            "--output",
            "--from",
            "--from-time",
            "--to-time",
            "--model-version",
            "--seed");
    for (String option : alone) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw misuse(option + " cannot stand beside --follow. Leave one of them out");
      }
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int version(Topology file, @Nullable Model parent) throws IOException {
    int next = publish ? publishable(file) : parent == null ? 1 : parent.version() + 1;
    return version == null ? next : version;
  }

  /** Asked first: what speaks against publishing should be known before an hour of training. */
  private int publishable(Topology file) throws IOException {
    try (WeightsPublisher publisher = ModelsCommand.open(file, kafka)) {
      int next = publisher.nextVersion();
      if (version != null && publisher.timeline().versions().contains(version)) {
        throw new Complaint(
            "--model-version "
                + version
                + ": that version of "
                + file.modelId()
                + " is published already. Version "
                + next
                + " is free");
      }
      return next;
    }
  }

  private TimeRange range() {
    long first = fromTime == null ? Long.MIN_VALUE : ModelFiles.time(fromTime);
    long end = toTime == null ? Long.MAX_VALUE : ModelFiles.time(toTime);
    if (first >= end) {
      throw misuse("--to-time " + toTime + " is not after --from-time " + fromTime);
    }
    return new TimeRange(first, end);
  }

  private Recorded history(Topology file, TimeRange range) throws IOException {
    try (Progress progress = Progress.on(err(), "events read")) {
      LongConsumer count =
          new LongConsumer() {
            private long before;

            @Override
            public void accept(long events) {
              progress.add(events - before);
              before = events;
            }
          };
      if (input == null) {
        return TopicHistory.read(file, clientMap(file), range, count);
      }
      EventSchema schema = Declared.schema(file).forFiles(keyField, timeField);
      return FileHistory.read(input, schema, range, count);
    }
  }

  private Trained train(Topology file, Recorded recorded, @Nullable Model parent, int next) {
    long chosen = seed == null ? file.training().seed() : seed;
    Task task = new Task(file, recorded, next, chosen, Optional.ofNullable(parent), Main.VERSION);
    try (Progress progress = Progress.on(err(), "windows")) {
      return Trainer.train(task, new TrainingBar(progress, file.training().epochs()));
    }
  }

  private int publish(
      Topology file, Recorded recorded, Trained trained, byte[] artifact, Optional<SigningKey> key)
      throws IOException {
    try (WeightsPublisher publisher = ModelsCommand.open(file, kafka)) {
      var held = new Incumbent.Held(recorded.history(), trained.split());
      Optional<Incumbent.Rival> rival =
          Incumbent.evaluate(file, clientMap(file), publisher, held, this::say);
      if (rival.isPresent() && !trained.validation().isBetterThan(rival.get().evaluation())) {
        String comparison = comparison(trained, rival.get());
        if (!force) {
          throw new Complaint("Not published: " + comparison + ". --force publishes it anyway");
        }
        say("Published anyway: " + comparison);
      }
      int number = trained.model().version();
      long when = validFrom.millis(publisher);
      Optional<ModelSignature> signature =
          key.map(k -> k.sign(Claim.of(file.modelId(), number, artifact)));
      print(Publishing.describe(publisher.publish(artifact, number, when, signature)));
      return 0;
    }
  }

  /** Both in nats an event and unit of the field, whatever their bins and scales. */
  private static String comparison(Trained trained, Incumbent.Rival rival) {
    return "on the same validation part version "
        + rival.version()
        + " has a surprise of "
        + Numbers.four(rival.evaluation().natsPerUnit())
        + " nats, this one of "
        + Numbers.four(trained.validation().natsPerUnit());
  }

  private void requireEnough(Recorded recorded) {
    int events = recorded.history().events();
    if (events < minEvents) {
      throw new Complaint(
          "There are "
              + Numbers.grouped(events)
              + " events, --min-events asks for "
              + Numbers.grouped(minEvents)
              + ". Try again later");
    }
  }

  private void sayRejected(Recorded recorded) {
    if (recorded.rejected() > 0) {
      say(Numbers.grouped(recorded.rejected()) + " events were rejected and left out:");
      recorded.complaints().forEach(this::say);
      long more = recorded.rejected() - recorded.complaints().size();
      if (more > 0) {
        say("... and " + Numbers.grouped(more) + " more");
      }
    }
  }

  private void summarize(Trained trained, Recorded recorded, double seconds) {
    TrainSummary.lines(trained, recorded, seconds).forEach(this::print);
  }

  private Map<String, String> clientMap(Topology file) throws IOException {
    return KafkaOptions.clientMap(kafka.properties(file));
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private void say(String line) {
    err().println(line);
    err().flush();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
