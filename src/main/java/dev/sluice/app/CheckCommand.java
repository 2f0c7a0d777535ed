package dev.sluice.app;

import dev.sluice.config.StateDecl;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.river.Declared;
import dev.sluice.state.RowCodec;
import dev.sluice.state.RowLayout;
import dev.sluice.stream.Broker;
import dev.sluice.stream.BrokerCheck;
import dev.sluice.stream.ChangelogCheck;
import dev.sluice.stream.InputCheck;
import dev.sluice.stream.StreamProperties;
import dev.sluice.stream.Topics;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice check}: is the topology valid, and what would be created. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Validates topology files, and says what `run` would create.")
final class CheckCommand implements Callable<Integer> {

  /** Of a usual key. */
  private static final int KEY_BYTES = 16;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TOPOLOGY", arity = "1..*", description = "Topology files.")
  private List<Path> topologies;

  @Option(names = "--offline", description = "Look at the files only, ask no broker.")
  private boolean offline;

  @Option(
      names = "--dry-run",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = {
        "Score the events of the input topic since then, such as 7d, with the model in force, and"
            + " say how many alerts they would have had."
      })
  private @Nullable Duration dryRun;

  @Mixin private KafkaOptions kafka;

  @Override
  public Integer call() throws Exception {
    if (offline && dryRun != null) {
      throw new ParameterException(
          spec.commandLine(), "--dry-run reads from a broker: leave out --offline");
    }
    PrintWriter out = spec.commandLine().getOut();
    for (Path path : topologies) {
      Topology file = TopologyFile.read(path);
      out.println(path + ": valid");
      memory(file, out);
      Trust.of(file)
          .ifPresent(keys -> out.println("  models: only those that " + keys + " signed"));
      if (!offline) {
        topics(file, out);
      }
      if (dryRun != null) {
        out.flush();
        var clients = KafkaOptions.clientMap(kafka.properties(file));
        new DryRun(file, clients, out, spec.commandLine().getErr()).run(dryRun, Instant.now());
      }
    }
    out.flush();
    return 0;
  }

  private static void memory(Topology file, PrintWriter out) {
    RowLayout layout = Declared.layout(file);
    out.println(
        "  memory of a key: about "
            + layout.residentBytes(KEY_BYTES)
            + " bytes in RAM"
            + (file.state().store() == StateDecl.Store.ROCKSDB ? " while in use, " : ", ")
            + RowCodec.size(layout, Declared.encoding(file.state()))
            + " as written to changelog and disk");
  }

  private void topics(Topology file, PrintWriter out) throws Exception {
    Properties properties = kafka.properties(file);
    try (Admin admin = Broker.admin(properties)) {
      Broker.require(admin, kafka.bootstrap(properties));
      Topics topics = new Topics(admin, file);
      Properties complete = StreamProperties.complete(file, properties);
      new BrokerCheck(admin, kafka.bootstrap(properties)).require(complete);
      new ChangelogCheck(admin, topics, kafka.bootstrap(properties)).require(file, complete);
      new InputCheck(admin, topics, kafka.bootstrap(properties))
          .require(file)
          .ifPresent(warning -> out.println("  " + warning));
      for (Topics.Needed topic : topics.needed()) {
        out.println(
            "  topic "
                + topic.name()
                + ": "
                + (topic.exists() ? "is there" : "would be created")
                + ", "
                + topic.partitions()
                + " partitions"
                + (topic.settings().isEmpty() ? "" : ", " + topic.settings()));
      }
      boolean weights = topics.partitions(file.weights().topic()).isPresent();
      out.println(
          "  topic "
              + file.weights().topic()
              + ": "
              + (weights ? "is there" : "is created by the first `sluice models publish`"));
    } catch (Broker.RefusedException | Topics.UnfitException e) {
      throw new Complaint(e);
    }
  }
}
