package dev.sluice.river;

import dev.sluice.cell.GateActivity.Gates;
import dev.sluice.score.Severity;

/**
 * What an alert says beside its score: how bad, since when, and what the network did with the
 * event. Mutable and used again, as the {@link Result} that it belongs to; means nothing where that
 * is no alert.
 */
public final class Explanation {

  private static final Gates NONE = new Gates(0, 0, 0);

  private Severity severity = Severity.MINOR;
  private long beganMillis;
  private long beganEventsAgo;
  private Gates gates = NONE;
  private Gates expectedGates = NONE;

  Explanation() {}

  /** Returns how bad it is. */
  public Severity severity() {
    return severity;
  }

  /** Returns the time of the event that it began with, epoch milliseconds. */
  public long beganMillis() {
    return beganMillis;
  }

  /** Returns how many events ago it began, 0 for with this one. */
  public long beganEventsAgo() {
    return beganEventsAgo;
  }

  /** Returns what the gates do with the event. */
  public Gates gates() {
    return gates;
  }

  /** Returns what they would have done with the one that was expected: what is normal for them. */
  public Gates expectedGates() {
    return expectedGates;
  }

  void severity(Severity of) {
    severity = of;
  }

  void began(long timeMillis, long eventsAgo) {
    beganMillis = timeMillis;
    beganEventsAgo = eventsAgo;
  }

  void gates(Gates ofEvent, Gates ofExpected) {
    gates = ofEvent;
    expectedGates = ofExpected;
  }
}
