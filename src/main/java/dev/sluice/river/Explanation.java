package dev.sluice.river;

import dev.sluice.cell.GateActivity;
import dev.sluice.score.Severity;

/**
 * What an alert says beside its score: how bad, since when, and what the network did with the
 * event. Mutable and used again, as the {@link Result} that it belongs to; means nothing where that
 * is no alert.
 */
public final class Explanation {

  private Severity severity = Severity.MINOR;
  private long beganMillis;
  private long beganEventsAgo;
  private final Gates gates = new Gates();
  private final Gates expectedGates = new Gates();

  Explanation() {}

  /** Means over all units of how far the gates opened, each in (0, 1). */
  public static final class Gates {
    private double input;
    private double forget;
    private double output;

    private Gates() {}

    /** Returns how much of the event was taken in. */
    public double input() {
      return input;
    }

    /** Returns how much of the memory was held; little is forgetting. */
    public double forget() {
      return forget;
    }

    /** Returns how much of the memory was shown. */
    public double output() {
      return output;
    }

    void take(GateActivity activity) {
      input = activity.input();
      forget = activity.forget();
      output = activity.output();
    }
  }

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
}
