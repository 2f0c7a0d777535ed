package dev.sluice.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The scoring processes of a run: started, ended, started again in the same state folder. One that
 * ends by itself is noted, and started again after a second, as a supervisor would.
 */
final class Cast implements AutoCloseable {

  /** Instances that a storm adds to those of the plan. */
  static final int EXTRAS = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long SUPERVISOR_NANOS = 1_000_000_000L;

  private final Stage stage;
  private final Plan plan;
  private final List<Seat> seats = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private final List<String> traces = new ArrayList<>();
  private final Thread supervisor;
  private volatile boolean closed;

  /** One instance: its process of the moment, and what outlives it. */
  private static final class Seat {
    private @Nullable Child child;
    private @Nullable Disk disk;
    private @Nullable FakeClock clock;
    private boolean wanted;
    private long endedNanos;
  }

  /** Makes the instances; a disk and a clock of their own only where the plan needs them. */
  Cast(Stage stage, Plan plan, Optional<Path> faketime) throws IOException, InterruptedException {
    this.stage = stage;
    this.plan = plan;
    boolean disks = plan.faults().keySet().stream().anyMatch(Kind::needsDisk);
    boolean clocks = plan.faults().containsKey(Kind.CLOCK) && faketime.isPresent();
    for (int i = 0; i < plan.instances() + EXTRAS; i++) {
      var seat = new Seat();
      seats.add(seat);
      if (i < plan.instances() && disks) {
        seat.disk = Disk.at(stage.state(name(i)));
      }
      if (i < plan.instances() && clocks) {
        seat.clock = FakeClock.at(faketime.get(), stage.path(name(i) + ".clock"));
      }
    }
    this.supervisor = Thread.ofPlatform().name("supervisor").start(this::supervise);
  }

  private static String name(int instance) {
    return "i" + instance;
  }

  private void supervise() {
    try {
      while (!closed) {
        for (int i = 0; i < seats.size(); i++) {
          lookAfter(i);
        }
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void lookAfter(int instance) throws InterruptedException {
    Seat seat = seats.get(instance);
    Child child = seat.child;
    if (closed || !seat.wanted || child == null || child.isAlive()) {
      return;
    }
    if (seat.endedNanos == 0) {
      seat.endedNanos = System.nanoTime();
      ends.add(child.end());
      System.out.println("  " + child.end());
      keep(child);
    } else if (System.nanoTime() - seat.endedNanos > SUPERVISOR_NANOS) {
      start(instance);
    }
  }

  /** {@code -Dproof.logs=FOLDER} keeps all that a process said that ended by itself. */
  private void keep(Child child) {
    String logs = System.getProperty("proof.logs");
    if (logs == null) {
      return;
    }
    try {
      String file = plan.scenario() + "-" + ends.size() + ".log";
      Files.writeString(Files.createDirectories(Path.of(logs)).resolve(file), child.said());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts an instance, unless it runs. */
  synchronized void start(int instance) throws InterruptedException {
    Seat seat = seats.get(instance);
    if (seat.child != null && seat.child.isAlive()) {
      return;
    }
    forget(seat);
    Map<String, String> environment =
        seat.clock == null ? new HashMap<>() : seat.clock.environment();
    try {
      Child child = stage.run(name(instance), plan.variant().kafka(instance), environment);
      seat.child = child;
      seat.wanted = true;
      seat.endedNanos = 0;
      if (seat.disk != null) {
        seat.disk.started(child);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a process that is gone only what its stack traces are about is kept. */
  private void forget(Seat seat) {
    if (seat.child != null) {
      Child gone = seat.child;
      List<String> lines = gone.lines();
      for (int i = 1; i < lines.size(); i++) {
        if (lines.get(i).startsWith("\tat ") && !lines.get(i - 1).startsWith("\tat ")) {
          traces.add(gone.name() + ": " + lines.get(Math.max(0, i - 2)) + " " + lines.get(i - 1));
        }
      }
      gone.close();
      seat.child = null;
    }
  }

  /** Starts the instances of the plan, and waits until they score. */
  void startAll() throws InterruptedException {
    for (int i = 0; i < plan.instances(); i++) {
      start(i);
    }
    for (Child child : living()) {
      child.await("Scoring.", PATIENCE);
    }
  }

  /** Ends an instance with SIGKILL. */
  synchronized void kill(int instance) throws InterruptedException {
    Seat seat = seats.get(instance);
    seat.wanted = false;
    if (seat.child != null) {
      seat.child.kill();
      forget(seat);
    }
  }

  /** Ends an instance with SIGTERM; returns how long it took. */
  Duration stop(int instance) throws InterruptedException {
    Child child;
    synchronized (this) {
      seats.get(instance).wanted = false;
      child = seats.get(instance).child;
    }
    Duration took = child == null ? Duration.ZERO : child.terminate(PATIENCE);
    synchronized (this) {
      forget(seats.get(instance));
    }
    return took;
  }

  /** Ends all instances with SIGTERM; returns how long the slowest took. */
  Duration stopAll() throws InterruptedException {
    Duration slowest = Duration.ZERO;
    for (int i = 0; i < seats.size(); i++) {
      Duration took = stop(i);
      slowest = took.compareTo(slowest) > 0 ? took : slowest;
    }
    return slowest;
  }

  /** Freezes an instance for a while. */
  void freeze(int instance, Duration time) throws IOException, InterruptedException {
    Child child;
    synchronized (this) {
      child = seats.get(instance).child;
    }
    if (child != null) {
      child.pause();
      Thread.sleep(time);
      child.resume();
    }
  }

  synchronized void fillDisk(int instance) throws IOException, InterruptedException {
    Seat seat = seats.get(instance);
    if (seat.disk != null && seat.child != null) {
      seat.disk.fill(seat.child);
    }
  }

  synchronized void freeDisk(int instance) throws IOException, InterruptedException {
    Seat seat = seats.get(instance);
    if (seat.disk != null && seat.child != null) {
      seat.disk.free(seat.child);
    }
  }

  synchronized void jump(int instance, long seconds) throws IOException {
    FakeClock clock = seats.get(instance).clock;
    if (clock != null) {
      clock.jump(seconds);
    }
  }

  private synchronized List<Child> living() {
    return seats.stream()
        .map(seat -> seat.child)
        .filter(child -> child != null && child.isAlive())
        .toList();
  }

  /**
   * Waits until every process that was started before {@code publishedNanos} and still runs has a
   * version in force. Those started later read it before they score.
   */
  void awaitInForce(int version, long publishedNanos) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!living().stream()
        .filter(child -> child.startedNanos() < publishedNanos)
        .allMatch(child -> isInForce(child, version))) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("version " + version + " does not arrive. " + said());
      }
      Thread.sleep(50);
    }
  }

  private static boolean isInForce(Child child, int version) {
    return child.hasSaid(line -> StreamEqualsFileIT.isInForce(line, version));
  }

  /** Returns what the processes of the moment said. */
  String said() {
    StringBuilder said = new StringBuilder();
    living().forEach(child -> said.append(child.said()).append("\n\n"));
    return said.toString();
  }

  /** Returns which processes ended by themselves, and what they said last. */
  synchronized List<String> ends() {
    return List.copyOf(ends);
  }

  /** Returns what the stack traces are about that processes printed which are gone. */
  synchronized List<String> traces() {
    return List.copyOf(traces);
  }

  /** Returns how disks become full, empty if none does. */
  String disks() {
    Disk first = seats.getFirst().disk;
    return first == null ? "" : first.how();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    supervisor.interrupt();
    try {
      supervisor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Seat seat : seats) {
      forget(seat);
      if (seat.disk != null) {
        seat.disk.close();
      }
    }
  }
}
