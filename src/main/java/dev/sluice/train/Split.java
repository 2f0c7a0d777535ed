package dev.sluice.train;

import dev.sluice.config.Training.SplitBy;
import java.time.Instant;

/**
 * A history cut in two: the earlier part of each key is learned from, the rest shows what was
 * learned. The memory built up in training carries over.
 *
 * <p>Usually the cut is one point of event time, as a stream would be cut by the moment at which it
 * is learned from: each key's events from its first one at or after that on validate, late ones
 * among them too. Of keys that lived at different times that would leave out some altogether; they
 * are cut each at a time of its own.
 */
public final class Split {

  private final long cutoffMillis;
  private final int[] boundaries; // By key: the index of its first event that validates.
  private final int trainEvents;
  private final int heldOut;

  private Split(long cutoffMillis, int[] boundaries, int trainEvents, int heldOut) {
    this.cutoffMillis = cutoffMillis;
    this.boundaries = boundaries;
    this.trainEvents = trainEvents;
    this.heldOut = heldOut;
  }

  /**
   * Cuts a history where a given share of its events is left to validate.
   *
   * @param validation that share, in (0, 1)
   * @param by whether at one time for all keys
   * @param window events of a training window: two of them at least are needed to learn from
   * @throws TrainingException if there are too few events
   */
  public static Split of(History history, double validation, SplitBy by, int window) {
    int events = history.events();
    int neededToTrain = 2 * window;
    long needed = (long) Math.ceil(neededToTrain / (1 - validation));
    if (events < needed || events < 2) {
      throw new TrainingException(
          "The history holds "
              + events
              + " events of "
              + history.keys()
              + " keys; "
              + Math.max(needed, 2)
              + " are needed at least: two windows of "
              + window
              + " to learn from, and the latest "
              + validation
              + " of all to validate with. Record more, or make training.window smaller");
    }
    return switch (by) {
      case TIME -> byTime(history, validation, neededToTrain);
      case KEY -> byKey(history, validation);
    };
  }

  private static Split byTime(History history, double validation, int neededToTrain) {
    int events = history.events();
    long cutoff = history.sortedTimes()[(int) (events * (1 - validation))];
    Split split = at(history, cutoff);
    if (split.trainEvents < neededToTrain) {
      throw new TrainingException(
          "Only "
              + split.trainEvents
              + " of "
              + events
              + " events are from before "
              + Instant.ofEpochMilli(cutoff)
              + ", where the validation part begins; "
              + neededToTrain
              + " are needed at least. Is input.time the right field, and its unit the right one?");
    }
    return split;
  }

  private static Split byKey(History history, double validation) {
    int[] boundaries = new int[history.keys()];
    int train = 0;
    long first = Long.MAX_VALUE;
    for (int k = 0; k < boundaries.length; k++) {
      int events = history.end(k) - history.start(k);
      int learned = (int) Math.ceil(events * (1 - validation));
      boundaries[k] = history.start(k) + learned;
      train += learned;
      if (learned < events) {
        first = Math.min(first, history.timeMillis(boundaries[k]));
      }
    }
    return new Split(first, boundaries, train, history.events() - train);
  }

  /** Cuts at a given time, however little is left on either side. */
  static Split at(History history, long cutoffMillis) {
    int[] boundaries = new int[history.keys()];
    int train = 0;
    for (int k = 0; k < boundaries.length; k++) {
      int i = history.start(k);
      while (i < history.end(k) && history.timeMillis(i) < cutoffMillis) {
        i++;
      }
      boundaries[k] = i;
      train += i - history.start(k);
    }
    return new Split(cutoffMillis, boundaries, train, history.events() - train);
  }

  /**
   * Returns the event time at which validation begins, that of the first key to do so, in
   * milliseconds since 1970.
   */
  public long cutoffMillis() {
    return cutoffMillis;
  }

  /** Returns the index of the first event of key {@code k} that validates. */
  public int boundary(int k) {
    return boundaries[k];
  }

  /** Returns how many events are learned from. */
  public int trainEvents() {
    return trainEvents;
  }

  /** Returns how many events validate. */
  int heldOut() {
    return heldOut;
  }
}
