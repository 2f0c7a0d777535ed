package dev.sluice.train;

import dev.sluice.event.Rejection;
import java.util.ArrayList;
import java.util.List;

/** Counts the events that were refused, and remembers the first. */
final class Rejected {

  private final List<String> complaints = new ArrayList<>();
  private long count;

  /** Notes that the event at {@code where} was refused. */
  void add(String where, Rejection why) {
    if (count++ < Recorded.MAX_COMPLAINTS) {
      complaints.add(where + ": " + why.reason() + ": " + why.getMessage());
    }
  }

  /** Returns the history that is left, with what was refused. */
  Recorded leave(History history, String source) {
    return new Recorded(history, source, count, complaints);
  }
}
