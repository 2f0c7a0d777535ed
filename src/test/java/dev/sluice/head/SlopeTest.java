package dev.sluice.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.text.Vocabulary;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The gradients that adaptation goes against, by finite differences in double precision. */
final class SlopeTest {

  private static final double H = 1e-6;

  private static Linear linear(int outputs) {
    return new Linear(new float[outputs], new float[outputs], 1);
  }

  @Test
  void ofWordsAndBinsItIsThatOfTheCrossEntropy() {
    var words = new WordHead("w", linear(4), new Vocabulary(List.of("<unknown>", "a", "b", "c")));
    var bins = new BinHead("x", linear(12), new Bins(-3, 3, 12));
    var random = new Random(1);
    for (int run = 0; run < 50; run++) {
      int word = random.nextInt(4);
      float[] wanted = new float[4];
      wanted[word] = 1;
      check(words, 4, word, wanted, random);
      double value = 3 * random.nextGaussian();
      float[] spread = new float[12];
      bins.spread(value, spread, 0);
      check(bins, 12, value, spread, random);
    }
  }

  private static void check(Head head, int size, double target, float[] wanted, Random random) {
    double[] logits = random.doubles(size, -3, 3).toArray();
    float[] answer = new float[size];
    double[] softmax = softmax(logits);
    for (int o = 0; o < size; o++) {
      answer[o] = (float) softmax[o];
    }
    float[] slope = new float[size];
    head.slope(answer, target, slope);
    for (int o = 0; o < size; o++) {
      double[] more = logits.clone();
      more[o] += H;
      double[] less = logits.clone();
      less[o] -= H;
      double expected = (entropy(more, wanted) - entropy(less, wanted)) / (2 * H);
      assertThat((double) slope[o]).isCloseTo(expected, within(1e-5));
    }
  }

  private static double[] softmax(double[] logits) {
    double sum = 0;
    double[] all = new double[logits.length];
    for (int o = 0; o < all.length; o++) {
      all[o] = Math.exp(logits[o]);
      sum += all[o];
    }
    for (int o = 0; o < all.length; o++) {
      all[o] /= sum;
    }
    return all;
  }

  private static double entropy(double[] logits, float[] wanted) {
    double[] all = softmax(logits);
    double sum = 0;
    for (int o = 0; o < all.length; o++) {
      sum -= wanted[o] * Math.log(all[o]);
    }
    return sum;
  }

  @Test
  void ofAGaussianItIsThatOfItsSurpriseAndBoundedFarOut() {
    var head = new GaussianHead("x", linear(2));
    var judgement = new Judgement(0.5);
    var random = new Random(2);
    float[] slope = new float[2];
    for (int run = 0; run < 50; run++) {
      float[] answer = {(float) random.nextGaussian(), random.nextFloat() - 0.5f};
      double target = answer[0] + 3 * random.nextDouble() - 1.5;
      head.slope(answer, target, slope);
      for (int o = 0; o < 2; o++) {
        float[] more = answer.clone();
        more[o] += 1e-3f;
        head.judge(more, 0, target, judgement);
        double above = judgement.surprise();
        float[] less = answer.clone();
        less[o] -= 1e-3f;
        head.judge(less, 0, target, judgement);
        double expected = (above - judgement.surprise()) / ((double) more[o] - less[o]);
        assertThat((double) slope[o]).isCloseTo(expected, within(0.05 * (1 + Math.abs(expected))));
      }
    }
    head.slope(new float[] {0, 0}, 1e30, slope);
    assertThat(slope).containsExactly(-4, -15);
  }

  /** A correction would drift for ever where nothing it does changes what is answered. */
  @Test
  void aDeviationBeyondItsLimitIsOnlyPulledBack() {
    var head = new GaussianHead("x", linear(2));
    float[] slope = new float[2];
    float limit = (float) GaussianHead.LOG_DEVIATION_LIMIT;
    head.slope(new float[] {0, limit + 1}, 1e6, slope);
    assertThat(slope[1]).as("too wide, and the value is far out").isZero();
    head.slope(new float[] {0, limit + 1}, 0, slope);
    assertThat(slope[1]).as("too wide for a value in the middle").isEqualTo(1);
    head.slope(new float[] {0, -limit - 1}, 0, slope);
    assertThat(slope[1]).as("too narrow, and the value is in the middle").isZero();
    head.slope(new float[] {0, -limit - 1}, 1, slope);
    assertThat(slope[1]).as("too narrow for a value outside").isEqualTo(-15);
  }
}
