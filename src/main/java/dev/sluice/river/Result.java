package dev.sluice.river;

import dev.sluice.event.Event;
import dev.sluice.head.Judgement;
import dev.sluice.head.WordHead;
import dev.sluice.score.AlertRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Sluice says of one event. Mutable and used again: valid until the next wave.
 *
 * <p>Values are in the unit of the predicted field. Where a word is predicted, {@link #word} and
 * {@link #expectedWord} speak in place of {@link #value} and {@link #expected}.
 */
public final class Result {

  private boolean scored;
  private byte[] key = {};
  private long timeMillis;
  private double value;
  private double expected;
  private double low;
  private double high;
  private @Nullable String word;
  private @Nullable String expectedWord;
  private double probability;
  private double surprise;
  private double score;
  private AlertRules.Decision decision = AlertRules.Decision.SILENCE;
  private boolean warmingUp;
  private boolean late;
  private int modelVersion;

  /** Returns false where the network's answer was not finite; the key's memory was reset. */
  public boolean isScored() {
    return scored;
  }

  /** Returns the key's bytes; live. */
  public byte[] key() {
    return key;
  }

  /** Returns the event time, in milliseconds since 1970-01-01T00:00Z. */
  public long timeMillis() {
    return timeMillis;
  }

  /** Returns the value that came, NaN where it was missing or a word is predicted. */
  public double value() {
    return value;
  }

  /** Returns the expected value. */
  public double expected() {
    return expected;
  }

  /** Returns the lower end of the interval. */
  public double low() {
    return low;
  }

  /** Returns the upper end of the interval. */
  public double high() {
    return high;
  }

  /** Returns the word that came; null where it was missing or a value is predicted. */
  public @Nullable String word() {
    return word;
  }

  /** Returns the likeliest word, null where a value is predicted. */
  public @Nullable String expectedWord() {
    return expectedWord;
  }

  /** Returns the probability of the likeliest word. */
  public double probability() {
    return probability;
  }

  /** Returns the surprise, in nats. */
  public double surprise() {
    return surprise;
  }

  /** Returns the score, in [0, 1]. */
  public double score() {
    return score;
  }

  /** Returns whether somebody should look. */
  public boolean isAlert() {
    return decision.isAlert();
  }

  /** Returns why nobody is told, though somebody should look; empty where that is not so. */
  public Optional<String> suppressed() {
    return decision.suppressed();
  }

  /** Returns whether the key's history is too short for an alert. */
  public boolean isWarmingUp() {
    return warmingUp;
  }

  /** Returns whether an event of the same key with a later time came before this one. */
  public boolean isLate() {
    return late;
  }

  /** Returns the version of the model that judged the event. */
  public int modelVersion() {
    return modelVersion;
  }

  /** Begins: who, when, and by which model. */
  void begin(Event event, boolean isLate, int version) {
    scored = false;
    key = event.key();
    timeMillis = event.timeMillis();
    late = isLate;
    modelVersion = version;
    value = Double.NaN;
    word = null;
    expectedWord = null;
    decision = AlertRules.Decision.SILENCE;
  }

  /** Takes what the head said of a value; {@code judgement} is in units of the scale. */
  void value(double seen, Judgement judgement, double mean, double deviation) {
    value = seen;
    expected = mean + deviation * judgement.expected();
    low = mean + deviation * judgement.low();
    high = mean + deviation * judgement.high();
    surprise = judgement.surprise();
  }

  /** Takes what the head said of a word. */
  void word(@Nullable String seen, WordHead head, Judgement judgement) {
    word = seen;
    expectedWord = head.vocabulary().word(judgement.likeliest());
    probability = judgement.probability();
    surprise = judgement.surprise();
  }

  /** Takes what the scorer said. */
  void scored(double score, AlertRules.Decision decision, boolean warmingUp) {
    this.score = score;
    this.decision = decision;
    this.warmingUp = warmingUp;
    this.scored = true;
  }
}
