package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.serve.HealthServer;
import dev.sluice.stream.Broker;
import dev.sluice.stream.BrokerCheck;
import dev.sluice.stream.ChangelogCheck;
import dev.sluice.stream.StreamProperties;
import dev.sluice.stream.Topics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
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

  private void prepareTopics(Topology file, Properties properties) throws InterruptedException {
    var startUp = new StartUp(this::say);
    try (Admin admin = Broker.admin(properties)) {
      try (StartUp.Phase _ = startUp.begin("waiting for a broker")) {
        Broker.await(admin, kafka.bootstrap(properties), this::say);
      }
      try (StartUp.Phase _ = startUp.begin("checking the brokers and the topics")) {
        Properties complete = StreamProperties.complete(file, properties);
        new BrokerCheck(admin, kafka.bootstrap(properties)).require(complete);
        Topics topics = new Topics(admin, file);
        new ChangelogCheck(admin, topics, kafka.bootstrap(properties)).require(file, complete);
        topics.create(topics.needed());
      }
    } catch (Broker.RefusedException | Topics.UnfitException e) {
      throw new Complaint(e);
    }
    status = "waiting for a model";
  }

  private int score(Topology file, Properties properties, PrometheusMeterRegistry meters)
      throws InterruptedException {
    Scoring.Gate gate = () -> prepareTopics(file, properties);
    try (Scoring started = Scoring.start(file, properties, meters, gate, this::say)) {
      scoring = started;
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
