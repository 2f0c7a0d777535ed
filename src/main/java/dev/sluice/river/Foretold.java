package dev.sluice.river;

import dev.sluice.feature.Encoder;
import dev.sluice.head.Judgement;
import dev.sluice.head.WordHead;
import org.jspecify.annotations.Nullable;

/**
 * What was foretold of one field, and what came. Mutable and used again, as the {@link Result} that
 * it belongs to.
 *
 * <p>Values are in the unit of the field. Where a word is predicted, {@link #word} and {@link
 * #expectedWord} speak in place of {@link #value} and {@link #expected}.
 */
public final class Foretold {

  private String name = "";
  private double value;
  private double expected;
  private double low;
  private double high;
  private @Nullable String word;
  private @Nullable String expectedWord;
  private double probability;
  private double surprise;
  private double share;
  private double nearestNormal;

  Foretold() {}

  /** Returns the field's name. */
  public String name() {
    return name;
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

  /** Returns the surprise, in nats; 0 where nothing came. */
  public double surprise() {
    return surprise;
  }

  /** Returns the field's share of the event's surprise beyond what is usual, in [0, 1]. */
  public double share() {
    return share;
  }

  /**
   * Returns the value nearest to the one that came which would have been nothing special; NaN where
   * that is no alert, or a word is predicted.
   */
  public double nearestNormal() {
    return nearestNormal;
  }

  void begin(String field) {
    name = field;
    value = Double.NaN;
    word = null;
    expectedWord = null;
    surprise = 0;
    share = 0;
    nearestNormal = Double.NaN;
  }

  /** Takes what a head said of a value; {@code judgement} is in units of the scale. */
  void value(double seen, Judgement judgement, double mean, double deviation) {
    value = seen;
    expected = mean + deviation * judgement.expected();
    low = mean + deviation * judgement.low();
    high = mean + deviation * judgement.high();
    surprise = judgement.surprise();
  }

  /**
   * Takes what a head said of the time elapsed, in seconds.
   *
   * @param seen ln(1 + seconds), NaN for none
   * @param median in units of the scale
   * @param unit of the scale, in units of the logarithm
   */
  void elapsed(double seen, Judgement judgement, double median, double unit) {
    value = Encoder.seconds(seen);
    expected = Encoder.seconds(unit * median);
    low = Encoder.seconds(unit * judgement.low());
    high = Encoder.seconds(unit * judgement.high());
    surprise = judgement.surprise();
  }

  /** Takes what a head said of a word. */
  void word(@Nullable String seen, WordHead head, Judgement judgement) {
    word = seen;
    expectedWord = head.vocabulary().word(judgement.likeliest());
    probability = judgement.probability();
    surprise = judgement.surprise();
  }

  /** Takes what the steps of an event came to: the strangest word, and the mean surprise. */
  void steps(Tally tally) {
    Tally.Step strangest = tally.strangest(0);
    word = strangest.word();
    expectedWord = strangest.expected();
    probability = strangest.probability();
    surprise = tally.mean();
  }

  /** Takes the mean surprise of all views. */
  void surprise(double nats) {
    surprise = nats;
  }

  void share(double of) {
    share = of;
  }

  void nearestNormal(double of) {
    nearestNormal = of;
  }
}
