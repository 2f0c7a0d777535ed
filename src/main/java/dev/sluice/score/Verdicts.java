package dev.sluice.score;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What people said of alerts: that what a key did was fine, and may be done again.
 *
 * <p>A verdict counts for events of its key from one event time to another, so that all instances
 * and every replay agree at which event it begins. While it counts, an event is fine that surprises
 * no more than the alert did, give or take {@value #MARGIN_NATS} nats and a tenth: what is stranger
 * is still an alert. Of several verdicts that have begun, the one that was given last counts.
 *
 * <p>Immutable.
 */
public final class Verdicts {

  /** Nobody has said anything. */
  public static final Verdicts NONE = new Verdicts(Map.of());

  private static final double MARGIN_NATS = 0.5;
  private static final double MARGIN_SHARE = 0.1;

  private final Map<String, List<Verdict>> byKey; // In the order in which they were given.

  private Verdicts(Map<String, List<Verdict>> byKey) {
    this.byKey = byKey;
  }

  /** Knows the verdicts as of now. */
  @FunctionalInterface
  public interface Source {

    /** Nobody ever says anything. */
    Source SILENT = () -> NONE;

    /** Returns all that were given so far; called for every alert. */
    Verdicts now();
  }

  /**
   * Somebody's word.
   *
   * @param alertMillis time of the alert, epoch milliseconds
   * @param surprise of the alert, in nats; NaN takes back what was said before
   * @param fromMillis first event time that it counts for
   * @param untilMillis first event time that it counts for no more
   */
  public record Verdict(long alertMillis, double surprise, long fromMillis, long untilMillis) {

    private boolean covers(double other) {
      return other <= surprise * (1 + MARGIN_SHARE) + MARGIN_NATS;
    }
  }

  /** Returns these and one more, the last. */
  public Verdicts plus(byte[] key, Verdict verdict) {
    Map<String, List<Verdict>> more = new HashMap<>(byKey);
    List<Verdict> ofKey = new ArrayList<>(more.getOrDefault(text(key), List.of()));
    ofKey.add(verdict);
    more.put(text(key), List.copyOf(ofKey));
    return new Verdicts(more);
  }

  /**
   * Returns why an event that would be an alert is fine; empty where it is not.
   *
   * @param timeMillis of the event, epoch milliseconds
   * @param surprise of the event, in nats
   */
  public Optional<String> whyFine(byte[] key, long timeMillis, double surprise) {
    if (byKey.isEmpty()) {
      return Optional.empty();
    }
    for (Verdict verdict : byKey.getOrDefault(text(key), List.of()).reversed()) {
      if (verdict.fromMillis <= timeMillis) {
        return timeMillis < verdict.untilMillis && verdict.covers(surprise)
            ? Optional.of(
                "said to be fine, as the alert of " + Instant.ofEpochMilli(verdict.alertMillis))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** A character a byte: keys are any bytes. */
  private static String text(byte[] key) {
    return new String(key, ISO_8859_1);
  }
}
