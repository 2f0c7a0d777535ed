package dev.sluice.proof;

import dev.sluice.registry.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Streams events through processes that are killed again and again, with a swap of the weights in
 * the middle, and compares what was committed with what an undisturbed run gives.
 */
final class Chaos {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int PARTITIONS = 4;
  private static final int KEYS = 200;
  private static final long JUST_AFTER_NANOS = 300_000_000L;

  private final Plan plan;
  private final Path folder;
  private final Random random;
  private final Events events;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger mayBeSent = new AtomicInteger();
  private final List<Blow> blows = new ArrayList<>();

  private Chaos(Plan plan, Path folder) {
    this.plan = plan;
    this.folder = folder;
    this.random = new Random(plan.seed());
    this.events = Events.of(plan.events(), KEYS, PARTITIONS, plan.seed());
  }

  /** What is ended, and how. */
  private enum Kind {
    KILL,
    STOP,
    BROKER
  }

  /**
   * Something that was done to a process.
   *
   * @param atNanos when
   * @param took how long the process needed to end
   */
  record Blow(String what, int afterEvents, long atNanos, Duration took) {}

  /**
   * What came of it.
   *
   * @param gaps by blow: the longest silence of a partition after it, until its next result
   * @param traces lines of stack traces that a process printed
   */
  record Report(
      Plan plan,
      List<Verdict> verdicts,
      List<Blow> blows,
      List<Duration> gaps,
      Duration took,
      Duration lastStop,
      List<String> traces,
      String said) {

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(plan + "\n" + plan.events() + " events in, all read ");
      text.append(took.toMillis()).append(" ms after the first was sent\n");
      verdicts.forEach(verdict -> text.append("  ").append(verdict).append('\n'));
      for (int i = 0; i < blows.size(); i++) {
        Blow blow = blows.get(i);
        text.append("  ").append(blow.what()).append(" after event ").append(blow.afterEvents());
        text.append(": ended in ").append(blow.took().toMillis());
        text.append(" ms, next result after ").append(gaps.get(i).toMillis()).append(" ms");
        text.append(isOvertaken(i) ? ", the next blow came before it\n" : "\n");
      }
      text.append("  last stop ").append(lastStop.toMillis()).append(" ms, ");
      return text.append(traces.size()).append(" lines of stack traces").toString();
    }

    private boolean isOvertaken(int i) {
      return i + 1 < blows.size()
          && blows.get(i).atNanos() + gaps.get(i).toNanos() > blows.get(i + 1).atNanos();
    }
  }

  /** Runs a proof in {@code folder}. */
  static Report run(Plan plan, Path folder) throws Exception {
    return new Chaos(plan, folder).run();
  }

  private Report run() throws Exception {
    Child broker = Child.broker(0, folder.resolve("broker"));
    try {
      String ready = broker.await("READY ", PATIENCE);
      String bootstrap = ready.substring("READY ".length()).strip();
      Stage stage = Stage.set(bootstrap, folder, "readings", plan.input(), plan.delivery());
      stage.createInput(PARTITIONS);
      stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
      if (plan.protocol().equals("streams")) {
        shortenSessions(stage);
      }
      try (Cast cast = new Cast(stage, plan)) {
        cast.startAll();
        try (Outputs outputs = stage.outputs()) {
          return perform(stage, cast, outputs, new Broker(broker, bootstrap));
        }
      }
    } finally {
      broker.close();
    }
  }

  /** The broker of the moment. */
  private final class Broker {

    private Child child;
    private final int port;

    Broker(Child child, String bootstrap) {
      this.child = child;
      this.port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
    }

    void killAndRestart() throws InterruptedException {
      child.kill();
      Thread.sleep(200 + random.nextInt(2000));
      child = Child.broker(port, folder.resolve("broker"));
      child.await("READY ", PATIENCE);
    }
  }

  private Report perform(Stage stage, Cast cast, Outputs outputs, Broker broker) throws Exception {
    Path file = stage.path("events.jsonl");
    events.writeTo(file);
    long swapMillis = Events.timeMillis(events.count() / 2);
    Oracle oracle = Oracle.of(stage.topology(), events, file, ProofModels.swappedAt(swapMillis));

    long began = System.nanoTime();
    CompletableFuture<Void> producing = CompletableFuture.runAsync(() -> produce(stage, cast));
    try {
      disturb(cast, outputs, broker, producing);
      producing.get();
      outputs.awaitCount(events.count() + oracle.alerted().length, PATIENCE);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      // What comes twice may come late.
      Thread.sleep(1000);
      Duration lastStop = Duration.ZERO;
      for (int i = 0; i < plan.instances(); i++) {
        lastStop = Collections.max(List.of(lastStop, cast.stop(i)));
      }
      Thread.sleep(1000);
      List<Verdict> verdicts = stage.verdicts(events, oracle, outputs);
      List<Outputs.Found> scores = outputs.of(stage.topology().output().scores());
      return new Report(
          plan, verdicts, blows, gaps(scores), took, lastStop, cast.traces(), cast.said());
    } finally {
      producing.cancel(true);
      broker.child.close();
    }
  }

  /** Sends the events at the rate of the plan; swaps the weights before the second half. */
  private void produce(Stage stage, Cast cast) {
    try (KafkaProducer<byte[], byte[]> producer = stage.producer()) {
      long began = System.nanoTime();
      for (int i = 0; i < events.count(); i++) {
        if (i == events.count() / 2) {
          stage.publish(ProofModels.version(2), Events.timeMillis(i));
          cast.awaitInForce(2, System.nanoTime());
          began = System.nanoTime() - i * 1_000_000_000L / plan.rate();
        }
        while (i >= mayBeSent.get()) {
          Thread.sleep(5);
          began = System.nanoTime() - i * 1_000_000_000L / plan.rate();
        }
        stage.send(producer, events.list().get(i));
        sent.set(i + 1);
        long ahead = began + i * 1_000_000_000L / plan.rate() - System.nanoTime();
        if (ahead > 1_000_000) {
          Thread.sleep(ahead / 1_000_000);
        }
      }
      producer.flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void disturb(Cast cast, Outputs outputs, Broker broker, CompletableFuture<Void> producing)
      throws Exception {
    List<Kind> kinds = kinds();
    for (int i = 0; i < kinds.size(); i++) {
      // Spread over the stream from 5 % to 90 %, each somewhere in its share.
      double share = (i + random.nextDouble()) / kinds.size();
      int after = (int) (events.count() * (0.05 + 0.85 * share));
      // Events wait for a blow that is late: all of them are to hit the stream in full flow.
      mayBeSent.set(after + 2 * plan.rate());
      while (sent.get() < after && !producing.isDone()) {
        Thread.sleep(5);
      }
      Thread.sleep(random.nextInt(100));
      strike(kinds.get(i), random.nextInt(plan.instances()), cast, broker);
      // Now and then the next blow comes before the last one was digested.
      if (random.nextInt(5) > 0) {
        outputs.awaitAllAfter(System.nanoTime(), PARTITIONS, PATIENCE);
      }
    }
    mayBeSent.set(events.count());
  }

  private List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>();
    kinds.addAll(Collections.nCopies(plan.kills(), Kind.KILL));
    kinds.addAll(Collections.nCopies(plan.stops(), Kind.STOP));
    kinds.addAll(Collections.nCopies(plan.brokerKills(), Kind.BROKER));
    Collections.shuffle(kinds, random);
    return kinds;
  }

  private void strike(Kind kind, int instance, Cast cast, Broker broker)
      throws IOException, InterruptedException {
    int after = sent.get();
    long at = System.nanoTime();
    Duration took = Duration.ZERO;
    switch (kind) {
      case KILL -> cast.kill(instance);
      case STOP -> took = cast.stop(instance);
      case BROKER -> broker.killAndRestart();
    }
    blows.add(new Blow(kind + (kind == Kind.BROKER ? "" : " " + instance), after, at, took));
    if (kind != Kind.BROKER) {
      Thread.sleep(100 + random.nextInt(900));
      cast.start(instance);
    }
  }

  /** Returns, for each blow, the longest silence of an input partition that followed it. */
  private List<Duration> gaps(List<Outputs.Found> scores) {
    List<Duration> gaps = new ArrayList<>();
    for (int i = 0; i < blows.size(); i++) {
      long from = blows.get(i).atNanos();
      long to = i + 1 < blows.size() ? blows.get(i + 1).atNanos() : Long.MAX_VALUE;
      long longest = 0;
      for (int partition = 0; partition < PARTITIONS; partition++) {
        longest = Math.max(longest, silence(scores, partition, from, to));
      }
      gaps.add(Duration.ofNanos(longest));
    }
    return gaps;
  }

  /** Of silences that reach into the next blow, only one that this blow began counts. */
  private static long silence(List<Outputs.Found> scores, int partition, long from, long to) {
    long longest = 0;
    long last = from;
    for (Outputs.Found found : scores) {
      long arrived = found.arrivedNanos();
      if (found.partition() != partition || arrived < from) {
        continue;
      }
      // What was committed before the blow may arrive just after it: the gap is from the blow.
      boolean began = last - from < JUST_AFTER_NANOS;
      if (began || arrived < to) {
        longest = Math.max(longest, arrived - (began ? from : last));
      }
      last = arrived;
    }
    return longest;
  }

  /** Otherwise a broker waits 45 s for a member that was killed. */
  private static void shortenSessions(Stage stage) throws InterruptedException, ExecutionException {
    var group = new ConfigResource(ConfigResource.Type.GROUP, stage.topology().name());
    var sessions =
        new AlterConfigOp(
            new ConfigEntry("streams.session.timeout.ms", "6000"), AlterConfigOp.OpType.SET);
    var heartbeats =
        new AlterConfigOp(
            new ConfigEntry("streams.heartbeat.interval.ms", "1000"), AlterConfigOp.OpType.SET);
    try (var admin = Admin.create(Map.of("bootstrap.servers", stage.bootstrap()))) {
      admin.incrementalAlterConfigs(Map.of(group, List.of(sessions, heartbeats))).all().get();
    }
  }
}
