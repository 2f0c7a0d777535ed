package dev.sluice.score;

import java.util.Locale;

/** How far beyond the key's record an alert is. The same for all keys, whatever the threshold. */
public enum Severity {
  /** Below a fifth of the record's range beyond it. */
  MINOR,
  /** From a fifth of the range on: a score of 0.982. */
  MAJOR,
  /** From half of the range on: a score of 0.99995. */
  CRITICAL;

  private static final double MAJOR_FROM = Scorer.scoreOf(0.2);
  private static final double CRITICAL_FROM = Scorer.scoreOf(0.5);

  private final String text = name().toLowerCase(Locale.ROOT);

  /** Returns the severity of a score in [0, 1]. */
  public static Severity of(double score) {
    return score >= CRITICAL_FROM ? CRITICAL : score >= MAJOR_FROM ? MAJOR : MINOR;
  }

  /** Returns the word that results use. */
  public String text() {
    return text;
  }
}
