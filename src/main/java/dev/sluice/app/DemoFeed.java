package dev.sluice.app;

import dev.sluice.app.DemoSeries.Reading;
import dev.sluice.config.Topology;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Sends measurements as a producer of one's own would: the history at once, the rest at a pace. */
final class DemoFeed {

  /** Partitions of the topic if it has to be made. */
  static final int PARTITIONS = 4;

  /** So often something that is no event is sent. */
  private static final int BROKEN_EVERY = 5000;

  private final String bootstrap;
  private final Topology topology;
  private final PrintWriter out;

  DemoFeed(String bootstrap, Topology topology, PrintWriter out) {
    this.bootstrap = bootstrap;
    this.topology = topology;
    this.out = out;
  }

  /** Sends everything once. */
  void run(DemoPlan plan) throws InterruptedException {
    createTopic();
    try (DemoReplay replay = new DemoReplay(bootstrap, topology.input().topic())) {
      out.println("Sending " + plan.history().size() + " measurements of the past ...");
      out.flush();
      plan.history().forEach(replay::send);
      replay.flush();
      out.println("Going on at a pace ...");
      out.flush();
      pace(plan.replay(), plan.paceMillis(), replay);
    }
  }

  /** Makes the input topic where there is none. */
  void createTopic() throws InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      NewTopic topic =
          new NewTopic(topology.input().topic(), Optional.of(PARTITIONS), Optional.empty());
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new Complaint(
            "Cannot create topic " + topology.input().topic() + ": " + e.getCause());
      }
    }
  }

  /**
   * Sends readings evenly over a time.
   *
   * @param millis how long it takes
   */
  static void pace(List<Reading> readings, long millis, DemoReplay replay)
      throws InterruptedException {
    long began = System.nanoTime();
    double nanosEach = Duration.ofMillis(millis).toNanos() / (double) readings.size();
    for (int i = 0; i < readings.size(); i++) {
      if (i % BROKEN_EVERY == BROKEN_EVERY / 2) {
        replay.sendBroken(readings.get(i));
      }
      replay.send(readings.get(i));
      long ahead = began + (long) (i * nanosEach) - System.nanoTime();
      if (ahead > 0) {
        Thread.sleep(Duration.ofNanos(ahead));
      }
    }
    replay.flush();
  }
}
