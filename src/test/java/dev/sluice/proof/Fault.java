package dev.sluice.proof;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Something that is done in the middle of the stream.
 *
 * @param atEvent after how many events
 * @param target number of the instance, or of the broker, from 0
 * @param waits whether the next fault waits until this one was digested
 * @param seed of everything else that is random about it
 */
record Fault(Kind kind, int atEvent, int target, boolean waits, long seed) {

  /** Share of the stream before the first fault, and up to the last. */
  private static final double FIRST = 0.04;

  private static final double LAST = 0.94;

  /** Returns the faults of a plan, in their order: the same ones for the same seed. */
  static List<Fault> script(Plan plan) {
    var random = new Random(plan.seed() ^ plan.scenario().hashCode());
    List<Kind> kinds = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      kinds.addAll(Collections.nCopies(plan.faults().getOrDefault(kind, 0), kind));
    }
    Collections.shuffle(kinds, random);
    List<Fault> script = new ArrayList<>();
    for (int i = 0; i < kinds.size(); i++) {
      // Each somewhere in its share of the stream.
      double share = (i + random.nextDouble()) / kinds.size();
      int at = (int) (plan.events() * (FIRST + (LAST - FIRST) * share));
      Kind kind = kinds.get(i);
      boolean isBroker = kind == Kind.BROKER || kind == Kind.SLOW_BROKER;
      int target = random.nextInt(isBroker ? Cluster.NODES : plan.instances());
      script.add(new Fault(kind, at, target, random.nextInt(5) > 0, random.nextLong()));
    }
    return script;
  }

  /** Returns how many faults of a kind there are, when each is scaled by {@code share}. */
  static Map<Kind, Integer> scaled(Map<Kind, Integer> faults, double share) {
    var scaled = new java.util.EnumMap<Kind, Integer>(Kind.class);
    faults.forEach((kind, count) -> scaled.put(kind, (int) Math.max(1, Math.round(count * share))));
    return scaled;
  }

  @Override
  public String toString() {
    return kind + (kind == Kind.BLACKOUT || kind == Kind.STORM ? "" : " " + target);
  }
}
