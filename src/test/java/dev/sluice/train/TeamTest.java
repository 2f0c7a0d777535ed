package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.sluice.cell.Adam;
import dev.sluice.cell.Cell;
import dev.sluice.cell.Parameter;
import dev.sluice.feature.FeatureSpec;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads change how long training takes, and nothing else. */
final class TeamTest {

  private static final int STEPS = 4;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  /** Objects of a window: a job, its parts, views of rows; vectors would be megabytes. */
  private static final long BYTES_OF_A_WINDOW = 20_000;

  /** A network and those who train it. */
  private static final class World implements AutoCloseable {
    final Lanes plan;
    final Team team;
    final Adam adam;
    final Network network;
    private final Random random = new Random(2);
    private int windows;

    World(int lanes, double dropout, int threads) {
      Lab lab = Lab.of("features: [{number: x}]\nmodel: {hidden: 20, predict: {value: x}}\n");
      var values = new Random(1);
      for (int i = 0; i < Lanes.LEAST_WINDOWS * STEPS; i++) {
        for (int k = 0; k < lanes; k++) {
          lab.number("k" + k, 1000L * i, values.nextGaussian());
        }
      }
      History history = lab.history();
      Split split = Split.at(history, Long.MAX_VALUE);
      FeatureSpec spec = Fit.features(lab.topology(), history, split);
      Samples samples = Samples.encode(history, spec, Fit.targets(lab.topology(), spec));
      this.network =
          Network.fresh(
              List.of(Cell.LSTM),
              spec,
              Fit.heads(lab.topology(), spec, samples, split),
              new int[] {20},
              3);
      this.plan = new Lanes(history, split, lanes, STEPS);
      this.team = new Team(network, samples, plan, new Worker.Shape(STEPS, dropout), 4, threads);
      this.adam = new Adam(network.parameters(), Adam.Options.of(0.01));
    }

    void window() {
      if (windows == 0) {
        plan.deal(random);
        windows = plan.windows();
      }
      windows--;
      plan.advance();
      team.run();
      adam.step(1);
    }

    List<float[]> weights() {
      return network.parameters().stream().map(Parameter::value).map(World::all).toList();
    }

    private static float[] all(dev.sluice.kernel.Floats block) {
      return block.toArray(0, (int) block.size());
    }

    @Override
    public void close() {
      team.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "9, 0", "33, 0.5", "50, 0"})
  void anyNumberOfThreadsLearnsTheSameBytes(int lanes, double dropout) {
    List<float[]> expected = null;
    for (int threads : new int[] {1, 2, 3}) {
      try (var world = new World(lanes, dropout, threads)) {
        assertThat(world.plan.count()).isEqualTo(lanes);
        List<float[]> before = world.weights();
        for (int i = 0; i < 12; i++) {
          world.window();
        }
        assertThat(world.weights().getFirst()).isNotEqualTo(before.getFirst());
        if (expected == null) {
          expected = world.weights();
        }
        for (int p = 0; p < expected.size(); p++) {
          assertThat(world.weights().get(p)).as("%s threads", threads).isEqualTo(expected.get(p));
        }
      }
    }
  }

  @Test
  void aWindowAllocatesALittleAndNoVectors() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (var world = new World(16, 0, 2)) {
      long least = Long.MAX_VALUE;
      long end = System.nanoTime() + PATIENCE_NANOS;
      while (least > BYTES_OF_A_WINDOW && System.nanoTime() < end) {
        long before = threads.getTotalThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
          world.window();
        }
        least = Math.min(least, (threads.getTotalThreadAllocatedBytes() - before) / 100);
      }
      assertThat(least).isLessThanOrEqualTo(BYTES_OF_A_WINDOW);
    }
  }

  @Test
  void everyPartOfAJobIsDoneOnceAndAFailureIsHeardOf() {
    try (var crew = new Crew(2)) {
      for (int round = 0; round < 2000; round++) {
        var done = new AtomicIntegerArray(5);
        crew.run(5, done::incrementAndGet);
        for (int part = 0; part < 5; part++) {
          assertThat(done.get(part)).isEqualTo(1);
        }
      }
      assertThatThrownBy(
              () ->
                  crew.run(
                      5,
                      part -> {
                        throw new IllegalArgumentException("part " + part);
                      }))
          .hasMessage("a worker failed")
          .hasCauseInstanceOf(IllegalArgumentException.class);
    }
  }
}
