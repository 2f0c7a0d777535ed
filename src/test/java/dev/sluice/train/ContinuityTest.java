package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.EventFile;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.ModelSource;
import dev.sluice.registry.Timeline;
import dev.sluice.river.Replay;
import dev.sluice.river.Result;
import dev.sluice.river.Settings;
import dev.sluice.river.Settings.OnSwap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a swap costs, by policy: how much more surprised a key is by its first events after it than
 * it would be if the version that judges them had been in force from the beginning.
 *
 * <p>The world needs a memory: each key repeats a pattern of its own length, of which no feature
 * tells the place.
 */
final class ContinuityTest {

  private static final Logger LOG = LoggerFactory.getLogger(ContinuityTest.class);

  private static final int KEYS = 10;
  private static final int EVENTS = 24_000;
  private static final int EVERY = 2_000;
  private static final int FIRST = 10;

  @TempDir private Path folder;
  private Lab lab;
  private Path file;

  /** Nats by which the first events after a swap, and later ones, exceed the reference. */
  private record Cost(double first, double later) {}

  @Test
  void rewarmAndShadowGoOnWhereResetBeginsAnew() throws IOException {
    lab = world();
    file = lab.file(folder);
    Model first = trained(1, Optional.empty());
    Model tuned = trained(2, Optional.of(first));
    Model other = trained(3, Optional.empty());

    assertThat(results(new OnSwap.Keep(), alternating(first, first.withVersion(9))).surprise())
        .isEqualTo(results(new OnSwap.Keep(), FixedModels.of(1, first)).surprise());

    Map<String, Cost> costs = new HashMap<>();
    for (Model second : List.of(tuned, other)) {
      for (OnSwap onSwap :
          List.of(
              new OnSwap.Keep(),
              new OnSwap.Reset(),
              new OnSwap.Rewarm(32),
              new OnSwap.Shadow(32))) {
        Cost cost = cost(onSwap, first, second);
        String what = onSwap.getClass().getSimpleName() + (second == tuned ? ", tuned" : ", other");
        costs.put(what, cost);
        LOG.info(
            "{}: {} nats in the first {} events, {} later", what, cost.first, FIRST, cost.later);
      }
    }
    double reset = costs.get("Reset, other").first;
    assertThat(reset).isGreaterThan(0.3);
    assertThat(costs.get("Keep, tuned").first).isLessThan(reset / 4);
    for (String policy : List.of("Rewarm", "Shadow")) {
      for (String second : List.of(", tuned", ", other")) {
        assertThat(costs.get(policy + second).first).as(policy + second).isLessThan(reset / 10);
      }
    }
    // A memory that another model made is no better than none.
    assertThat(costs.get("Keep, other").first).isGreaterThan(costs.get("Rewarm, other").first);
  }

  private static Lab world() {
    Lab lab =
        Lab.of(
            """
            features: [{number: x, scale: key}]
            model: {hidden: 24, predict: {value: x}}
            training: {window: 32, epochs: 6, batch: 10}
            """);
    var random = new Random(1);
    for (int i = 0; i < EVENTS; i++) {
      int key = i % KEYS;
      int place = i / KEYS % (9 + key % 4);
      double value = (place < 3 ? 10 : place * 0.7) * (1 + key) + 0.3 * random.nextGaussian();
      lab.number("k" + key, i * 60_000L, value);
    }
    return lab;
  }

  private Model trained(int version, Optional<Model> parent) throws IOException {
    Recorded recorded = FileHistory.read(file, lab.schema(), TimeRange.ALL, _ -> {});
    Task task = Task.of(lab.topology(), recorded, version, "test").withSeed(version);
    return Trainer.train(parent.map(task::from).orElse(task), Progress.none()).model();
  }

  private Cost cost(OnSwap onSwap, Model first, Model second) throws IOException {
    Results alternating = results(onSwap, alternating(first, second));
    Results ofFirst = results(new OnSwap.Keep(), FixedModels.of(1, first));
    Results ofSecond = results(new OnSwap.Keep(), FixedModels.of(2, second));
    double[] sum = new double[2];
    long[] count = new long[2];
    int[] since = new int[KEYS];
    int[] judged = new int[KEYS];
    for (int i = 0; i < EVENTS; i++) {
      int version = alternating.versions[i];
      boolean isFirst = version % 2 == 1;
      since[i % KEYS] = judged[i % KEYS] == version ? since[i % KEYS] + 1 : 0;
      judged[i % KEYS] = version;
      if (i >= EVERY) {
        int when = since[i % KEYS] < FIRST ? 0 : 1;
        sum[when] += alternating.surprise()[i] - (isFirst ? ofFirst : ofSecond).surprise()[i];
        count[when]++;
      }
    }
    assertThat(count[0]).isGreaterThan(8L * FIRST * KEYS);
    return new Cost(sum[0] / count[0], sum[1] / count[1]);
  }

  /** A swap every two thousand events, each to a version of its own: odd ones are the first. */
  private static ModelSource<Model> alternating(Model first, Model second) {
    Timeline timeline = Timeline.empty("lab");
    Map<Integer, Model> models = new HashMap<>();
    for (int i = 0; i < EVENTS / EVERY; i++) {
      int version = i + 1;
      long from = i == 0 ? Timeline.IMMEDIATE : (long) i * EVERY * 60_000L;
      timeline = timeline.plus(version, from, 0, Timeline.What.PUBLISH);
      models.put(version, (i % 2 == 0 ? first : second).withVersion(version));
    }
    return FixedModels.of(timeline, models);
  }

  private record Results(double[] surprise, int[] versions) {}

  private Results results(OnSwap onSwap, ModelSource<Model> models) throws IOException {
    var settings = new Settings(256, 0.9, Optional.empty(), onSwap);
    var results = new Results(new double[EVENTS], new int[EVENTS]);
    Arrays.fill(results.surprise, Double.NaN);
    List<String> rejected = new ArrayList<>();
    try (EventFile events = EventFile.open(file, lab.schema())) {
      new Replay(lab.schema(), settings, models)
          .run(
              events,
              new Replay.Sink() {
                @Override
                public void result(long line, Result result) {
                  results.surprise[(int) line - 1] = result.surprise();
                  results.versions[(int) line - 1] = result.modelVersion();
                }

                @Override
                public void rejected(long line, String text, Rejection why) {
                  rejected.add(text);
                }
              });
    }
    assertThat(rejected).isEmpty();
    assertThat(results.surprise).as("no key is lost").doesNotContain(Double.NaN);
    return results;
  }
}
