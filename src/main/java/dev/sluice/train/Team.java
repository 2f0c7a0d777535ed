package dev.sluice.train;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Workers for the groups of lanes of a batch, as many at once as there are threads. How lanes are
 * grouped depends on their number alone, and gradients are added in one order, so that a machine
 * with one core learns the same as one with many, bit for bit.
 *
 * <p>The workers of a group share a shard of the network and follow each other: what a few lanes
 * leave for the way back fits the cache, what all of them leave does not.
 */
final class Team implements AutoCloseable {

  /** With fewer lanes, halves would be too narrow for the kernel's tiles. */
  private static final int LEAST_LANES_TO_SPLIT = 8;

  /** Lanes of a group, where there are enough for two. */
  private static final int GROUP_LANES = 16;

  private static final int MOST_GROUPS = 8;

  /** Most lanes of a worker. */
  private static final int WORKER_LANES = 16;

  private final Network network;
  private final List<Group> groups = new ArrayList<>();
  private final float scale;
  private final Crew crew;

  /** Lanes whose gradients are added up one after the other. */
  private record Group(Network network, List<Worker> workers) {

    void run(float scale) {
      for (Worker worker : workers) {
        worker.run(scale);
      }
    }
  }

  /**
   * Creates a team.
   *
   * @param seed of what is dropped
   * @param threads most threads to run on, this one included, at least 1
   */
  Team(Network network, Samples samples, Lanes plan, Worker.Shape shape, long seed, int threads) {
    this.network = network;
    this.scale = 1f / (plan.count() * shape.steps());
    var random = new SplittableRandom(seed);
    int count = groups(plan.count());
    for (int g = 0; g < count; g++) {
      Network shard = g == 0 ? network : network.shard();
      List<Worker> workers = new ArrayList<>();
      for (Worker.Range lanes : split(plan.count() * g / count, plan.count() * (g + 1) / count)) {
        workers.add(new Worker(shard, samples, plan, lanes, shape, random.split()));
      }
      groups.add(new Group(shard, workers));
    }
    this.crew = new Crew(Math.min(threads, count) - 1);
  }

  private static int groups(int lanes) {
    return lanes < LEAST_LANES_TO_SPLIT ? 1 : Math.clamp(lanes / GROUP_LANES, 2, MOST_GROUPS);
  }

  private static List<Worker.Range> split(int first, int end) {
    List<Worker.Range> ranges = new ArrayList<>();
    int lanes = end - first;
    int count = Math.ceilDiv(lanes, WORKER_LANES);
    for (int i = 0; i < count; i++) {
      int from = first + lanes * i / count;
      ranges.add(new Worker.Range(from, first + lanes * (i + 1) / count - from));
    }
    return ranges;
  }

  /** Takes the window that the plan is at, and leaves its gradients in the network. */
  void run() {
    if (Thread.currentThread().isInterrupted()) {
      throw new TrainingException("Training was interrupted");
    }
    crew.run(groups.size(), g -> groups.get(g).run(scale));
    for (int g = 1; g < groups.size(); g++) {
      network.collect(groups.get(g).network());
    }
  }

  /** Returns the sum of the surprises of the last window, in nats. */
  double nats() {
    double nats = 0;
    for (Group group : groups) {
      for (Worker worker : group.workers()) {
        nats += worker.nats();
      }
    }
    return nats;
  }

  /** Returns how many events were predicted in the last window. */
  long predicted() {
    long predicted = 0;
    for (Group group : groups) {
      for (Worker worker : group.workers()) {
        predicted += worker.predicted();
      }
    }
    return predicted;
  }

  @Override
  public void close() {
    crew.close();
  }
}
