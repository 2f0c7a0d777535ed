package dev.sluice.river;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.cell.CellLayer;
import dev.sluice.cell.ReferenceLstm;
import dev.sluice.event.Event;
import dev.sluice.feature.Encoder;
import dev.sluice.head.BinHead;
import dev.sluice.model.Model;
import dev.sluice.registry.Models;
import dev.sluice.registry.Timeline;
import dev.sluice.river.Settings.OnSwap;
import dev.sluice.river.TestModels.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The river against a plain loop, bit for bit: however the events are cut into waves. */
final class RiverTest {

  private static final int EVENTS = 600;
  private static final int[] WAVES = {1, 2, 3, 7, 64, 256};

  @ParameterizedTest
  @EnumSource
  void wavesOfAnySizeGiveTheBytesOfThePlainLoop(Kind kind) {
    List<Event> events = TestEvents.random(1, EVENTS, 40);
    Models<Model> models = Runs.of(TestModels.random(1, kind, 20));
    List<String> expected = plain(new OnSwap.Keep(), models, events);
    assertThat(expected).anyMatch(json -> json.contains("\"alert\":true"));
    assertThat(expected).anyMatch(json -> json.contains("\"late\":true"));
    for (int wave : WAVES) {
      assertThat(new Runs(new OnSwap.Keep(), models).all(events, wave))
          .as("waves of %d", wave)
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void modelsThatReplaceEachOtherGiveTheBytesOfThePlainLoop(OnSwap onSwap) {
    List<Event> events = TestEvents.random(5, EVENTS, 40);
    long quarter = EVENTS / 4 * 1000L;
    long[] validFrom = {
      Long.MIN_VALUE,
      TestEvents.START + quarter,
      TestEvents.START + 2 * quarter,
      TestEvents.START + 3 * quarter
    };
    Model first = TestModels.random(1, Kind.BINS, 20);
    // Another one of the same shape, one of another, and back to the first.
    Models<Model> models =
        Runs.of(
            validFrom,
            first,
            TestModels.random(2, Kind.BINS, 20),
            TestModels.random(3, Kind.GAUSSIAN, 33),
            first);
    List<String> expected = plain(onSwap, models, events);
    boolean everTakesOver = !onSwap.equals(new OnSwap.Shadow(1_000));
    for (int version = 1; version <= 3 && everTakesOver; version++) {
      String said = "\"modelVersion\":" + version;
      assertThat(expected.stream().filter(json -> json.contains(said)).count()).isGreaterThan(60);
    }
    for (int wave : WAVES) {
      assertThat(new Runs(onSwap, models).all(events, wave))
          .as("waves of %d", wave)
          .isEqualTo(expected);
    }
  }

  static List<OnSwap> policies() {
    return List.of(
        new OnSwap.Keep(),
        new OnSwap.Reset(),
        new OnSwap.Rewarm(1),
        new OnSwap.Rewarm(5),
        new OnSwap.Rewarm(250),
        new OnSwap.Shadow(1),
        new OnSwap.Shadow(4),
        new OnSwap.Shadow(1_000));
  }

  /** Entries that begin before their predecessors, at once, or after the last event. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void anyHistoryOfModelsGivesTheBytesOfThePlainLoop(long seed) {
    var random = new Random(seed);
    List<Event> events = TestEvents.random(seed, 200, 15);
    Model[] known = new Model[3];
    for (int i = 0; i < known.length; i++) {
      known[i] = TestModels.random(i + 1, Kind.GAUSSIAN, i == 2 ? 5 : 7);
    }
    int entries = 2 + random.nextInt(7);
    Model[] history = new Model[entries];
    long[] validFrom = new long[entries];
    for (int i = 0; i < entries; i++) {
      history[i] = known[random.nextInt(known.length)];
      boolean atOnce = random.nextInt(6) == 0;
      validFrom[i] =
          atOnce ? Timeline.IMMEDIATE : TestEvents.START + random.nextInt(-20_000, 220_000);
    }
    Models<Model> models = Runs.of(validFrom, history);
    for (int i = 0; i < 3; i++) {
      OnSwap onSwap = policies().get((int) (seed + 3 * i) % policies().size());
      List<String> expected = plain(onSwap, models, events);
      for (int wave : new int[] {1, 7, 256}) {
        assertThat(new Runs(onSwap, models).all(events, wave))
            .as("%s, waves of %d", onSwap, wave)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void wavesOfChangingSizeGiveTheSameBytes() {
    List<Event> events = TestEvents.random(2, EVENTS, 10);
    Models<Model> models = Runs.of(TestModels.random(1, Kind.GAUSSIAN, 20));
    List<String> expected = new Runs(new OnSwap.Keep(), models).all(events, 1);
    for (int seed = 0; seed < 5; seed++) {
      var random = new Random(seed);
      assertThat(
              new Runs(new OnSwap.Keep(), models).all(events, _ -> 1 + random.nextInt(Runs.WAVE)))
          .isEqualTo(expected);
    }
  }

  @Test
  void interleavedKeysScoreAsIfEachHadBeenAlone() {
    List<Event> events = TestEvents.random(3, EVENTS, 25);
    Models<Model> models = Runs.of(TestModels.random(1, Kind.BINS, 20));
    List<String> together = new Runs(new OnSwap.Keep(), models).all(events, 64);
    Map<String, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < events.size(); i++) {
      places.computeIfAbsent(key(events.get(i)), _ -> new ArrayList<>()).add(i);
    }
    assertThat(places).hasSizeGreaterThan(20);
    places.forEach(
        (key, at) -> {
          List<Event> own = at.stream().map(events::get).toList();
          List<String> expected = at.stream().map(together::get).toList();
          assertThat(new Runs(new OnSwap.Keep(), models).all(own, 64)).as(key).isEqualTo(expected);
        });
  }

  @Test
  void aWaveOfOneKeyKeepsItsOrder() {
    List<Event> events = TestEvents.random(4, 200, 1);
    Models<Model> models = Runs.of(TestModels.random(1, Kind.WORDS, 20));
    assertThat(new Runs(new OnSwap.Keep(), models).all(events, 200))
        .isEqualTo(plain(new OnSwap.Keep(), models, events));
  }

  @Test
  void anEmptyWaveDoesNothing() {
    var run = new Runs(new OnSwap.Keep(), Runs.of(TestModels.random(1, Kind.BINS, 20)));
    run.flow();
    assertThat(run.memories().size()).isZero();
  }

  /** The textbook in double precision says what is expected next, within float rounding. */
  @Test
  void theExpectationIsThatOfTheTextbook() {
    Model model = TestModels.random(7, Kind.BINS, 20);
    List<Event> events = TestEvents.random(5, 50, 1);
    var run = new Runs(new OnSwap.Keep(), Runs.of(model));
    var encoder = new Encoder(model.features(), TestModels.SCHEMA);
    List<CellLayer> layers = model.cell().layers();
    double[][] h = new double[2][20];
    double[][] c = new double[2][20];
    double[] stats = new double[encoder.statsSize()];
    for (Event event : events) {
      double mean = encoder.mean(0, 0, event, stats, 0);
      double deviation = encoder.deviation(0, 0, stats, 0);
      Result result = run.one(event);
      if (!Double.isNaN(mean)) {
        double expected = mean + deviation * binMean(model, h[1]);
        assertThat(result.expected()).isCloseTo(expected, within(1e-4 * deviation));
      }
      float[] inputs = new float[encoder.width()];
      encoder.encode(event, stats, 0, inputs);
      double[] x = new double[inputs.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = inputs[i];
      }
      for (int l = 0; l < 2; l++) {
        ReferenceLstm.Step step = ReferenceLstm.of(layers.get(l)).step(x, h[l], c[l]);
        h[l] = step.h();
        c[l] = step.c();
        x = step.h();
      }
      encoder.learn(event, stats, 0);
    }
  }

  /** The mean over the bins' middles of the softmax of W·h + b. */
  private static double binMean(Model model, double[] h) {
    BinHead head = (BinHead) model.head();
    double sum = 0;
    double weighted = 0;
    for (int bin = 0; bin < head.bins().count(); bin++) {
      double logit = head.linear().bias()[bin];
      for (int k = 0; k < h.length; k++) {
        logit += head.linear().weights()[bin * h.length + k] * h[k];
      }
      sum += Math.exp(logit);
      weighted += Math.exp(logit) * head.bins().edge(bin + 0.5);
    }
    return weighted / sum;
  }

  private static List<String> plain(OnSwap onSwap, Models<Model> models, List<Event> events) {
    var loop = new PlainLoop(onSwap, models);
    return events.stream().map(loop::score).toList();
  }

  private static String key(Event event) {
    return new String(event.key(), UTF_8);
  }
}
