package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.stream.Broker;
import dev.sluice.stream.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice run}: scores a stream until it is told to stop. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Scores a stream: reads events, keeps each key's memory, writes results.")
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TOPOLOGY", description = "The topology file.")
  private Path topology;

  @Option(
      names = "--state-dir",
      paramLabel = "FOLDER",
      description = {
        "Where the stream keeps what outlives the process; otherwise kafka.state.dir of the"
            + " topology, otherwise ~/.local/state/sluice."
      })
  private @Nullable Path stateDir;

  @Mixin private KafkaOptions kafka;

  @Override
  public Integer call() throws Exception {
    Topology file = TopologyFile.read(topology);
    PrintWriter err = spec.commandLine().getErr();
    Properties properties = kafka.properties(file);
    properties.putIfAbsent(StreamsConfig.STATE_DIR_CONFIG, KafkaOptions.stateFolder());
    if (stateDir != null) {
      properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    }
    try (Admin admin = Broker.admin(properties)) {
      Broker.await(admin, kafka.bootstrap(properties), line -> say(err, line));
      Topics topics = new Topics(admin, file);
      topics.create(topics.needed());
    } catch (Broker.RefusedException | Topics.UnfitException e) {
      throw new Complaint(e);
    }
    MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (Scoring scoring = Scoring.start(file, properties, meters, line -> say(err, line))) {
      Runtime.getRuntime().addShutdownHook(new Thread(scoring::close, "sluice-shutdown"));
      return scoring.awaitEnd() ? 0 : 1;
    }
  }

  private static void say(PrintWriter err, String line) {
    err.println(line);
    err.flush();
  }
}
