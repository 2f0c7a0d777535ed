package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.event.Hash;
import dev.sluice.quality.FeedbackTopic;
import dev.sluice.quality.Scored;
import dev.sluice.quality.ScoresException;
import dev.sluice.quality.ScoresTopic;
import dev.sluice.registry.ClientProperties;
import dev.sluice.score.Verdicts.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice feedback}: somebody says that an alert was fine. */
@Command(
    name = "feedback",
    mixinStandardHelpOptions = true,
    description = {
      "Says that an alert was fine: what its key does from now on is no alert any more unless it"
          + " is stranger than that."
    })
final class FeedbackCommand implements Callable<Integer> {

  /** So that every instance knows before the first event that it counts for. */
  private static final Duration LEAD = Duration.ofSeconds(10);

  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TOPOLOGY", description = "The topology file.")
  private Path topology;

  @Option(names = "--key", required = true, paramLabel = "KEY", description = "Whose alert.")
  private String key;

  @Option(
      names = "--alert",
      required = true,
      paramLabel = "TIME",
      description = "Its time, as the alert says it.")
  private String alert;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Durations.class,
      defaultValue = "7d",
      description = "For how long, in event time (${DEFAULT-VALUE}).")
  private Duration span;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = {
        "Counts for events from this time on (ISO 8601); otherwise from ten seconds from now on, so"
            + " that all instances agree at which event."
      })
  private @Nullable String from;

  @Option(names = "--withdraw", description = "Takes back what was said of this key before.")
  private boolean withdraw;

  @Mixin private KafkaOptions kafka;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Topology file = TopologyFile.read(topology);
    String topic =
        file.alerts()
            .feedback()
            .orElseThrow(
                () ->
                    new Complaint(
                        topology
                            + ": there is no feedback topic. Write alerts: {feedback: "
                            + file.name()
                            + "-feedback}, and start the stream again"));
    long alertMillis = ModelFiles.time(alert);
    long begin = from == null ? Instant.now().plus(LEAD).toEpochMilli() : ModelFiles.time(from);
    Properties properties = kafka.properties(file);
    ModelsCommand.requireBroker(properties, kafka);
    Map<String, String> client = KafkaOptions.clientMap(properties);
    double surprise = withdraw ? Double.NaN : surprise(file, client, alertMillis);
    long end = withdraw ? begin : begin + span.toMillis();
    send(client, topic, new Verdict(alertMillis, surprise, begin, end));
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        withdraw
            ? "What was said of " + key + " counts no more from " + Instant.ofEpochMilli(begin)
            : key
                + " may surprise by "
                + Numbers.four(surprise)
                + " nats from "
                + Instant.ofEpochMilli(begin)
                + " to "
                + Instant.ofEpochMilli(end)
                + " without an alert");
    out.flush();
    return 0;
  }

  /** Looks the alert up: how strange it was decides what else is fine. */
  private double surprise(Topology file, Map<String, String> client, long millis) {
    List<Double> found = new ArrayList<>();
    long wanted = Hash.of(key.getBytes(UTF_8));
    try (ScoresTopic alerts = ScoresTopic.open(client, file.output().alerts(), 0, TIMEOUT)) {
      alerts.readToEnd(
          scored -> {
            if (isIt(scored, wanted, millis)) {
              found.add(scored.surprise());
            }
          });
    } catch (ScoresException e) {
      throw new Complaint(e);
    }
    if (found.isEmpty()) {
      throw new Complaint(
          "Topic "
              + file.output().alerts()
              + " has no alert of "
              + key
              + " at "
              + alert
              + ". Give --key and --alert as `key` and `time` of the alert");
    }
    return found.getLast();
  }

  private static boolean isIt(Scored scored, long key, long millis) {
    return scored.key() == key && scored.timeMillis() == millis;
  }

  private void send(Map<String, String> client, String topic, Verdict verdict)
      throws InterruptedException {
    var bytes = new ByteArraySerializer();
    Map<String, Object> properties = ClientProperties.plainProducer(client, TIMEOUT);
    try (var producer = new KafkaProducer<>(properties, bytes, bytes)) {
      producer
          .send(new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), FeedbackTopic.write(verdict)))
          .get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new Complaint("Topic " + topic + " does not take it: " + cause.getMessage());
    }
  }
}
