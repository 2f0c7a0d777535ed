package dev.sluice.river;

import dev.sluice.event.Event;
import dev.sluice.score.AlertRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Sluice says of one event. Mutable and used again: valid until the next wave.
 *
 * <p>Values are in the unit of the predicted field. Where a word is predicted, {@link #word} and
 * {@link #expectedWord} speak in place of {@link #value} and {@link #expected}. Where several
 * fields are predicted, {@link #fields} has them all, and these speak of the one with the largest
 * share of the surprise.
 */
public final class Result {

  private boolean scored;
  private boolean lost;
  private byte[] key = {};
  private long timeMillis;
  private final List<Foretold> pool = new ArrayList<>();
  private List<Foretold> fields = List.of();
  private Foretold leading = new Foretold();
  private double surprise;
  private double score;
  private AlertRules.Decision decision = AlertRules.Decision.SILENCE;
  private final Explanation explanation = new Explanation();
  private final Tally tally = new Tally();
  private boolean warmingUp;
  private boolean late;
  private int modelVersion;
  private int shadowVersion; // 0 for none.
  private double shadowSurprise;
  private double shadowScore;
  private boolean shadowAlert;

  /** Returns false where the network's answer was not finite; the key's memory was reset. */
  public boolean isScored() {
    return scored;
  }

  /** Returns whether the network's answer to one of the event's steps was not finite. */
  boolean isLost() {
    return lost;
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
    return leading.value();
  }

  /** Returns the expected value. */
  public double expected() {
    return leading.expected();
  }

  /** Returns the lower end of the interval. */
  public double low() {
    return leading.low();
  }

  /** Returns the upper end of the interval. */
  public double high() {
    return leading.high();
  }

  /** Returns the word that came; null where it was missing or a value is predicted. */
  public @Nullable String word() {
    return leading.word();
  }

  /** Returns the likeliest word, null where a value is predicted. */
  public @Nullable String expectedWord() {
    return leading.expectedWord();
  }

  /** Returns the probability of the likeliest word. */
  public double probability() {
    return leading.probability();
  }

  /** Returns the predicted fields; live. */
  public List<Foretold> fields() {
    return fields;
  }

  /** Returns the field that {@link #value} and the others speak of. */
  Foretold leading() {
    return leading;
  }

  /** Returns the name of the field that {@link #value} and the others speak of. */
  public String field() {
    return leading.name();
  }

  /** Returns the surprise, in nats; of several fields or views the mean. */
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

  /** Returns whether this is an alert, or would be one but for a rule. */
  public boolean isConcern() {
    return decision.isAlert() || decision.suppressed().isPresent();
  }

  /** Returns what there is to say of an alert; means nothing where this is no concern. */
  public Explanation explanation() {
    return explanation;
  }

  /** Returns what the event's steps came to, where its text was cut into some. */
  public Tally tally() {
    return tally;
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

  /** Returns the version that stepped a memory of its own beside, 0 for none. */
  public int shadowVersion() {
    return shadowVersion;
  }

  /** Returns the surprise of the shadow, in nats; means nothing where there is none. */
  public double shadowSurprise() {
    return shadowSurprise;
  }

  /** Returns the score by the shadow, in [0, 1]; means nothing where there is none. */
  public double shadowScore() {
    return shadowScore;
  }

  /** Returns whether the shadow would have told somebody; means nothing where there is none. */
  public boolean isShadowAlert() {
    return shadowAlert;
  }

  /**
   * Begins: who, when, and by which model.
   *
   * @param predicted names of the predicted fields
   */
  void begin(Event event, boolean isLate, int version, List<String> predicted) {
    scored = false;
    lost = false;
    tally.begin();
    key = event.key();
    timeMillis = event.timeMillis();
    late = isLate;
    modelVersion = version;
    shadowVersion = 0;
    decision = AlertRules.Decision.SILENCE;
    if (fields.size() != predicted.size()) {
      while (pool.size() < predicted.size()) {
        pool.add(new Foretold());
      }
      fields = List.copyOf(pool.subList(0, predicted.size()));
    }
    for (int f = 0; f < predicted.size(); f++) {
      fields.get(f).begin(predicted.get(f));
    }
    leading = fields.getFirst();
  }

  /** Takes what the version that is to take over says of the same event. */
  void shadow(Result shadow) {
    shadowVersion = shadow.modelVersion;
    shadowSurprise = shadow.surprise;
    shadowScore = shadow.score;
    shadowAlert = shadow.isAlert();
  }

  /** The network gave no answer. */
  void lose() {
    lost = true;
  }

  /** Takes the surprise of all fields, and each one's share of it. */
  void surprise(double nats, double[] shares) {
    surprise = nats;
    double most = 0;
    for (int f = 0; f < fields.size(); f++) {
      fields.get(f).share(shares[f]);
      if (shares[f] > most) {
        most = shares[f];
        leading = fields.get(f);
      }
    }
  }

  /** Takes what the scorer said. */
  void scored(double score, AlertRules.Decision decision, boolean warmingUp) {
    this.score = score;
    this.decision = decision;
    this.warmingUp = warmingUp;
    this.scored = true;
  }
}
