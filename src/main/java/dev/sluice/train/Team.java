package dev.sluice.train;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Workers for the parts of a batch, some on this thread and some on others. How many parts there
 * are depends on the number of lanes alone, and their gradients are added in one order, so that a
 * machine with one core learns the same, bit for bit.
 */
final class Team implements AutoCloseable {

  /** With fewer lanes, halves would be too narrow for the kernel's tiles. */
  private static final int LEAST_LANES_TO_SPLIT = 8;

  private final Network network;
  private final List<Worker> workers = new ArrayList<>();
  private final float scale;
  private final int threads;
  private final ExecutorService helper;

  Team(Network network, Samples samples, Lanes plan, Worker.Shape shape, long seed, int threads) {
    this.network = network;
    this.threads = threads;
    this.scale = 1f / (plan.count() * shape.steps());
    this.helper = Executors.newSingleThreadExecutor(Team::daemon);
    var random = new SplittableRandom(seed);
    int count = plan.count() < LEAST_LANES_TO_SPLIT ? 1 : 2;
    for (int i = 0; i < count; i++) {
      int first = plan.count() * i / count;
      int end = plan.count() * (i + 1) / count;
      Worker.Range lanes = new Worker.Range(first, end - first);
      workers.add(new Worker(network.shard(), samples, plan, lanes, shape, random.split()));
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "sluice-train");
    thread.setDaemon(true);
    return thread;
  }

  /** Takes the window that the plan is at, and leaves its gradients in the network. */
  void run() {
    if (threads == 1) {
      workers.forEach(w -> w.run(scale));
    } else {
    Future<?> other =
        workers.size() == 1 ? null : helper.submit(() -> workers.getLast().run(scale));
    workers.getFirst().run(scale);
    if (other != null) {
      join(other);
    }
    }
    workers.forEach(worker -> network.collect(worker.network()));
  }

  private static void join(Future<?> other) {
    try {
      other.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TrainingException("Training was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a worker failed", e.getCause());
    }
  }

  /** Returns the sum of the surprises of the last window, in nats. */
  double nats() {
    return workers.stream().mapToDouble(Worker::nats).sum();
  }

  /** Returns how many events were predicted in the last window. */
  long predicted() {
    return workers.stream().mapToLong(Worker::predicted).sum();
  }

  @Override
  public void close() {
    helper.shutdown();
  }
}
