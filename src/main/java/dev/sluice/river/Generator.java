package dev.sluice.river;

import dev.sluice.cell.CellStack;
import dev.sluice.feature.Feature;
import dev.sluice.head.WordHead;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.LinearPanels;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import dev.sluice.model.Model;
import dev.sluice.text.Vocabulary;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Words that a model makes up: each is drawn from what the model expects next, and then is the next
 * event. The same seed gives the same words on every machine.
 *
 * <p>Confined to one thread.
 */
public final class Generator {

  private static final Kernel KERNEL = Kernel.best();

  private final CellStack stack;
  private final Feature.Category words;
  private final float[] table;
  private final LinearPanels head;
  private final Floats input;
  private final Floats logits;
  private final RowSet row = new RowSet(1);
  private final Scratch scratch;
  private final double temperature;
  private final int most;
  private final SplittableRandom random;

  /**
   * How words are drawn.
   *
   * @param temperature above 0: by which logits are divided; less is bolder, more is wilder
   * @param most draw only from so many of the likeliest words, at least 1
   * @param seed of the draws
   */
  public record Taste(double temperature, int most, long seed) {

    /** Checks the ranges. */
    public Taste {
      if (!(temperature > 0 && temperature < Double.MAX_VALUE) || most < 1) {
        throw new IllegalArgumentException(
            "temperature " + temperature + ", top-k " + most + ". Give numbers above 0");
      }
    }
  }

  /**
   * Creates a generator whose memory is empty.
   *
   * @throws IllegalArgumentException if the model's only feature is not the category it predicts
   */
  public Generator(Model model, Taste taste) {
    if (model.features().features().size() == 1
        && model.features().features().getFirst() instanceof Feature.Category category
        && model.heads().size() == 1
        && model.heads().getFirst() instanceof WordHead wordHead
        && wordHead.field().equals(category.name())) {
      this.words = category;
      this.head = wordHead.linear().panels();
    } else {
      throw new IllegalArgumentException(
          "only a model of one category, which it predicts, can go on from its own words");
    }
    this.stack = model.cell();
    this.table = words.table();
    this.input = Floats.allocate(Floats.pad(stack.inputs()));
    this.logits = Floats.allocate(head.paddedOutputs());
    this.scratch = stack.scratch(1);
    this.row.add(Floats.allocate(stack.memoryFloats()), 0, stack.memoryFloats());
    this.temperature = taste.temperature();
    this.most = taste.most();
    this.random = new SplittableRandom(taste.seed());
  }

  /** Returns the words it knows. */
  public Vocabulary vocabulary() {
    return words.vocabulary();
  }

  /** Takes a word as the next event. */
  public void take(int word) {
    input.write(0, table, word * words.dimensions(), words.dimensions());
    stack.step(row, input, (int) input.size(), scratch);
  }

  /** Draws what comes next, which is never the unknown word, and takes it. */
  public int next() {
    KERNEL.linearWithin(head, stack.hiddenAt(), row, logits, scratch);
    int size = vocabulary().size();
    double[] weights = new double[size];
    double highest = Double.NEGATIVE_INFINITY;
    for (int w = Vocabulary.UNKNOWN + 1; w < size; w++) {
      highest = Math.max(highest, logits.get(w));
    }
    double least = leastOf(size);
    double total = 0;
    for (int w = Vocabulary.UNKNOWN + 1; w < size; w++) {
      float logit = logits.get(w);
      weights[w] = logit < least ? 0 : StrictMath.exp((logit - highest) / temperature);
      total += weights[w];
    }
    double left = random.nextDouble() * total;
    int drawn = Vocabulary.UNKNOWN;
    for (int w = Vocabulary.UNKNOWN + 1; w < size && left >= 0; w++) {
      if (weights[w] > 0) {
        drawn = w;
        left -= weights[w];
      }
    }
    take(drawn);
    return drawn;
  }

  /** Returns the smallest logit that is among the likeliest. */
  private double leastOf(int size) {
    if (most >= size - 1) {
      return Double.NEGATIVE_INFINITY;
    }
    float[] known = logits.toArray(Vocabulary.UNKNOWN + 1, size - 1);
    Arrays.sort(known);
    return known[known.length - most];
  }
}
