package dev.sluice.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Deals the training part to the lanes of a batch, window by window.
 *
 * <p>For each epoch the keys are shuffled and laid one behind the other, and the tape of events
 * that results is cut into as many equal parts as there are lanes. A lane goes through its part,
 * carrying memory from window to window and beginning anew at each key. Where a cut falls into a
 * key, the lane behind it first steps, from an empty memory, through the window of events before
 * the cut, whose loss does not count. So every event counts once an epoch, lanes end together, and
 * it does not matter whether there is one long key or a million short ones.
 */
final class Lanes {

  /** There are fewer lanes than a batch could hold where an epoch would have fewer windows. */
  static final int LEAST_WINDOWS = 200;

  /** No event, nothing to predict. */
  static final int NONE = -1;

  /** Events of one key: those from {@code counted} on count. */
  private record Piece(int from, int counted, int to) {}

  private final History history;
  private final Split split;
  private final int window;
  private final int lanes;
  private final int[] keys; // Those with anything to learn from.
  private final List<List<Piece>> pieces = new ArrayList<>();
  private final int[] piece; // By lane: which of its pieces is under way.
  private final int[] next; // By lane: its next event.
  private final int[] events; // [window][lanes]
  private final int[] predicted; // [window][lanes]
  private final boolean[] begins; // [window][lanes]
  private final int[] firsts; // Events that have no event of their key before them.
  private int firstCount;
  private int windows;

  Lanes(History history, Split split, int batch, int window) {
    this.history = history;
    this.split = split;
    this.window = window;
    this.lanes = Math.clamp(split.trainEvents() / ((long) window * LEAST_WINDOWS), 1, batch);
    int[] all = new int[history.keys()];
    int count = 0;
    for (int k = 0; k < all.length; k++) {
      if (split.boundary(k) > history.start(k)) {
        all[count++] = k;
      }
    }
    this.keys = Arrays.copyOf(all, count);
    this.piece = new int[lanes];
    this.next = new int[lanes];
    this.events = new int[window * lanes];
    this.predicted = new int[window * lanes];
    this.begins = new boolean[window * lanes];
    this.firsts = new int[window * lanes];
  }

  /** Returns B, the number of lanes. */
  int count() {
    return lanes;
  }

  /** Deals the keys anew. */
  void deal(Random random) {
    for (int i = keys.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int key = keys[i];
      keys[i] = keys[other];
      keys[other] = key;
    }
    pieces.clear();
    long at = 0; // Place on the tape.
    for (int k : keys) {
      int event = history.start(k);
      while (event < split.boundary(k)) {
        if (at >= cut(pieces.size())) {
          pieces.add(new ArrayList<>());
        }
        int to = (int) Math.min(split.boundary(k), event + cut(pieces.size()) - at);
        int from = Math.max(history.start(k), event - window);
        pieces.getLast().add(new Piece(from, event, to));
        at += to - event;
        event = to;
      }
    }
    Arrays.fill(piece, -1);
    windows = 0;
    for (int lane = 0; lane < lanes; lane++) {
      int length = pieces.get(lane).stream().mapToInt(p -> p.to - p.from).sum();
      windows = Math.max(windows, (length + window - 1) / window);
      turn(lane);
    }
  }

  /** Returns where on the tape part {@code lane} begins. */
  private long cut(int lane) {
    return (long) split.trainEvents() * lane / lanes;
  }

  /** Goes on to the next piece of a lane. */
  private void turn(int lane) {
    piece[lane]++;
    if (piece[lane] < pieces.get(lane).size()) {
      next[lane] = pieces.get(lane).get(piece[lane]).from;
    }
  }

  /** Returns the number of windows of this epoch. */
  int windows() {
    return windows;
  }

  /** Fills the next window. */
  void advance() {
    firstCount = 0;
    for (int lane = 0; lane < lanes; lane++) {
      for (int step = 0; step < window; step++) {
        advance(lane, step * lanes + lane);
      }
    }
  }

  private void advance(int lane, int at) {
    events[at] = NONE;
    predicted[at] = NONE;
    begins[at] = false;
    if (piece[lane] == pieces.get(lane).size()) {
      return;
    }
    Piece current = pieces.get(lane).get(piece[lane]);
    int event = next[lane]++;
    events[at] = event;
    begins[at] = event == current.from;
    if (begins[at] && current.counted == event) {
      firsts[firstCount++] = event;
    }
    if (event + 1 == current.to) {
      turn(lane);
    } else if (event + 1 >= current.counted) {
      predicted[at] = event + 1;
    }
  }

  /** Returns the event that {@code lane} steps at {@code step} of the window, or {@link #NONE}. */
  int event(int step, int lane) {
    return events[step * lanes + lane];
  }

  /** Returns whether {@code lane} begins with an empty memory at {@code step}. */
  boolean begins(int step, int lane) {
    return begins[step * lanes + lane];
  }

  /** Returns the event to be predicted from the memory after {@code step}, or {@link #NONE}. */
  int predicted(int step, int lane) {
    return predicted[step * lanes + lane];
  }

  /** Returns how many events of the window are to be predicted from an empty memory. */
  int firstCount() {
    return firstCount;
  }

  /** Returns one of the events to be predicted from an empty memory. */
  int first(int i) {
    return firsts[i];
  }
}
