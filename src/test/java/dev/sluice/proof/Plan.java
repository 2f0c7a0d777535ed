package dev.sluice.proof;

import dev.sluice.registry.Timeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a run does. Everything random in it comes from the seed; what the machine makes of it does
 * not.
 *
 * @param scenario its name
 * @param events sent in all
 * @param rate events a second
 * @param versionEvery a new model version takes over after so many events
 * @param instances scoring processes, without those that a storm adds
 * @param faults how many of each kind
 * @param variant of what is run
 */
record Plan(
    String scenario,
    int events,
    int rate,
    int versionEvery,
    int instances,
    Map<Kind, Integer> faults,
    Variant variant,
    long seed) {

  private static final int PARTITIONS = 6;
  private static final int KEYS = 1000;
  private static final long SEED = 20261124;

  /**
   * How the product is run.
   *
   * @param threads stream threads of each instance
   * @param standbys copies of each memory in another instance
   * @param protocol of the consumer group: {@code classic}, with static members, or {@code streams}
   * @param guarantee of the topology; with {@code at-least-once} duplicates and other results are
   *     counted, and only what is missing is a fault
   * @param state more of the {@code state} section of the topology, {@code store: rocksdb}
   * @param keyIsField whether events are re-keyed by a field
   * @param sessionMillis after which silence a member is given up; 0 leaves it to the product
   * @param kafka more client properties, {@code name=value} with commas between
   */
  record Variant(
      int threads,
      int standbys,
      String protocol,
      String guarantee,
      String state,
      boolean keyIsField,
      int sessionMillis,
      String kafka) {

    /** Returns the variant that system properties name: {@code -Dproof.protocol=streams} etc. */
    static Variant ofProperties() {
      return new Variant(
          Integer.getInteger("proof.threads", 1),
          Integer.getInteger("proof.standbys", 1),
          System.getProperty("proof.protocol", "classic"),
          System.getProperty("proof.guarantee", "exactly-once"),
          System.getProperty("proof.state", "onSwap: keep"),
          Boolean.getBoolean("proof.keyIsField"),
          Integer.getInteger("proof.session", 6000),
          System.getProperty("proof.kafka", ""));
    }

    boolean isExactlyOnce() {
      return guarantee.equals("exactly-once");
    }

    /** Returns more of the {@code input} section of the topology. */
    String input() {
      return keyIsField ? "key: key" : "key: record";
    }

    /** Returns the {@code delivery} section of the topology. */
    String delivery() {
      return "{guarantee: " + guarantee + ", wave: 256, threads: " + threads + "}";
    }

    /** Returns the client properties of instance {@code number}. */
    Map<String, String> kafka(int number) {
      Map<String, String> all = new java.util.HashMap<>();
      all.put("group.protocol", protocol);
      if (protocol.equals("classic")) {
        all.put("group.instance.id", "member-" + number);
        all.put("num.standby.replicas", Integer.toString(standbys));
        if (sessionMillis > 0) {
          all.put("session.timeout.ms", Integer.toString(sessionMillis));
          all.put("heartbeat.interval.ms", Integer.toString(Math.min(3000, sessionMillis / 4)));
        }
      }
      for (String property : kafka.isEmpty() ? new String[0] : kafka.split(",")) {
        String[] pair = property.split("=", 2);
        all.put(pair[0], pair[1]);
      }
      return all;
    }
  }

  /** Returns the scenarios that system properties ask for: all of them, unless some are named. */
  static List<Plan> ofProperties() {
    boolean full = Boolean.getBoolean("proof.full");
    double share = full ? 1 : Double.parseDouble(System.getProperty("proof.share", "0.1"));
    List<Plan> plans = new ArrayList<>();
    for (String name : System.getProperty("proof.scenarios", "").split(",")) {
      all().stream()
          .filter(plan -> name.isEmpty() || plan.scenario.equals(name))
          .map(plan -> plan.scaled(share))
          .forEach(plans::add);
    }
    if (plans.isEmpty()) {
      throw new IllegalArgumentException(
          "proof.scenarios: give some of " + all().stream().map(Plan::scenario).toList());
    }
    return plans;
  }

  private Plan scaled(double share) {
    int scaled = Integer.getInteger("proof.events", (int) (events * share));
    return new Plan(
        scenario,
        scaled,
        Integer.getInteger("proof.rate", rate),
        Integer.getInteger("proof.versionEvery", Math.min(versionEvery, scaled / 5 + 1)),
        Integer.getInteger("proof.instances", instances),
        Fault.scaled(faults, Math.sqrt(share)),
        Variant.ofProperties(),
        Long.getLong("proof.seed", SEED));
  }

  private static List<Plan> all() {
    return List.of(
        named("alone", 500_000, 1, "KILL 12, STOP 3"),
        named("crash", 1_400_000, 2, "KILL 12, FAILOVER 6, BLACKOUT 3, STOP 5, BROKER 8"),
        named("zombie", 800_000, 2, "ZOMBIE 8, NAP 4, SLOW_BROKER 4"),
        named("storm", 700_000, 2, "STORM 12"),
        named("disk", 500_000, 2, "DISK 5, DISK_KILL 5, KILL 2"),
        named("clock", 500_000, 2, "CLOCK 10, KILL 3, STOP 2"),
        named(
            "everything",
            1_000_000,
            2,
            "KILL 5, FAILOVER 2, BLACKOUT 1, STOP 2, BROKER 4, SLOW_BROKER 2, ZOMBIE 3, NAP 2,"
                + " STORM 2, DISK 2, DISK_KILL 1, CLOCK 4"));
  }

  private static Plan named(String scenario, int events, int instances, String faults) {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    Arrays.stream(faults.split(", "))
        .map(fault -> fault.split(" "))
        .forEach(pair -> counts.put(Kind.valueOf(pair[0]), Integer.valueOf(pair[1])));
    return new Plan(
        scenario, events, 5_000, 60_000, instances, counts, Variant.ofProperties(), SEED);
  }

  /** Returns a run small enough for every build. */
  static Plan small() {
    Plan plan = named("small", 30_000, 2, "KILL 1, STOP 1, BROKER 1");
    return new Plan(plan.scenario, plan.events, 2_500, 11_000, 2, plan.faults, plan.variant, SEED);
  }

  int partitions() {
    return PARTITIONS;
  }

  Events.Maker maker() {
    return new Events.Maker(KEYS, PARTITIONS, seed);
  }

  /** Returns how many versions come after the first. */
  int swaps() {
    return (events - 1) / versionEvery;
  }

  /** Returns the first event that version {@code version}, from 2, is in force for. */
  int firstEventOf(int version) {
    return (version - 1) * versionEvery;
  }

  /** Returns which version is in force from when. */
  Timeline timeline() {
    Timeline timeline =
        Timeline.empty("readings").plus(1, Timeline.IMMEDIATE, 0, Timeline.What.PUBLISH);
    for (int version = 2; version <= swaps() + 1; version++) {
      long from = Events.timeMillis(firstEventOf(version));
      timeline = timeline.plus(version, from, 0, Timeline.What.PUBLISH);
    }
    return timeline;
  }
}
