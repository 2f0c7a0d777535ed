package dev.sluice.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernel.Floats;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The path of tags against all paths there are. */
final class TagPathTest {

  private static final List<String> NAMES = List.of("I-a", "B-b", "O", "I-b", "B-a", "I-lonely");

  @Test
  void noPathThatGoesTogetherIsLikelier() {
    int tags = NAMES.size();
    var path = new TagPath(NAMES, 5);
    int held = 0;
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      int tokens = 1 + random.nextInt(5);
      Floats logits = Floats.allocate(16L * 6);
      float[][] values = new float[tokens][tags];
      for (int t = 0; t < tokens; t++) {
        for (int k = 0; k < tags; k++) {
          values[t][k] = random.nextInt(9);
          logits.set(16L * t + k, values[t][k]);
        }
      }
      int[] found = new int[7];
      path.decode(logits, 0, 16, found, 1, tokens);
      double best = Double.NEGATIVE_INFINITY;
      boolean isFree = true;
      for (int code = 0; code < Math.pow(tags, tokens); code++) {
        int[] all = digits(code, tokens);
        best = isLegal(all) ? Math.max(best, sum(values, all)) : best;
      }
      int[] said = java.util.Arrays.copyOfRange(found, 1, 1 + tokens);
      for (int t = 0; t < tokens; t++) {
        for (int k = 0; k < tags; k++) {
          isFree &= values[t][said[t]] >= values[t][k];
        }
      }
      held += isFree ? 0 : 1;
      assertThat(isLegal(said)).as("seed %d", seed).isTrue();
      assertThat(sum(values, said)).as("seed %d", seed).isEqualTo(best);
    }
    assertThat(held).as("paths that are not the likeliest tags alone").isGreaterThan(100);
  }

  private static int[] digits(int code, int count) {
    int[] digits = new int[count];
    for (int i = 0; i < count; i++) {
      digits[i] = code % NAMES.size();
      code /= NAMES.size();
    }
    return digits;
  }

  private static boolean isLegal(int[] tags) {
    for (int t = 0; t < tags.length; t++) {
      String name = NAMES.get(tags[t]);
      if (name.equals("I-a") || name.equals("I-b")) {
        String before = t == 0 ? "O" : NAMES.get(tags[t - 1]);
        if (before.equals("O") || !before.substring(2).equals(name.substring(2))) {
          return false;
        }
      }
    }
    return true;
  }

  private static double sum(float[][] values, int[] tags) {
    double sum = 0;
    for (int t = 0; t < tags.length; t++) {
      sum += values[t][tags[t]];
    }
    return sum;
  }
}
