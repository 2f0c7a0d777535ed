package dev.sluice.river;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.feature.Encoder;
import dev.sluice.state.Encoding;
import dev.sluice.state.Memories;
import java.util.Arrays;

/**
 * Replays the last events of keys with a model that is new to them, from memories of zeros. Nothing
 * is judged: the memories are stepped, and no record is set.
 *
 * <p>Where a row holds all events that its key ever had, the scales of its numbers are learned anew
 * along with them, so that the memory is what it would be if this model had been in force from the
 * beginning. Else the scales are as they are now: they know thousands of events, the row the last
 * few. Then the first of these has no event before it, and no time since.
 */
final class Rewarming {

  private final Window window;
  private final Memories memories;
  private final Encoding encoding;
  private final Event event;

  // The keys of a round that are to be rewarmed, and their clocks.
  private final int[] slots;
  private final boolean[] learns;
  private final double[] clocks;
  private int count;

  /**
   * Creates a rewarming.
   *
   * @param wave most keys at once
   */
  Rewarming(Window window, EventSchema schema, Memories memories, int wave) {
    this.window = window;
    this.memories = memories;
    this.encoding = memories.encoding();
    this.event = schema.newEvent();
    this.slots = new int[wave];
    this.learns = new boolean[wave];
    this.clocks = new double[wave * Encoder.CLOCK_SIZE];
  }

  /** Lists a key whose memory is zeros. */
  void add(int slot) {
    slots[count++] = slot;
  }

  /** Replays the events of the keys listed, side by side, and lists none. */
  void replay(ModelInUse inUse) {
    int windowAt = inUse.layout.doublesAt(Window.KIND);
    int most = 0;
    for (int i = 0; i < count; i++) {
      double[] stats = memories.stats(slots[i]);
      int at = memories.statsAt(slots[i]);
      most = Math.max(most, window.held(stats, at + windowAt));
      begin(i, inUse.encoder, stats, at, windowAt);
    }
    for (int index = 0; index < most; index++) {
      step(index, inUse, windowAt);
    }
    for (int i = 0; i < count; i++) {
      if (!learns[i]) {
        int to = memories.statsAt(slots[i]);
        System.arraycopy(
            clocks, i * Encoder.CLOCK_SIZE, memories.stats(slots[i]), to, Encoder.CLOCK_SIZE);
      }
    }
    count = 0;
  }

  private void begin(int i, Encoder encoder, double[] stats, int at, int windowAt) {
    long seen = Encoder.eventsSeen(stats, at);
    // A row whose statistics did not fit this model has none now.
    learns[i] = seen == 0 || window.holdsAll(seen, stats, at + windowAt);
    System.arraycopy(stats, at, clocks, i * Encoder.CLOCK_SIZE, Encoder.CLOCK_SIZE);
    Arrays.fill(stats, at, at + (learns[i] ? encoder.statsSize() : Encoder.CLOCK_SIZE), 0);
  }

  private void step(int index, ModelInUse inUse, int windowAt) {
    inUse.rows.clear();
    int floats = inUse.model.cell().memoryFloats();
    for (int i = 0; i < count; i++) {
      double[] stats = memories.stats(slots[i]);
      int at = memories.statsAt(slots[i]);
      if (index < window.held(stats, at + windowAt)) {
        window.read(index, stats, at + windowAt, inUse.words, event);
        inUse.encoder.encode(event, stats, at, inUse.inputRow);
        long to = (long) inUse.rows.count() * inUse.inputStride;
        inUse.inputs.write(to, inUse.inputRow, 0, inUse.inputRow.length);
        inUse.rows.add(memories.page(slots[i]), memories.offset(slots[i]), floats);
        if (learns[i]) {
          inUse.encoder.learn(event, stats, at);
        } else {
          Encoder.tick(event, stats, at);
        }
      }
    }
    inUse.step(encoding);
  }
}
