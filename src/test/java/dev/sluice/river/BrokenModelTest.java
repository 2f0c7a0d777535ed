package dev.sluice.river;

import static dev.sluice.river.TestEvents.START;
import static dev.sluice.river.TestEvents.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Event;
import dev.sluice.feature.Encoder;
import dev.sluice.head.BinHead;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Head;
import dev.sluice.head.Linear;
import dev.sluice.head.WordHead;
import dev.sluice.model.Model;
import dev.sluice.registry.Models;
import dev.sluice.river.Settings.OnSwap;
import dev.sluice.river.TestModels.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights that are finite and still answer with infinity, and memories that went bad. */
final class BrokenModelTest {

  private static final byte[] A = "a".getBytes(UTF_8);

  /** Returns a model whose head overflows as soon as the memory is not empty. */
  static Model overflowing(Kind kind) {
    Model model = TestModels.random(1, kind, 20);
    Linear linear = model.heads().getLast().linear();
    float[] weights = linear.weights().clone();
    // With hidden units of either sign: infinity, minus infinity, or their sum, NaN.
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.copySign(Float.MAX_VALUE, weights[i]);
    }
    var broken = new Linear(weights, new float[linear.outputs()], linear.inputs());
    Head head =
        switch (model.heads().getLast()) {
          case BinHead bins -> new BinHead(bins.field(), broken, bins.bins());
          case GaussianHead gaussian -> new GaussianHead(gaussian.field(), broken);
          case WordHead words -> new WordHead(words.field(), broken, words.vocabulary());
        };
    // The last of several is broken: one bad answer is enough.
    List<Head> heads = new ArrayList<>(model.heads());
    heads.set(heads.size() - 1, head);
    return TestModels.model(1, model.features(), saturated(model), heads);
  }

  /** Returns the model's layers with output gates wide open, so that hidden units are large. */
  private static dev.sluice.cell.CellStack saturated(Model model) {
    return new dev.sluice.cell.CellStack(
        model.cell().layers().stream()
            .map(
                layer -> {
                  float[] bias = layer.bias();
                  int units = layer.hidden();
                  for (int gate : new int[] {0, 2, 3}) {
                    Arrays.fill(bias, gate * units, (gate + 1) * units, 5);
                  }
                  return dev.sluice.cell.CellLayer.lstm(
                      layer.inputs(), units, layer.inputWeights(), layer.hiddenWeights(), bias);
                })
            .toList());
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatIsNoNumberIsNotScoredAndTheKeyBeginsAnew(Kind kind) {
    var run = new Runs(new OnSwap.Keep(), Runs.of(overflowing(kind)));
    // An empty memory is read by any weights; the next event finds one that is not empty.
    for (int i = 0; i < 6; i++) {
      Result result = run.one(event("a", START + i, i));
      assertThat(result.isScored()).as("event %d", i).isEqualTo(i % 2 == 0);
      assertThat(result.isAlert()).isFalse();
      assertThat(run.river().resets()).isEqualTo((i + 1) / 2);
      int slot = run.memories().find(A);
      long seen = Encoder.eventsSeen(run.memories().stats(slot), run.memories().statsAt(slot));
      assertThat(seen).isEqualTo(i % 2 == 0 ? 1 : 0);
      if (i % 2 == 1) {
        assertThat(memory(run, "a")).containsOnly(0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMemoryThatWentBadIsResetAndNoOtherIsTouched(Kind kind) {
    Models<Model> models = Runs.of(TestModels.random(1, kind, 20));
    var healthy = new Runs(new OnSwap.Keep(), models);
    var run = new Runs(new OnSwap.Keep(), models);
    Event[] wave = new Event[20];
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < wave.length; i++) {
        wave[i] = event(i == 7 ? "a" : "k" + i, START + round * 1000L + i, i + round);
      }
      boolean broken = round == 2;
      if (broken) {
        int slot = run.memories().find(A);
        int hiddenAt = models.newest().model().cell().hiddenAt();
        run.memories().page(slot).set(run.memories().offset(slot) + hiddenAt + 3, Float.NaN);
      }
      Result[] expected = healthy.flow(wave);
      Result[] results = run.flow(wave);
      for (int i = 0; i < wave.length; i++) {
        if (i == 7) {
          assertThat(results[i].isScored()).as("round %d", round).isEqualTo(!broken);
        } else {
          assertThat(run.text(results[i])).isEqualTo(healthy.text(expected[i]));
        }
      }
    }
    assertThat(run.river().resets()).isEqualTo(1);
    for (int i = 0; i < wave.length; i++) {
      if (i != 7) {
        assertThat(memory(run, "k" + i)).isEqualTo(memory(healthy, "k" + i));
      }
    }
  }

  @Test
  void aKeyThatWasResetIsWrittenAtTheNextCommit() {
    var run = new Runs(new OnSwap.Keep(), Runs.of(overflowing(Kind.BINS)));
    run.one(event("a", START, 1));
    run.memories().forgetChanges();
    run.one(event("a", START + 1, 1));
    assertThat(run.memories().changedCount()).isEqualTo(1);
  }

  @Test
  void absurdValuesAreScoredAndLeaveTheKeyAlone() {
    for (Kind kind : Kind.values()) {
      var run = new Runs(new OnSwap.Keep(), Runs.of(TestModels.random(1, kind, 20)));
      for (int i = 0; i < 200; i++) {
        double absurd = i % 3 == 0 ? 1e30 : i % 3 == 1 ? -1e30 : 1e-300;
        String json = "{\"v\":" + absurd + ",\"u\":" + -absurd + ",\"w\":\"\"}";
        Result result = run.one(TestEvents.decode("a", START + i, json));
        assertThat(result.isScored()).isTrue();
        assertThat(result.score()).isBetween(0.0, 1.0);
      }
      assertThat(run.river().resets()).isZero();
    }
  }

  @Test
  void aMissingValueIsNoSurpriseAndSetsNoRecord() {
    Models<Model> models = Runs.of(TestModels.random(1, Kind.GAUSSIAN, 20));
    var run = new Runs(new OnSwap.Keep(), models);
    for (int i = 0; i < 50; i++) {
      run.one(event("a", START + i, 0));
    }
    int slot = run.memories().find(A);
    int scoreAt = run.memories().statsAt(slot) + 5; // After time, count and one scale.
    double[] before = Arrays.copyOfRange(run.memories().stats(slot), scoreAt, scoreAt + 12);
    Result result = run.one(TestEvents.decode("a", START + 50, "{\"u\":null,\"w\":\"ok\"}"));
    assertThat(result.isScored()).isTrue();
    assertThat(result.score()).isZero();
    assertThat(result.surprise()).isZero();
    assertThat(result.isAlert()).isFalse();
    assertThat(result.value()).isNaN();
    assertThat(result.expected()).isFinite();
    assertThat(Arrays.copyOfRange(run.memories().stats(slot), scoreAt, scoreAt + 12))
        .isEqualTo(before);
  }

  private static float[] memory(Runs run, String key) {
    int slot = run.memories().find(key.getBytes(UTF_8));
    int floats = run.memories().layout(slot).floats();
    return run.memories().page(slot).toArray(run.memories().offset(slot), floats);
  }
}
