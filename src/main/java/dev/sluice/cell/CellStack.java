package dev.sluice.cell;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.LinearPanels;
import dev.sluice.kernel.Recurrence;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import dev.sluice.kernel.Steadiness;
import java.time.Duration;
import java.util.List;

/**
 * Recurrent layers, each fed by the h of the one below; their cells may be of different kinds.
 *
 * <p>A key's memory is one row of {@link #memoryFloats()} floats, {@code [h0 | c0 | h1 | c1 | …]},
 * without c where a cell has none, each part padded to a multiple of 16 with floats that are and
 * stay 0. A new key's row is all 0.
 *
 * <p>Immutable; one instance serves all keys and threads. What changes is in the rows and in the
 * caller's scratch.
 */
public final class CellStack {

  /** Most layers of a stack. */
  public static final int MAX_LAYERS = 16;

  private static final Kernel KERNEL = Kernel.best();
  private static final int[] WARM_UP_ROWS = {1, 2, 3, 4, 5, 7, 12, 36, 64};
  private static final int MARK = 0x4000_0000; // No layer has as many inputs.
  private static final int WARM_UP_STEPS = 200;

  private final List<CellLayer> layers;
  private final int[] hiddenAt; // Where the h of each layer begins in a row.
  private final int memoryFloats;

  /**
   * Stacks {@code layers}, the first at the bottom.
   *
   * @throws IllegalArgumentException if there are none or too many, or if one does not take as many
   *     inputs as the one below has units
   */
  public CellStack(List<CellLayer> layers) {
    if (layers.isEmpty() || layers.size() > MAX_LAYERS) {
      throw new IllegalArgumentException(
          "A stack of " + layers.size() + " layers is not possible. Give 1 to " + MAX_LAYERS);
    }
    this.layers = List.copyOf(layers);
    this.hiddenAt = new int[layers.size()];
    int at = 0;
    for (int l = 0; l < layers.size(); l++) {
      if (l > 0 && layers.get(l).inputs() != layers.get(l - 1).hidden()) {
        throw misfit(l);
      }
      hiddenAt[l] = at;
      at += layers.get(l).memoryFloats();
    }
    this.memoryFloats = at;
  }

  /** Returns the number of inputs of the bottom layer. */
  public int inputs() {
    return layers.getFirst().inputs();
  }

  /** Returns the number of hidden units of the top layer. */
  public int hidden() {
    return layers.getLast().hidden();
  }

  /** Returns the layers, the first at the bottom. */
  public List<CellLayer> layers() {
    return layers;
  }

  /** Returns the floats in a row of memory, a multiple of 16. */
  public int memoryFloats() {
    return memoryFloats;
  }

  /** Returns where in a row the h of the top layer begins, a multiple of 16. */
  public int hiddenAt() {
    return hiddenAt(layers.size() - 1);
  }

  /** Returns where in a row the h of {@code layer} begins; its c, if any, follows after padding. */
  public int hiddenAt(int layer) {
    return hiddenAt[layer];
  }

  /**
   * Returns a number that differs between stacks whose rows of memory mean different things: equal
   * for equal sizes, whatever the weights, today and in every later release.
   */
  public int shapeHash() {
    int hash = 0x811c9dc5; // FNV-1a over the sizes, 32 bits each.
    for (CellLayer layer : layers) {
      hash = (hash ^ layer.inputs()) * 0x01000193;
      hash = (hash ^ layer.units()) * 0x01000193;
      if (layer.cell() != Cell.LSTM) { // Rows were stored before there were others.
        hash = (hash ^ MARK ^ layer.cell().code()) * 0x01000193;
        hash = (hash ^ layer.hidden()) * 0x01000193;
      }
    }
    return hash;
  }

  /** Returns scratch for waves of up to {@code rows} rows, also large enough for a head on top. */
  public Scratch scratch(int rows) {
    int mostInputs = 0;
    int mostHidden = 0;
    int mostWide = 0;
    for (CellLayer layer : layers) {
      mostInputs = Math.max(mostInputs, layer.inputs());
      mostHidden = Math.max(mostHidden, layer.units());
      boolean plain = layer.cell().recurrence() == Recurrence.LSTM;
      mostWide = Math.max(mostWide, plain ? 0 : layer.units());
    }
    return new Scratch(rows, mostInputs, mostHidden, mostWide);
  }

  /**
   * Advances the memory of every row by one event. Allocates nothing.
   *
   * @param rows rows of {@link #memoryFloats()} floats, all different; overwritten
   * @param inputs shape [rows, stride], of which the first I of each row count; must be finite
   * @param stride floats from one row of inputs to the next, a multiple of 16, at least I
   */
  public void step(RowSet rows, Floats inputs, int stride, Scratch scratch) {
    KERNEL.step(layers.getFirst().panels(), inputs, stride, rows, 0, scratch);
    for (int l = 1; l < layers.size(); l++) {
      KERNEL.stepWithin(layers.get(l).panels(), hiddenAt[l - 1], rows, hiddenAt[l], scratch);
    }
  }

  /**
   * Steps imaginary rows, and a head on top of them, until the compiler is done, so that the first
   * real event is fast: the very first step of a process took 124 ms. Ends when a few rounds in a
   * row have left no garbage and taken the same time. Call it off the serving thread. Stacks of one
   * process share the compiled code.
   *
   * @param most it ends after this, whatever the compiler does
   */
  public void warmUp(Duration most) {
    int capacity = WARM_UP_ROWS[WARM_UP_ROWS.length - 1];
    Floats memory = Floats.allocate((long) capacity * memoryFloats);
    Floats inputs = Floats.allocate((long) capacity * Floats.pad(inputs()));
    Scratch scratch = scratch(capacity);
    var head = LinearPanels.pack(new float[hidden()], new float[1], 1, hidden());
    Floats logits = Floats.allocate((long) capacity * head.paddedOutputs());
    var rows = new RowSet(capacity);
    var steadiness = new Steadiness();
    long end = System.nanoTime() + most.toNanos();
    boolean steady = false;
    while (!steady && System.nanoTime() < end) {
      steadiness.begin();
      for (int count : WARM_UP_ROWS) {
        list(rows, memory, count);
        for (int i = 0; i < WARM_UP_STEPS / count + 1 && System.nanoTime() < end; i++) {
          step(rows, inputs, Floats.pad(inputs()), scratch);
          KERNEL.linearWithin(head, hiddenAt(), rows, logits, scratch);
          KERNEL.softmax(logits, 0, head.paddedOutputs(), scratch);
        }
      }
      steady = steadiness.end();
    }
  }

  private void list(RowSet rows, Floats memory, int count) {
    rows.clear();
    for (int r = 0; r < count; r++) {
      rows.add(memory, (long) r * memoryFloats, memoryFloats);
    }
  }

  private IllegalArgumentException misfit(int layer) {
    return new IllegalArgumentException(
        "Layer "
            + layer
            + " takes "
            + layers.get(layer).inputs()
            + " inputs, the layer below has "
            + layers.get(layer - 1).hidden()
            + " units. Give layers that fit each other");
  }
}
