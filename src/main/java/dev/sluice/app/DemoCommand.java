package dev.sluice.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.sandbox.SandboxBroker;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice demo}: everything at once, on real measurements, with a broker of its own. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a Kafka broker in this process, trains on real measurements, scores the rest of them"
          + " as a stream with a few faults put in, swaps in better weights half way, and adds up."
    })
final class DemoCommand implements Callable<Integer> {

  /** A resource that is the file of the same name in topologies/. */
  private static final String TOPOLOGY = "/dev/sluice/topologies/departures.yaml";

  private static final int FAULTS = 12;

  @Spec private CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "How long to go on, such as 60s; otherwise until Ctrl-C.")
  private @Nullable Duration length;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "Your own measurements in place of the shipped ones: .csv or .jsonl.")
  private @Nullable Path input;

  @Option(
      names = "--key-field",
      paramLabel = "NAME",
      defaultValue = "key",
      description = "The key's field in --input (${DEFAULT-VALUE}).")
  private String keyField;

  @Option(
      names = "--time-field",
      paramLabel = "NAME",
      defaultValue = "time",
      description = "The time's field in --input (${DEFAULT-VALUE}).")
  private String timeField;

  @Option(
      names = "--value-field",
      paramLabel = "NAME",
      defaultValue = "value",
      description = "The value's field in --input (${DEFAULT-VALUE}).")
  private String valueField;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides where the faults are (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--feed",
      description = "Only send the measurements to the broker at --bootstrap, and do nothing else.")
  private boolean feed;

  @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "The broker for --feed.")
  private @Nullable String bootstrap;

  @Override
  public Integer call() throws Exception {
    quiet();
    PrintWriter out = spec.commandLine().getOut();
    DemoSeries series =
        input == null
            ? DemoSeries.shipped()
            : DemoSeries.read(input, keyField, timeField, valueField);
    DemoPlan plan = DemoPlan.of(series, FAULTS, seed, length);
    if (feed) {
      if (bootstrap == null) {
        throw new Complaint("--feed needs a broker. Name one with --bootstrap HOST:PORT");
      }
      new DemoFeed(bootstrap, topology(bootstrap), out).run(plan);
      return 0;
    }
    out.println("Starting a Kafka broker in this process ...");
    out.flush();
    CountDownLatch ended = new CountDownLatch(1);
    try (SandboxBroker broker = SandboxBroker.start();
        Demo demo = new Demo(broker.bootstrap(), topology(broker.bootstrap()), plan, out, ended)) {
      return demo.run();
    } finally {
      ended.countDown();
    }
  }

  /** The demo tells its own story; of the broker inside only what breaks it would matter. */
  private static void quiet() {
    level("dev.sluice", Level.WARN);
    level("org.apache.kafka", Level.OFF);
    level("kafka", Level.OFF);
    level("state.change.logger", Level.OFF);
  }

  private static void level(String name, Level level) {
    if (LoggerFactory.getLogger(name) instanceof Logger logger) {
      logger.setLevel(level);
    }
  }

  private static Topology topology(String bootstrap) throws IOException {
    try (InputStream in = DemoCommand.class.getResourceAsStream(TOPOLOGY)) {
      if (in == null) {
        throw new Complaint("This build of Sluice has no demo topology");
      }
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return TopologyFile.parse(yaml, TOPOLOGY, Map.of("KAFKA_BOOTSTRAP", bootstrap));
    }
  }
}
