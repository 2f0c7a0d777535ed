package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.serve.HealthServer;
import dev.sluice.stream.Broker;
import dev.sluice.stream.BrokerCheck;
import dev.sluice.stream.ChangelogCheck;
import dev.sluice.stream.InputCheck;
import dev.sluice.stream.StateFolder;
import dev.sluice.stream.StreamProperties;
import dev.sluice.stream.Topics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
  private static final Duration NOTE_EVERY = Duration.ofSeconds(1);

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

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = {
        "Answer /livez, /readyz and /metrics there. Loopback only, unless the host says otherwise:"
            + " 8080 and 127.0.0.1:8080 are the same."
      })
  private @Nullable String http;

  @Mixin private KafkaOptions kafka;

  private volatile String status = "waiting for a broker";
  private volatile @Nullable Scoring scoring;

  @Override
  public Integer call() throws Exception {
    Topology file = TopologyFile.read(topology);
    file.requireMemory();
    Properties properties = kafka.properties(file);
    properties.putIfAbsent(StreamsConfig.STATE_DIR_CONFIG, KafkaOptions.stateFolder());
    if (stateDir != null) {
      properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    }
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    HealthServer health = startHealth(meters);
    try {
      return score(file, properties, meters);
    } finally {
      if (health != null) {
        health.close();
      }
    }
  }

  private @Nullable HealthServer startHealth(PrometheusMeterRegistry meters) throws IOException {
    if (http == null) {
      return null;
    }
    return HealthServer.start(
        Addresses.parse(http),
        new HealthServer.Probes(() -> !failed(), this::notReady, meters::scrape));
  }

  private boolean failed() {
    Scoring now = scoring;
    return now != null && now.hasFailed();
  }

  private String notReady() {
    Scoring now = scoring;
    if (now == null) {
      return status;
    }
    return now.isRunning() ? "" : "restoring or rebalancing";
  }

  private void prepareTopics(Topology file, Properties complete, StateFolder folder)
      throws InterruptedException {
    var startUp = new StartUp(this::say);
    try (Admin admin = Broker.admin(complete)) {
      String bootstrap = kafka.bootstrap(complete);
      try (StartUp.Phase _ = startUp.begin("waiting for a broker")) {
        Broker.await(admin, bootstrap, this::say);
      }
      try (StartUp.Phase _ = startUp.begin("checking the brokers and the topics")) {
        new BrokerCheck(admin, bootstrap).require(complete);
        Topics topics = new Topics(admin, file);
        new ChangelogCheck(admin, topics, bootstrap).require(file, complete);
        new InputCheck(admin, topics, bootstrap).require(file).ifPresent(this::say);
        keepOnlyOf(topics, folder);
        topics.create(topics.needed());
      }
    } catch (Broker.RefusedException | Topics.UnfitException e) {
      throw new Complaint(e);
    }
    status = "waiting for a model";
  }

  /** What was deleted on the brokers and made anew must not go on from what lies here. */
  private void keepOnlyOf(Topics topics, StateFolder folder)
      throws Topics.UnfitException, InterruptedException {
    try {
      if (folder.keepOnlyOf(topics.id(folder.changelog()))) {
        say(
            "The state folder belonged to another topic "
                + folder.changelog()
                + " than the one there is, which was deleted or made anew: what it held was"
                + " deleted, too. Memories are what the brokers have of them");
      }
    } catch (IOException e) {
      throw Complaint.ofStateFolder(folder.path(), e);
    }
  }

  /** At the first start of all, Kafka Streams makes the changelog once it has joined its group. */
  private static void noteChangelog(Topology file, Properties complete, StateFolder folder) {
    if (!folder.isUnnoted()) {
      return;
    }
    try (Admin admin = Broker.admin(complete)) {
      Topics topics = new Topics(admin, file);
      while (folder.isUnnoted()) {
        Thread.sleep(NOTE_EVERY);
        Optional<Uuid> id = topics.id(folder.changelog());
        if (id.isPresent()) {
          folder.note(id.get());
        }
      }
    } catch (IOException | Broker.RefusedException | Topics.UnfitException e) {
      LOG.atDebug().setCause(e).log("The changelog is noted at the next start");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private int score(Topology file, Properties properties, PrometheusMeterRegistry meters)
      throws InterruptedException {
    Properties complete = StreamProperties.complete(file, properties);
    StateFolder folder = StateFolder.of(complete);
    Scoring.Gate gate = () -> prepareTopics(file, complete, folder);
    try (Scoring started = Scoring.start(file, properties, meters, gate, this::say)) {
      scoring = started;
      Thread.ofVirtual()
          .name("sluice-changelog")
          .start(() -> noteChangelog(file, complete, folder));
      Runtime.getRuntime().addShutdownHook(new Thread(started::close, "sluice-shutdown"));
      return started.awaitEnd() ? 0 : 1;
    }
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
