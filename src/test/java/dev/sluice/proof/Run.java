package dev.sluice.proof;

import dev.sluice.registry.Timeline;
import dev.sluice.registry.WeightsUnreachableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * Streams the events of a plan through processes that things are done to, and compares what was
 * committed with what an undisturbed run gives, while it is read.
 */
final class Run {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** So many seconds before a version is in force it is published. */
  private static final int LEAD_SECONDS = 4;

  /** The common pool has a single thread on two cores. */
  private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

  private final Plan plan;
  private final Path folder;
  private final Cluster cluster;
  private final Stage stage;
  private final Cast cast;
  private final Ledger ledger;
  private final List<Fault> script;
  private final Gaps gaps;
  private final Map<String, Audit> audits = new TreeMap<>();
  private final Control control;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger mayBeSent = new AtomicInteger();
  private final AtomicLong misplaced = new AtomicLong();

  private Run(Plan plan, Path folder, Cluster cluster, Optional<Path> faketime) throws Exception {
    this.plan = plan;
    this.folder = folder;
    this.cluster = cluster;
    Plan.Variant variant = plan.variant();
    this.stage =
        Stage.set(
            cluster.bootstrap(),
            folder,
            "readings",
            variant.input(),
            variant.delivery(),
            variant.state());
    this.ledger =
        Ledger.of(
            plan, stage.topology(), stage.path("events.jsonl"), ProofModels.of(plan.timeline()));
    this.script = Fault.script(plan);
    this.gaps = new Gaps(plan.partitions());
    Audit scores = new Audit(scoresTopic(), ledger.scores());
    audits.put(scoresTopic(), scores);
    String alerts = stage.topology().output().alerts();
    audits.put(alerts, new Audit(alerts, ledger.alerts()));
    String dead = stage.topology().output().deadLetters();
    audits.put(dead, new Audit(dead, ledger.deadLetters(!variant.keyIsField())));
    this.control = new Control(scoresTopic(), ledger.scores(), scores.missing());
    this.cast = new Cast(stage, plan, faketime);
  }

  /** Runs a plan in {@code folder}, with brokers of its own. */
  static Report of(Plan wanted, Path folder) throws Exception {
    Optional<Path> faketime = FakeClock.library();
    Plan plan = wanted;
    if (faketime.isEmpty() && plan.faults().remove(Kind.CLOCK) != null) {
      System.out.println("No clock will jump: libfaketime is not here (Debian: faketime)");
    }
    try (Cluster cluster = Cluster.start(folder)) {
      var run = new Run(plan, folder, cluster, faketime);
      try (Cast cast = run.cast) {
        return run.prepareAndPerform(cast);
      }
    }
  }

  private String scoresTopic() {
    return stage.topology().output().scores();
  }

  private Report prepareAndPerform(Cast cast) throws Exception {
    stage.createInput(plan.partitions());
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    if (plan.variant().protocol().equals("streams")) {
      cluster.setStreamsGroup(stage.topology().name(), plan.variant());
    }
    cast.startAll();
    try (var outputs = Outputs.to(cluster.bootstrap(), stage.outputTopics(), this::take)) {
      return perform(outputs);
    }
  }

  private void take(Outputs.Found found) {
    String topic = found.record().topic();
    audits.get(topic).take(found);
    if (topic.equals(scoresTopic())) {
      control.take(found);
      gaps.arrived(found.partition(), found.arrivedNanos());
    }
  }

  private Report perform(Outputs outputs) throws Exception {
    long began = System.nanoTime();
    CompletableFuture<Void> producing = CompletableFuture.runAsync(this::produce, THREADS);
    try {
      disturb(new Strikes(plan, cluster, cast, outputs), producing);
      producing.get();
      outputs.await(this::isComplete, PATIENCE);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      // What comes twice may come late.
      Thread.sleep(1000);
      String replicas = cluster.requireReplicas();
      Duration lastStop = cast.stopAll();
      Thread.sleep(1500);
      return new Report(
          plan,
          audits.values().stream().map(Audit::verdict).toList(),
          control.verdict(),
          control.convicts(audits.get(scoresTopic()).verdict()),
          gaps.all(),
          took,
          lastStop,
          cast.ends(),
          cast.traces(),
          misplaced.get(),
          List.of(replicas, cast.disks()),
          differences());
    } finally {
      producing.cancel(true);
    }
  }

  private boolean isComplete() {
    return audits.values().stream().allMatch(audit -> audit.missing() == 0);
  }

  private List<String> differences() throws Exception {
    List<Audit.Difference> all = new ArrayList<>();
    Map<Integer, String> missing = new TreeMap<>();
    for (Audit audit : audits.values()) {
      all.addAll(audit.differences());
      audit.firstMissing().forEach(event -> missing.put(event, audit.verdict().topic()));
    }
    if (all.isEmpty() && missing.isEmpty()) {
      return List.of();
    }
    var events = new java.util.TreeSet<>(missing.keySet());
    all.forEach(difference -> events.add(difference.event()));
    Map<Integer, String> wanted = ledger.tell(events);
    List<String> told = new ArrayList<>();
    missing.forEach((event, topic) -> told.add(topic + ": event " + event + " is missing"));
    for (Audit.Difference difference : all) {
      told.add(difference + "\n      expected " + wanted.get(difference.event()));
    }
    return told;
  }

  /** Sends the events at the rate of the plan; puts new versions in force on the way. */
  private void produce() {
    Events.Maker maker = plan.maker();
    var swap = CompletableFuture.<Void>completedFuture(null);
    int next = 2;
    try (KafkaProducer<byte[], byte[]> producer = stage.producer()) {
      long began = System.nanoTime();
      for (int i = 0; i < plan.events(); i++) {
        long before = System.nanoTime();
        if (next <= plan.swaps() + 1 && i == publishedAt(next)) {
          int version = next;
          swap = CompletableFuture.runAsync(() -> swap(version), THREADS);
        }
        if (next <= plan.swaps() + 1 && i == plan.firstEventOf(next)) {
          if (!swap.isDone()) {
            gaps.held(before);
          }
          swap.join();
          next++;
        }
        if (i >= mayBeSent.get()) {
          gaps.held(before);
          awaitLeave(i);
        }
        long held = System.nanoTime() - before;
        began += held > 1_000_000 ? held : 0;
        stage.send(producer, maker.next(), misplaced);
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

  /** Events wait for a fault that is late: all of them are to hit the stream in full flow. */
  private void awaitLeave(int event) throws InterruptedException {
    while (event >= mayBeSent.get()) {
      Thread.sleep(5);
    }
  }

  /** Returns how many events may be sent although a fault is still to come before them. */
  private int slack() {
    return Math.min(2 * plan.rate(), plan.events() / (4 * script.size() + 1));
  }

  private int publishedAt(int version) {
    int lead = Math.min(plan.versionEvery() - 1, LEAD_SECONDS * plan.rate());
    return plan.firstEventOf(version) - lead;
  }

  /** Publishes a version, however often that takes, and waits until all have it. */
  private void swap(int version) {
    try {
      while (!published(version)) {
        Thread.sleep(500);
      }
      cast.awaitInForce(version, System.nanoTime());
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  private boolean published(int version) {
    try {
      stage.publish(ProofModels.version(version), Events.timeMillis(plan.firstEventOf(version)));
      return true;
    } catch (WeightsUnreachableException e) {
      return false;
    }
  }

  private void disturb(Strikes strikes, CompletableFuture<Void> producing) throws Exception {
    for (int i = 0; i < script.size(); i++) {
      Fault fault = script.get(i);
      mayBeSent.accumulateAndGet(fault.atEvent() + slack(), Math::max);
      while (sent.get() < fault.atEvent() && !producing.isDone()) {
        Thread.sleep(5);
      }
      int next = i + 1 < script.size() ? script.get(i + 1).atEvent() : plan.events();
      mayBeSent.set(next + slack());
      System.out.println(
          "  "
              + plan.scenario()
              + " "
              + (i + 1)
              + "/"
              + script.size()
              + " "
              + fault
              + " at event "
              + sent.get()
              + " for "
              + fault.atEvent());
      gaps.struck(fault, System.nanoTime());
      strikes.strike(fault);
      if (fault.waits()) {
        strikes.awaitDigested(producing::isDone);
      }
    }
    mayBeSent.set(plan.events());
  }
}
