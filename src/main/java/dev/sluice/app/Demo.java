package dev.sluice.app;

import dev.sluice.app.DemoSeries.Reading;
import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.config.Topology;
import dev.sluice.model.Model;
import dev.sluice.registry.PublisherSettings;
import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsPublisher;
import dev.sluice.stream.Broker;
import dev.sluice.stream.Topics;
import dev.sluice.train.TimeRange;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The demo, act by act: history, training, publication, scoring, a swap half way, and the table.
 *
 * <p>Nothing in it is for show: the broker, the topics, the trainer and the stream are those of
 * {@code train} and {@code run}.
 */
final class Demo implements AutoCloseable {

  private static final Duration LAST_RESULTS = Duration.ofSeconds(20);
  private static final Duration LONGEST_END = Duration.ofSeconds(40);

  private final String bootstrap;
  private final Topology topology;
  private final DemoPlan plan;
  private final PrintWriter out;
  private final Path stateFolder;
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch ended;
  private volatile boolean stopped;

  /**
   * Creates the demo.
   *
   * @param ended is counted down when everything is closed; Ctrl-C waits for it
   */
  Demo(String bootstrap, Topology topology, DemoPlan plan, PrintWriter out, CountDownLatch ended)
      throws IOException {
    this.bootstrap = bootstrap;
    this.topology = topology;
    this.plan = plan;
    this.out = out;
    this.ended = ended;
    this.stateFolder = Files.createTempDirectory("sluice-demo-state");
  }

  /** Plays it; returns the exit code. */
  int run() throws Exception {
    new DemoFeed(bootstrap, topology, out).createTopic();
    try (DemoReplay replay = new DemoReplay(bootstrap, topology.input().topic());
        DemoWatch watch = new DemoWatch(bootstrap, topology.output(), plan.faults(), out)) {
      say(
          "Sending "
              + Numbers.grouped(plan.history().size())
              + " measurements of the past to topic "
              + topology.input().topic()
              + " ...");
      plan.history().forEach(replay::send);
      replay.flush();

      DemoTraining training = new DemoTraining(topology, clientMap(), past(), out);
      Model first = training.first();
      publish(first, Timeline.IMMEDIATE);
      createTopics();
      var meters = new SimpleMeterRegistry();
      try (Scoring scoring =
          Scoring.start(topology, streamProperties(), meters, () -> {}, _ -> {})) {
        catchUp(replay, watch);
        Future<?> second = background.submit(() -> publishSecond(training, first));
        play(replay, watch, second);
        watch.await(replay.sent(), LAST_RESULTS);
        watch.table(replay.sent(), replay.broken());
        return scoring.hasFailed() ? 1 : 0;
      }
    }
  }

  /** The past is scored, too: as fast as it goes, so that every key knows where it is. */
  private void catchUp(DemoReplay replay, DemoWatch watch) throws IOException {
    long began = System.nanoTime();
    watch.await(replay.sent(), Duration.ofMinutes(2));
    double seconds = (System.nanoTime() - began) / 1e9;
    say(
        "Scored the past in "
            + Numbers.one(seconds)
            + " s ("
            + Numbers.grouped(Math.round(replay.sent() / seconds))
            + " events a second, start included). Now the rest, at a pace, with "
            + plan.faults().size()
            + " faults put in:");
    watch.announce();
  }

  /** Better weights, learned while the stream runs; in force from the middle of the replay on. */
  private boolean publishSecond(DemoTraining training, Model first) {
    publish(training.second(first), plan.swapMillis());
    return true;
  }

  private void play(DemoReplay replay, DemoWatch watch, Future<?> second) throws Exception {
    Thread main = Thread.currentThread();
    Thread onInterrupt = new Thread(() -> stop(main), "sluice-demo-stop");
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    Future<?> reader = background.submit(() -> read(watch));
    try {
      pass(replay, second, 0);
      for (int round = 1; !plan.bounded() && !stopped; round++) {
        pass(replay, second, round);
      }
    } catch (InterruptedException _) {
      // Ctrl-C: what was sent is still counted.
    } finally {
      stopped = true;
      reader.get();
    }
  }

  /** Replays everything once; in later rounds at later times, by whole weeks. */
  private void pass(DemoReplay replay, Future<?> second, int round) throws Exception {
    long weeks = round * plan.wholeWeeksMillis();
    List<Reading> before = new ArrayList<>();
    List<Reading> after = new ArrayList<>();
    for (Reading reading : plan.replay()) {
      (reading.timeMillis() < plan.swapMillis() ? before : after).add(reading.later(weeks));
    }
    DemoFeed.pace(before, plan.paceMillis() / 2, replay);
    // Nothing of the second half is sent before its weights are there: a replay is repeatable.
    second.get();
    DemoFeed.pace(after, plan.paceMillis() / 2, replay);
  }

  private boolean read(DemoWatch watch) throws IOException {
    while (!stopped) {
      watch.poll();
    }
    return true;
  }

  private void stop(Thread main) {
    if (stopped) {
      return;
    }
    stopped = true;
    main.interrupt();
    try {
      // The table is printed, and what was put on disk is removed, before the process ends.
      boolean inTime = ended.await(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
      if (!inTime) {
        out.println("The demo did not end in time.");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish(Model model, long validFromMillis) {
    PublisherSettings settings = WeightsAccess.publishing(topology, clientMap());
    try (WeightsPublisher publisher = WeightsPublisher.open(settings, InstantSource.system())) {
      publisher.publish(ArtifactWriter.write(model), model.version(), validFromMillis);
    }
    if (validFromMillis != Timeline.IMMEDIATE) {
      say(
          "  weights     Version "
              + model.version()
              + " is published, in force from "
              + Instant.ofEpochMilli(validFromMillis)
              + " on");
    }
  }

  private void createTopics() throws InterruptedException {
    try (Admin admin = Broker.admin(streamProperties())) {
      Topics topics = new Topics(admin, topology);
      topics.create(topics.needed());
    } catch (Broker.RefusedException | Topics.UnfitException e) {
      throw new Complaint(e);
    }
  }

  private TimeRange past() {
    return new TimeRange(Long.MIN_VALUE, plan.replay().getFirst().timeMillis());
  }

  private Map<String, String> clientMap() {
    return Map.of("bootstrap.servers", bootstrap);
  }

  private Properties streamProperties() {
    Properties properties = new Properties();
    properties.putAll(clientMap());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
    return properties;
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    background.shutdownNow();
    Utils.delete(stateFolder.toFile());
  }
}
