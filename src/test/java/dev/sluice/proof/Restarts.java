package dev.sluice.proof;

import dev.sluice.registry.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * Ends the launcher's process again and again while events flow, and takes the time until results
 * of events that were sent after the end can be read, committed, on each of its partitions.
 */
final class Restarts {

  private static final Duration PATIENCE = Duration.ofSeconds(150);
  private static final int PARTITIONS = 4;
  private static final long PAUSE_MILLIS = 300;

  private final Setting setting;
  private final Stage stage;
  private final Path folder;
  private final List<Launched> processes = new ArrayList<>();

  /**
   * What is done.
   *
   * @param times how often
   * @param keys that have a memory
   * @param rate events a second
   * @param blow how a process is ended
   * @param state the {@code state} section of the topology, without its brackets
   * @param kafka more client properties
   */
  record Setting(
      int times, int keys, int rate, Blow blow, String state, Map<String, String> kafka) {

    int instances() {
      return blow == Blow.FAIL_OVER ? 2 : 1;
    }
  }

  /** How a process is ended, and what follows. */
  enum Blow {
    /** SIGKILL, and the same instance is started again after 0.3 s. */
    KILL,
    /** SIGTERM, and the same instance is started again once it has ended. */
    STOP,
    /** SIGKILL, and another instance with a copy of its memories takes over. */
    FAIL_OVER
  }

  /** What was measured, one gap for each time. */
  record Report(Setting setting, List<Duration> gaps, List<String> phases) {

    Duration median() {
      return gaps.stream().sorted().toList().get(gaps.size() / 2);
    }

    Duration longest() {
      return Collections.max(gaps);
    }

    @Override
    public String toString() {
      return setting.blow()
          + ", "
          + setting.keys()
          + " keys, "
          + setting.rate()
          + " events/s, "
          + setting.state()
          + ": median "
          + median().toMillis()
          + " ms, longest "
          + longest().toMillis()
          + " ms, all "
          + gaps.stream().map(Duration::toMillis).toList()
          + phases.stream().map(line -> "\n  " + line).collect(Collectors.joining());
    }
  }

  private Restarts(Setting setting, Stage stage, Path folder) {
    this.setting = setting;
    this.stage = stage;
    this.folder = folder;
  }

  /** Runs with a broker of its own, in {@code folder}. */
  static Report run(Setting setting, Path folder) throws Exception {
    try (Child broker =
        Child.broker("broker", List.of("1", "0", "0", "-", folder.resolve("broker").toString()))) {
      String bootstrap = broker.await("READY ", PATIENCE).substring("READY ".length()).strip();
      Stage stage =
          Stage.set(bootstrap, folder, "readings", "key: record", "{wave: 256}", setting.state());
      stage.createInput(PARTITIONS);
      stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
      var restarts = new Restarts(setting, stage, folder);
      try {
        return restarts.measure();
      } finally {
        restarts.processes.forEach(Launched::close);
      }
    }
  }

  private Report measure() throws Exception {
    for (int i = 0; i < setting.instances(); i++) {
      processes.add(start(i));
    }
    for (Launched process : processes) {
      process.awaitScoring(PATIENCE);
    }
    try (var arrivals = Arrivals.of(stage.bootstrap(), stage.topology().output().scores());
        var load = new SteadyLoad(stage, setting.keys(), PARTITIONS, setting.rate());
        Admin admin = Admin.create(Map.of("bootstrap.servers", stage.bootstrap()))) {
      load.everyKeyOnce();
      arrivals.awaitEach(all(), System.currentTimeMillis(), PATIENCE);
      List<Duration> gaps = new ArrayList<>();
      List<String> phases = new ArrayList<>();
      for (int i = 0; i < setting.times(); i++) {
        settle(admin);
        gaps.add(strike(i % setting.instances(), admin, arrivals));
        phases.addAll(processes.get(i % setting.instances()).phases());
      }
      return new Report(setting, gaps, phases);
    }
  }

  private Duration strike(int instance, Admin admin, Arrivals arrivals) throws Exception {
    Set<Integer> partitions =
        setting.blow() == Blow.FAIL_OVER ? partitionsOf(instance, admin) : all();
    long millis = System.currentTimeMillis();
    long nanos = System.nanoTime();
    processes.get(instance).end(setting.blow() == Blow.STOP, PATIENCE);
    if (setting.blow() == Blow.FAIL_OVER) {
      Duration gap = Duration.ofNanos(arrivals.awaitEach(partitions, millis, PATIENCE) - nanos);
      processes.set(instance, start(instance));
      processes.get(instance).awaitScoring(PATIENCE);
      return gap;
    }
    if (setting.blow() == Blow.KILL) {
      Thread.sleep(PAUSE_MILLIS);
    }
    processes.set(instance, start(instance));
    return Duration.ofNanos(arrivals.awaitEach(partitions, millis, PATIENCE) - nanos);
  }

  /** Waits until every instance has partitions, and some more so that copies are up to date. */
  private void settle(Admin admin) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (setting.blow() == Blow.FAIL_OVER && !allHavePartitions(admin)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("an instance gets no partitions");
      }
      Thread.sleep(100);
    }
    Thread.sleep(setting.blow() == Blow.FAIL_OVER ? 3000 : 1500);
  }

  private boolean allHavePartitions(Admin admin) throws Exception {
    for (int i = 0; i < setting.instances(); i++) {
      if (partitionsOf(i, admin).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private Set<Integer> partitionsOf(int instance, Admin admin) throws Exception {
    String group = stage.topology().name();
    return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
        .filter(member -> isOf(member, instance))
        .flatMap(member -> member.assignment().topicPartitions().stream())
        .map(TopicPartition::partition)
        .collect(Collectors.toSet());
  }

  private static boolean isOf(MemberDescription member, int instance) {
    return member.groupInstanceId().orElse("").startsWith("member-" + instance);
  }

  private static Set<Integer> all() {
    return IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toSet());
  }

  private Launched start(int instance) throws IOException {
    Map<String, String> kafka = new HashMap<>(setting.kafka());
    if (setting.blow() == Blow.FAIL_OVER) {
      kafka.put("group.instance.id", "member-" + instance);
      kafka.put("num.standby.replicas", "1");
    }
    return Launched.run(stage, folder, "i" + instance, kafka);
  }
}
