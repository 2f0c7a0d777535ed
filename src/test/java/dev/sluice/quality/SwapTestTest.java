package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.config.Guard;
import dev.sluice.event.Hash;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Simulated swaps of known worth: what trips the test, and how seldom nothing does. */
final class SwapTestTest {

  private static final Guard BOUND = new Guard(0.2, 800, Duration.ofHours(1));
  private static final int OLD = 4;
  private static final int NEW = 5;

  private final Random random = new Random(1);

  /** Heavy-tailed, as surprise is: mean 1 plus what is added, now and then 30 nats more. */
  private double nats(double more) {
    double absurd = random.nextInt(500) == 0 ? 30 : 0;
    return more - Math.log(1 - random.nextDouble()) + absurd;
  }

  /**
   * Runs a swap and asks after every round of all keys, as the guard does.
   *
   * @param more what a key (first) has in addition at a time (second) after the swap
   */
  private boolean isCalledWorse(int keys, int rounds, ToDoubleBiFunction<Integer, Integer> more) {
    return isCalledWorse(BOUND, keys, rounds, more);
  }

  private boolean isCalledWorse(
      Guard bound, int keys, int rounds, ToDoubleBiFunction<Integer, Integer> more) {
    var test = new SwapTest(bound);
    for (int i = 0; i < rounds; i++) {
      for (int key = 0; key < keys; key++) {
        test.accept(result(key, i, OLD, nats(0)));
      }
    }
    test.watch(NEW, OLD);
    for (int i = 0; i < rounds; i++) {
      for (int key = 0; key < keys; key++) {
        test.accept(result(key, rounds + i, NEW, nats(more.applyAsDouble(key, i))));
      }
      Optional<SwapTest.Comparison> look = test.look();
      if (look.isPresent() && look.get().isWorse()) {
        return true;
      }
    }
    return test.lastLook().isWorse();
  }

  private static Scored result(long key, long second, int version, double surprise) {
    return new Scored(key, 1000 * second, version, surprise, false, false);
  }

  /** At the bound itself every other pair is beyond it: one in a thousand at most is promised. */
  @ParameterizedTest
  @CsvSource({"0, 0", "0.2, 2"})
  void aVersionThatIsNoWorseThanAllowedIsHardlyEverCalledWorse(double more, int most) {
    int called = 0;
    for (int run = 0; run < 500; run++) {
      called += isCalledWorse(40, 100, (_, _) -> more) ? 1 : 0;
    }
    assertThat(called).isLessThanOrEqualTo(most);
  }

  @ParameterizedTest
  @CsvSource({"200, 60, 0.6", "10, 136, 1.0", "1000, 32, 0.5"})
  void aVersionThatIsWorseIsCalledWorse(int keys, int rounds, double more) {
    for (int run = 0; run < 20; run++) {
      assertThat(isCalledWorse(keys, rounds, (_, _) -> more)).isTrue();
    }
  }

  @Test
  void whatPassesIsNotTheVersionsDoing() {
    // Everything is odd right after the swap, for less than half of the time of the first look.
    var patient = new Guard(0.2, 6_400, Duration.ofHours(1));
    for (int run = 0; run < 20; run++) {
      assertThat(isCalledWorse(patient, 100, 136, (_, i) -> i < 36 ? 3 : 0)).isFalse();
    }
  }

  @Test
  void aFewKeysThatAreMuchWorseAreNotTheVersion() {
    assertThat(isCalledWorse(100, 100, (key, _) -> key < 20 ? 5 : 0)).isFalse();
  }

  @Test
  void tooFewResultsTellNothing() {
    // 90 blocks of 8 are 720 results.
    assertThat(isCalledWorse(90, 16, (_, _) -> 9)).isFalse();
    assertThat(isCalledWorse(100, 16, (_, _) -> 9)).isTrue();
  }

  /** The same noise in both, so that so little more is seen in so few results. */
  @Test
  void aShadowIsComparedEventByEvent() {
    for (double more : new double[] {0.1, 0.3}) {
      var test = new SwapTest(BOUND);
      test.watch(NEW, OLD);
      for (int i = 0; i < 24; i++) {
        for (int key = 0; key < 50; key++) {
          double nats = nats(0);
          // A memory that begins with zeros does not count at first.
          var shadow = new Scored.Shadow(NEW, i < 8 ? 90 : nats + more, false);
          test.accept(new Scored(key, i, OLD, nats, false, false, Optional.of(shadow)));
        }
      }
      SwapTest.Comparison look = test.look().orElseThrow();
      assertThat(look.isWorse()).isEqualTo(more > 0.2);
      assertThat(look.now() - look.before()).isCloseTo(more, within(1e-9));
      assertThat(look.results()).isEqualTo(800);
    }
  }

  @Test
  void theFiguresAreThoseOfTheLastResultsBeforeAndTheFirstAfter() {
    var test = new SwapTest(BOUND);
    for (int i = 0; i < 1000; i++) {
      test.accept(result(7, i, OLD, i < 1000 - 128 ? 50 : 2));
    }
    test.watch(NEW, OLD);
    for (int i = 0; i < 1000; i++) {
      // Settling, sixteen observations, and what came later.
      test.accept(result(7, 1000 + i, NEW, i < 8 ? 40 : i < 136 ? 3 : 60));
    }
    SwapTest.Comparison last = test.lastLook();
    assertThat(last.before()).isCloseTo(2, within(1e-6));
    assertThat(last.now()).isCloseTo(3, within(1e-6));
    assertThat(last.pairs()).isEqualTo(16);
    assertThat(last.results()).isEqualTo(128);
    assertThat(last.keys()).isEqualTo(1);
    assertThat(last.exceeding()).isEqualTo(16);
    assertThat(last.isWorse()).as("128 results are too few").isFalse();
  }

  @Test
  void whatIsWarmingUpOrWasJudgedByOthersDoesNotCount() {
    var test = new SwapTest(BOUND);
    for (int i = 0; i < 100; i++) {
      test.accept(result(1, i, OLD, 1));
      test.accept(result(2, i, OLD - 1, 1));
    }
    test.watch(NEW, OLD);
    for (int i = 0; i < 100; i++) {
      test.accept(new Scored(1, i, NEW, 9, false, true));
      test.accept(new Scored(1, i, NEW, Double.NaN, false, false));
      test.accept(result(2, i, NEW, 9));
      test.accept(result(3, i, NEW, 9));
    }
    assertThat(test.lastLook().pairs()).isZero();
  }

  @Test
  void ofVeryManyKeysAShareIsFollowed() {
    var test = new SwapTest(BOUND);
    int keys = 3 * SwapTest.MOST_KEYS;
    for (int i = 0; i < 8; i++) {
      for (int key = 0; key < keys; key++) {
        test.accept(result(Hash.of(new byte[] {(byte) key, (byte) (key >> 8)}), i, OLD, 1));
      }
    }
    test.watch(NEW, OLD);
    for (int i = 0; i < 16; i++) {
      for (int key = 0; key < keys; key++) {
        test.accept(result(Hash.of(new byte[] {(byte) key, (byte) (key >> 8)}), i, NEW, 2));
      }
    }
    assertThat(test.lastLook().keys()).isBetween(SwapTest.MOST_KEYS / 2, SwapTest.MOST_KEYS);
  }
}
