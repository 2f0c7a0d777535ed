package dev.sluice.app;

import dev.sluice.cell.CellLayer;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.feature.Feature;
import dev.sluice.feature.Scaling;
import dev.sluice.head.Head;
import dev.sluice.model.Model;
import dev.sluice.registry.Publication;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsPublisher;
import dev.sluice.registry.WeightsReader;
import dev.sluice.stream.Broker;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice models}: what is published, what is in force, and how to change it. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = "Lists, publishes, inspects, signs and rolls back model versions.",
    subcommands = {
      ModelsListCommand.class,
      ModelsPublishCommand.class,
      ModelsPromoteCommand.class,
      ModelsCanaryCommand.class,
      ModelsPinCommand.class,
      ModelsUnpinCommand.class,
      ModelsRetainCommand.class,
      ModelsGuardCommand.class,
      ModelsDriftCommand.class,
      ModelsGeneralCommand.class,
      ModelsCombineCommand.class,
      ModelsExportCommand.class,
      ModelsImportCommand.class,
      SigningCommands.Keygen.class,
      SigningCommands.Sign.class,
      SigningCommands.Verify.class
    })
final class ModelsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
  }

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      description = "Puts an earlier version in force again.")
  int rollback(
      @Parameters(index = "0", paramLabel = "TOPOLOGY", description = "The topology file.")
          Path topology,
      @Parameters(index = "1", paramLabel = "VERSION", description = "The version to go back to.")
          int version,
      @Mixin ValidFrom validFrom,
      @Mixin KafkaOptions kafka)
      throws IOException {
    Topology file = TopologyFile.read(topology);
    try (WeightsPublisher publisher = open(file, kafka)) {
      say(spec, publisher.rollback(version, validFrom.millis(publisher)));
    }
    return 0;
  }

  @Command(
      name = "inspect",
      mixinStandardHelpOptions = true,
      description = "What an artifact holds and where it comes from.")
  int inspect(@Parameters(paramLabel = "ARTIFACT", description = "The model.") Path artifact) {
    Model model = ModelFiles.read(artifact);
    PrintWriter out = spec.commandLine().getOut();
    out.println("model      " + model.id() + " version " + model.version());
    out.println(
        "features   "
            + model.features().features().stream()
                .map(ModelsCommand::describe)
                .collect(Collectors.joining(", ")));
    out.println(
        "cell       LSTM "
            + model.cell().inputs()
            + " -> "
            + model.cell().layers().stream().map(CellLayer::hidden).toList());
    for (Head head : model.heads()) {
      out.println(
          "head       "
              + head.getClass().getSimpleName()
              + " of "
              + head.field()
              + (head.view() > 0 ? ", view " + head.view() : "")
              + ", "
              + head.linear().outputs()
              + " outputs");
    }
    out.println(
        "alerts     from a score of "
            + model.calibration().threshold()
            + ", after "
            + model.calibration().warmUp()
            + " events of a key, then quiet for "
            + model.calibration().quiet());
    out.println(
        "learned    " + model.lineage().events() + " events of " + model.lineage().source());
    out.println(
        "           seed "
            + model.lineage().seed()
            + ", parent version "
            + model.lineage().parentVersion()
            + ", by sluice "
            + model.lineage().code());
    model
        .lineage()
        .metrics()
        .forEach((name, value) -> out.println("           " + name + " " + value));
    out.flush();
    return 0;
  }

  private static String describe(Scaling scaling) {
    return switch (scaling) {
      case Scaling.PerKey(var more) ->
          "each key's own scale"
              + more.stream().map(view -> " and " + view.text()).collect(Collectors.joining());
      case Scaling.Learned(double mean, double deviation) ->
          "mean " + mean + ", deviation " + deviation;
    };
  }

  private static String describe(Feature feature) {
    return switch (feature) {
      case Feature.Number number -> number.name() + " (" + describe(number.scaling()) + ")";
      case Feature.Category category ->
          category.name()
              + " ("
              + category.vocabulary().size()
              + " words, "
              + category.dimensions()
              + " dimensions)";
      case Feature.Time time -> time.name();
    };
  }

  /** Looks without taking over from a publisher that is at work. */
  static WeightsReader reader(Topology file, KafkaOptions kafka) throws IOException {
    Properties properties = kafka.properties(file);
    requireBroker(properties, kafka);
    return WeightsAccess.reader(file, KafkaOptions.clientMap(properties));
  }

  static void requireBroker(Properties properties, KafkaOptions kafka) {
    try (Admin admin = Broker.admin(properties)) {
      Broker.require(admin, kafka.bootstrap(properties));
    } catch (Broker.RefusedException e) {
      throw new Complaint(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Complaint("interrupted");
    }
  }

  static WeightsPublisher open(Topology file, KafkaOptions kafka) throws IOException {
    Properties properties = kafka.properties(file);
    requireBroker(properties, kafka);
    return WeightsPublisher.open(
        WeightsAccess.publishing(file, KafkaOptions.clientMap(properties)), InstantSource.system());
  }

  static void say(CommandSpec spec, Publication publication) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Publishing.describe(publication));
    out.flush();
  }

  static String describeTime(long millis) {
    return millis == Timeline.IMMEDIATE ? "at once" : "from " + Instant.ofEpochMilli(millis);
  }

  /** From when on a version is in force. */
  static final class ValidFrom {

    @Option(
        names = "--valid-from",
        paramLabel = "TIME",
        description = {
          "In force for events from this time on (ISO 8601), or `immediate`; otherwise shortly"
              + " after now, so that all instances change at the same event."
        })
    private @Nullable String text;

    long millis(WeightsPublisher publisher) {
      if (text == null) {
        return publisher.timeline().entries().isEmpty() ? Timeline.IMMEDIATE : publisher.shortly();
      }
      return text.equals("immediate") ? Timeline.IMMEDIATE : ModelFiles.time(text);
    }
  }
}
