package dev.sluice.proof;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The scoring processes of a proof: started, ended, started again in the same state folder. */
final class Cast implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Stage stage;
  private final Plan plan;
  private final List<@Nullable Child> alive = new ArrayList<>();
  private final List<Child> all = new ArrayList<>();

  Cast(Stage stage, Plan plan) {
    this.stage = stage;
    this.plan = plan;
    for (int i = 0; i < plan.instances(); i++) {
      alive.add(null);
    }
  }

  /** Starts an instance that does not run. */
  synchronized Child start(int instance) throws IOException {
    Map<String, String> kafka = new HashMap<>();
    kafka.put("group.protocol", plan.protocol());
    if (plan.fixedMembers()) {
      kafka.put("group.instance.id", "member-" + instance);
    }
    if (plan.standbys() > 0) {
      kafka.put("num.standby.replicas", Integer.toString(plan.standbys()));
    }
    for (String property : plan.kafka().isEmpty() ? new String[0] : plan.kafka().split(",")) {
      String[] pair = property.split("=", 2);
      kafka.put(pair[0], pair[1]);
    }
    Child child = stage.run("i" + instance, kafka);
    alive.set(instance, child);
    all.add(child);
    return child;
  }

  /** Starts all instances, and waits until they score. */
  void startAll() throws IOException, InterruptedException {
    for (int i = 0; i < plan.instances(); i++) {
      start(i);
    }
    for (Child child : living()) {
      child.await("Scoring.", PATIENCE);
    }
  }

  /** Ends an instance with SIGKILL; returns when. */
  synchronized long kill(int instance) throws InterruptedException {
    Child child = taken(instance);
    return child.kill();
  }

  /** Ends an instance with SIGTERM; returns how long it took. */
  Duration stop(int instance) throws InterruptedException {
    return taken(instance).terminate(PATIENCE);
  }

  private synchronized Child taken(int instance) {
    Child child = alive.set(instance, null);
    if (child == null || !child.isAlive()) {
      throw new AssertionError(
          "instance " + instance + " ended by itself. " + (child == null ? "" : child.said()));
    }
    return child;
  }

  synchronized List<Child> living() {
    return alive.stream().filter(child -> child != null).toList();
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
    return child.lines().stream().anyMatch(line -> StreamEqualsFileIT.isInForce(line, version));
  }

  /** Returns what all processes said that ever ran. */
  synchronized String said() {
    StringBuilder said = new StringBuilder();
    all.forEach(child -> said.append(child.said()).append("\n\n"));
    return said.toString();
  }

  /** Returns the lines of stack traces that any process printed. */
  synchronized List<String> traces() {
    return all.stream()
        .flatMap(child -> child.lines().stream())
        .filter(line -> line.startsWith("\tat "))
        .toList();
  }

  @Override
  public synchronized void close() {
    all.forEach(Child::close);
  }
}
