package dev.sluice.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.capacity.Costs;
import dev.sluice.capacity.Demand;
import dev.sluice.capacity.KeyMemory;
import dev.sluice.capacity.Plan;
import dev.sluice.config.TopologyFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/**
 * Predicts two instances from one, then runs two: the first number of {@code --keys} and the last
 * one are measured with one instance, their geometric mean is predicted for two, and measured.
 */
final class CheckPlan {

  private static final double MOST_ERROR = 0.25;
  private static final int KEY_BYTES = 10;
  private static final double MOST_PER_SECOND = 420_000;

  private final Bench options;
  private final Site site;
  private final Measurements measured;
  private boolean failed;

  CheckPlan(Bench options, Site site, Measurements measured) {
    this.options = options;
    this.site = site;
    this.measured = measured;
  }

  void run() throws IOException, InterruptedException {
    int few = options.keys.getFirst();
    int many = options.keys.size() > 1 ? options.keys.getLast() : 20 * few;
    int between = (int) Math.sqrt((double) few * many);
    var one = measure(few, 1);
    var other = measure(many, 1);
    measured.throughput().add(one);
    measured.throughput().add(other);
    byte[] json = new ObjectMapper().writeValueAsBytes(measured);
    Costs costs = Costs.read(new ByteArrayInputStream(json), "this run");

    Run run = new Run("plan", Contender.SLUICE, scenario(between), "none");
    var yaml = TopologyFile.parse(run.topology(), "plan", Map.of());
    KeyMemory key = KeyMemory.of(yaml, KEY_BYTES);
    Plan plan = plan(costs, between, key);
    double perSecond = rate(plan);
    // What an instance holds on the heap beside its keys.
    double base = one.heapBytes() - (double) few * key.heapBytes();
    double heap = 2 * base + (double) between * key.heapBytes();

    var two = measure(between, 2);
    measured.throughput().add(two);
    compare("events/s", perSecond, two.eventsPerSecond());
    compare("CPU us/event", plan.value("cpuMicros"), two.cpuMicros());
    compare("changelog bytes/event", plan.value("changelogBytesPerEvent"), two.changelogBytes());
    compare("heap after a collection, MB", heap / 1e6, two.heapBytes() / 1e6);
    if (failed) {
      throw new IllegalStateException(
          "the plan is off by more than " + (int) (100 * MOST_ERROR) + " %");
    }
  }

  private Scenario scenario(int keys) {
    return new Scenario(
        options.hidden.getFirst(),
        keys,
        options.skews.getFirst(),
        options.threads,
        options.commitMillis(),
        options.rowsEvery,
        options.tokens);
  }

  private Measurements.Throughput measure(int keys, int instances)
      throws IOException, InterruptedException {
    Scenario scenario = scenario(keys);
    String input = "plan-" + keys + "-" + instances;
    int partitions = instances * options.threads;
    long events = keys + (long) ((options.warmUp + options.seconds + 2) * MOST_PER_SECOND);
    site.artifact(scenario.hidden());
    site.createTopic(input, partitions, Map.of());
    Filling.fill(site, input, new Load(keys, scenario.skew(), 1), events);
    Run run = new Run("plan-c-" + keys, Contender.SLUICE, scenario, input);
    site.createTopic(run.scores(), partitions, Map.of());
    site.createTopic(run.alerts(), partitions, Map.of());
    var window = new Drain.Window((long) (keys * 1.05), options.warmUp, options.seconds, events);
    var figures = new Drain(site, window).measure(run, instances);
    Session.say(instances + " x " + BenchReport.line(run, figures));
    site.delete(run);
    site.deleteTopic(input);
    return figures;
  }

  /**
   * The rows of an event depend on the rate, and the rate on what rows cost: tried until steady.
   */
  private Plan plan(Costs costs, int keys, KeyMemory key) {
    double perSecond = 100_000;
    Plan plan = null;
    for (int i = 0; i < 50; i++) {
      var demand =
          new Demand(
              keys,
              perSecond,
              Demand.Skew.valueOf(options.skews.getFirst().name()),
              options.commitMillis() / 1000.0,
              KEY_BYTES,
              1,
              0,
              1,
              1);
      plan = Plan.of(demand, options.hidden.getFirst(), key, costs);
      perSecond = (perSecond + rate(plan)) / 2;
    }
    return plan;
  }

  /** What two stream threads can do at most, and what the cores allow that all share. */
  private double rate(Plan plan) {
    int cores = Runtime.getRuntime().availableProcessors();
    double all = plan.value("cpuMicros") + plan.value("brokerMicros");
    double threads = 2.0 * options.threads;
    return Math.min(threads / plan.value("streamMicros"), cores / all) * 1e6;
  }

  private void compare(String what, double planned, double found) {
    double error = planned / found - 1;
    failed |= !(Math.abs(error) <= MOST_ERROR);
    System.out.println(
        String.format(
            Locale.ROOT,
            "%s: planned %,.1f, measured %,.1f, error %+.0f %%",
            what,
            planned,
            found,
            100 * error));
  }
}
