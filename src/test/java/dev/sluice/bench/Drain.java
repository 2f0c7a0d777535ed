package dev.sluice.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how fast a contender drains a topic that is full already.
 *
 * <p>The window begins once every key has its row and the compilers have had their time, both of
 * which are left out; it begins and ends at the moment a commit is seen, so that what is counted is
 * what is committed.
 */
final class Drain {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long POLL_MILLIS = 20;
  private static final double LEAST_SECONDS = 3;

  private final Site site;
  private final Window window;
  private final Map<Jvm, List<Long>> streamThreads = new HashMap<>();

  /**
   * When is measured.
   *
   * @param built events after which every key has its row
   * @param warmUpSeconds after the first commit
   * @param seconds measured at the most
   * @param events of the topic; the window ends before the last of them
   */
  record Window(long built, double warmUpSeconds, double seconds, long events) {}

  Drain(Site site, Window window) {
    this.site = site;
    this.window = window;
  }

  /** What was counted at one moment, all since the beginning. */
  private record Sample(
      long nanos, long events, long cpu, long stream, long broker, long rows, long rowBytes) {}

  /** Runs {@code instances} of a contender over the whole topic. */
  Measurements.Throughput measure(Run run, int instances) throws IOException, InterruptedException {
    List<Jvm> processes = new ArrayList<>();
    long started = System.nanoTime();
    try {
      for (int i = 0; i < instances; i++) {
        processes.add(run.contender().start(site, run, "i" + i, Map.of()));
      }
      for (Jvm process : processes) {
        process.await("Scoring.", PATIENCE);
      }
      double startSeconds = (System.nanoTime() - started) * 1e-9;
      streamThreads.clear();
      for (Jvm process : processes) {
        streamThreads.put(process, process.streamThreads());
      }
      awaitSteady(run, processes);
      Sample from = atCommit(run, processes, 0);
      Sample to = from;
      long end = from.nanos() + (long) (window.seconds() * 1e9);
      while (to.nanos() < end && to.events() < window.events()) {
        long before = to.events();
        Thread.sleep(Math.max(POLL_MILLIS, (end - System.nanoTime()) / 4_000_000));
        to = atCommit(run, processes, before);
      }
      var figures = figures(run, processes, startSeconds, from, to);
      for (Jvm process : processes) {
        process.stop();
      }
      return figures;
    } finally {
      processes.forEach(Jvm::close);
    }
  }

  private void awaitSteady(Run run, List<Jvm> processes) throws InterruptedException {
    long committed = 0;
    while (committed == 0) {
      committed = committed(run, processes);
    }
    long until = System.nanoTime() + (long) (window.warmUpSeconds() * 1e9);
    while (System.nanoTime() < until || committed < window.built()) {
      committed = committed(run, processes);
    }
  }

  private long committed(Run run, List<Jvm> processes) throws InterruptedException {
    Thread.sleep(POLL_MILLIS);
    processes.forEach(Jvm::requireAlive);
    return site.committed(run.name(), run.input());
  }

  /** Waits for the next commit and returns what was counted then. */
  private Sample atCommit(Run run, List<Jvm> processes, long after)
      throws IOException, InterruptedException {
    long before = site.committed(run.name(), run.input());
    long now = before;
    while (now == before && now < window.events() || now <= after && after < window.events()) {
      now = committed(run, processes);
    }
    long nanos = System.nanoTime();
    long cpu = 0;
    long stream = 0;
    for (Jvm process : processes) {
      Usage usage = Usage.of(process.pid(), streamThreads.getOrDefault(process, List.of()));
      cpu += usage.cpuNanos();
      stream += usage.streamNanos();
    }
    long broker = Usage.of(site.brokerPid(), List.of()).cpuNanos();
    boolean stateful = run.contender() != Contender.PASS;
    return new Sample(
        nanos,
        now,
        cpu,
        stream,
        broker,
        stateful ? site.endOffset(run.changelog()) : 0,
        stateful ? site.bytes(run.changelog()) : 0);
  }

  private Measurements.Throughput figures(
      Run run, List<Jvm> processes, double startSeconds, Sample from, Sample to)
      throws IOException, InterruptedException {
    double events = to.events() - from.events();
    double seconds = (to.nanos() - from.nanos()) * 1e-9;
    if (seconds < LEAST_SECONDS) {
      throw new IllegalStateException(
          run.contender().text()
              + " was through with "
              + to.events()
              + " events after "
              + seconds
              + " s of measuring, less than "
              + LEAST_SECONDS
              + ". Give more --events, or less --warm-up");
    }
    long resident = 0;
    long heap = 0;
    for (Jvm process : processes) {
      resident += Usage.residentBytes(process.pid());
      heap += process.heapAfterCollection();
    }
    Scenario scenario = run.scenario();
    return new Measurements.Throughput(
        run.contender().letter(),
        scenario.hidden(),
        scenario.keys(),
        scenario.skew().name(),
        scenario.threads(),
        processes.size(),
        scenario.commitMillis(),
        events / seconds,
        seconds,
        (to.cpu() - from.cpu()) / events / 1000,
        (to.stream() - from.stream()) / events / 1000,
        (to.broker() - from.broker()) / events / 1000,
        (to.rows() - from.rows()) / events,
        (to.rowBytes() - from.rowBytes()) / events,
        (double) site.bytes(run.input()) / site.endOffset(run.input()),
        (double) site.bytes(run.scores()) / Math.max(1, site.endOffset(run.scores())),
        heap,
        resident,
        startSeconds,
        0);
  }

  /**
   * Starts Sluice in an empty state folder and returns how many rows a second it reads back from
   * the changelog, less the time it takes to start with nothing to read.
   */
  double restored(Run run, double startSeconds) throws IOException, InterruptedException {
    long rows = site.endOffset(run.changelog());
    long started = System.nanoTime();
    try (Jvm process = run.contender().start(site, run, "restored", Map.of())) {
      process.await("Scoring.", PATIENCE);
      double seconds = (System.nanoTime() - started) * 1e-9 - startSeconds;
      return seconds < 1 ? 0 : rows / seconds;
    }
  }
}
