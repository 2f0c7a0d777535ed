package dev.sluice.head;

import dev.sluice.kernel.Floats;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The likeliest tags of a message's tokens that go together: where tags are of the form B-x, I-x,
 * I-x follows B-x or I-x only. Tags of any other form, or an I-x without a B-x, are free.
 *
 * <p>A Viterbi search in which all that is not inside has the same best predecessor. Confined to
 * one thread; allocates nothing once it exists.
 */
public final class TagPath {

  private static final int FREE = -1;

  private final int[] begins; // Of I-x, the index of B-x.
  private final float[] scores; // (K), of the best path to each tag
  private final float[] next; // (K)
  private final int[] before; // [tokens][K]

  /**
   * Creates a search.
   *
   * @param tokens most of a message
   */
  public TagPath(List<String> names, int tokens) {
    Map<String, Integer> index = new HashMap<>();
    for (int k = 0; k < names.size(); k++) {
      index.put(names.get(k), k);
    }
    this.begins = new int[names.size()];
    for (int k = 0; k < names.size(); k++) {
      String name = names.get(k);
      begins[k] = name.startsWith("I-") ? index.getOrDefault("B-" + name.substring(2), FREE) : FREE;
    }
    this.scores = new float[names.size()];
    this.next = new float[names.size()];
    this.before = new int[Math.multiplyExact(tokens, names.size())];
  }

  /**
   * Finds the path.
   *
   * @param logits of the tags, one row of K for each token
   * @param at of the first row
   * @param stride floats from one row to the next
   * @param into overwritten from {@code first} on, one tag for each of {@code count} tokens
   */
  public void decode(Floats logits, long at, int stride, int[] into, int first, int count) {
    int tags = begins.length;
    for (int t = 0; t < count; t++) {
      long row = at + (long) t * stride;
      int best = t == 0 ? 0 : largest();
      for (int k = 0; k < tags; k++) {
        float logit = logits.get(row + k);
        if (t == 0) {
          next[k] = begins[k] == FREE ? logit : Float.NEGATIVE_INFINITY;
        } else {
          int from = begins[k] == FREE ? best : better(k, begins[k]);
          before[t * tags + k] = from;
          next[k] = scores[from] + logit;
        }
      }
      System.arraycopy(next, 0, scores, 0, tags);
    }
    if (count > 0) {
      into[first + count - 1] = largest();
      for (int t = count - 1; t > 0; t--) {
        into[first + t - 1] = before[t * tags + into[first + t]];
      }
    }
  }

  private int better(int one, int other) {
    return scores[other] >= scores[one] ? other : one;
  }

  private int largest() {
    int largest = 0;
    for (int k = 1; k < scores.length; k++) {
      if (scores[k] > scores[largest]) {
        largest = k;
      }
    }
    return largest;
  }
}
