package dev.sluice.river;

import dev.sluice.event.Hash;
import dev.sluice.head.BinHead;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Head;
import dev.sluice.head.WordHead;
import dev.sluice.kernel.Floats;
import dev.sluice.state.Strip;
import java.util.List;

/**
 * Test, then train: after each event a key's own corrections of the heads take one step against the
 * gradient of its surprise.
 *
 * <p>A strip of the key's row holds, for each head, what is added to its bias and, where the whole
 * head adapts, to its weights: [1 + H][outputs, padded] floats, the bias first, all zero for a new
 * key. They are corrections of whatever version judges, so that they outlive a swap to one with the
 * same heads. Plain gradient descent has no moments to store.
 *
 * <p>The arithmetic is that of plain loops over floats, so that a replay gives the same bits.
 * Confined to one thread; allocates nothing.
 */
final class Adaptation {

  /** The kind of its strip. */
  static final int KIND = 3;

  private final Settings.Adapt adapt;
  private final List<Head> heads;
  private final int hidden;
  private final int[] at; // By head: where its corrections begin in the strip.
  private final int[] strides; // By head: floats of one row of corrections.
  private final Strip strip;
  private final float[] line; // Outputs of a head, or its slope.
  private final float[] row; // Of corrections.
  private final float[] unit; // (H)

  /** Creates the adaptation of heads that read {@code hidden} units. */
  Adaptation(Settings.Adapt adapt, List<Head> heads, int hidden) {
    this.adapt = adapt;
    this.heads = List.copyOf(heads);
    this.hidden = adapt.wholeHead() ? hidden : 0;
    this.at = new int[heads.size()];
    this.strides = new int[heads.size()];
    int size = 0;
    int widest = 0;
    var shape = new StringBuilder().append(this.hidden);
    for (int h = 0; h < at.length; h++) {
      at[h] = size;
      strides[h] = Floats.pad(heads.get(h).linear().outputs());
      size += strides[h] * (1 + this.hidden);
      widest = Math.max(widest, strides[h]);
      shape.append('\0').append(meaning(heads.get(h)));
    }
    this.strip = new Strip(KIND, Hash.of(shape.toString()), size, 0);
    this.line = new float[widest];
    this.row = new float[widest];
    this.unit = new float[hidden];
  }

  /**
   * Returns what a head's outputs stand for: corrections of one that differs mean nothing to it.
   */
  private static String meaning(Head head) {
    String of = head.field() + '\0' + head.view() + '\0';
    return switch (head) {
      case BinHead bins ->
          of + bins.bins().low() + '\0' + bins.bins().high() + '\0' + bins.bins().count();
      case GaussianHead _ -> of + "gaussian";
      case WordHead words -> of + String.join("\0", words.vocabulary().words());
    };
  }

  /** Returns what it needs of a row. */
  Strip strip() {
    return strip;
  }

  /**
   * Adds a key's corrections to the outputs of head {@code h}.
   *
   * @param page where the key's row is
   * @param memoryAt of the hidden units that the head reads
   * @param stripAt of the strip
   * @param outputs of the head, from {@code outputsAt} on
   */
  void correct(int h, Floats page, long memoryAt, long stripAt, Floats outputs, long outputsAt) {
    int stride = strides[h];
    long from = stripAt + at[h];
    outputs.read(outputsAt, line, 0, stride);
    page.read(from, row, 0, stride);
    for (int o = 0; o < stride; o++) {
      line[o] += row[o];
    }
    if (hidden > 0) {
      page.read(memoryAt, unit, 0, hidden);
      for (int k = 0; k < hidden; k++) {
        page.read(from + (1L + k) * stride, row, 0, stride);
        float by = unit[k];
        for (int o = 0; o < stride; o++) {
          line[o] += by * row[o];
        }
      }
    }
    outputs.write(outputsAt, line, 0, stride);
  }

  /**
   * Takes one step for head {@code h}.
   *
   * @param answer of the head, from 0 on
   * @param target what came
   */
  void learn(int h, float[] answer, double target, Floats page, long memoryAt, long stripAt) {
    int stride = strides[h];
    long from = stripAt + at[h];
    Head head = heads.get(h);
    head.slope(answer, target, line);
    float rate = (float) adapt.rate();
    page.read(from, row, 0, stride);
    int size = head.linear().outputs();
    for (int o = 0; o < size; o++) {
      line[o] *= rate;
      row[o] -= line[o];
    }
    page.write(from, row, 0, stride);
    if (hidden > 0) {
      page.read(memoryAt, unit, 0, hidden);
      for (int k = 0; k < hidden; k++) {
        long to = from + (1L + k) * stride;
        page.read(to, row, 0, stride);
        float by = unit[k];
        for (int o = 0; o < size; o++) {
          row[o] -= by * line[o];
        }
        page.write(to, row, 0, stride);
      }
    }
  }
}
