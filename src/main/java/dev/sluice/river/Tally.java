package dev.sluice.river;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of one event came to: how many, their mean surprise, and the strangest of them.
 * Mutable and used again, as the {@link Result} that it belongs to.
 */
public final class Tally {

  /** Most steps that are kept. */
  public static final int MOST = 3;

  private int steps;
  private double sum;
  private int kept;
  private final Step[] strangest = {new Step(), new Step(), new Step()};

  /** One step: mutable and used again. */
  public static final class Step {
    private int at;
    private String word = "";
    private String expected = "";
    private double probability;
    private double surprise;

    private Step() {}

    /** Returns which of the event's steps it is, from 1. */
    public int at() {
      return at;
    }

    /** Returns the word that came. */
    public String word() {
      return word;
    }

    /** Returns the likeliest word. */
    public String expected() {
      return expected;
    }

    /** Returns the probability of the likeliest word. */
    public double probability() {
      return probability;
    }

    /** Returns the surprise, in nats. */
    public double surprise() {
      return surprise;
    }
  }

  Tally() {}

  void begin() {
    steps = 0;
    sum = 0;
    kept = 0;
  }

  /** Takes what was foretold of the next step. */
  void add(Foretold foretold) {
    steps++;
    sum += foretold.surprise();
    int place = kept;
    // Of two as strange, the first stays before the other.
    while (place > 0 && strangest[place - 1].surprise < foretold.surprise()) {
      place--;
    }
    if (place == MOST) {
      return;
    }
    Step step = strangest[kept < MOST ? kept : MOST - 1];
    int last = kept < MOST ? kept++ : MOST - 1;
    System.arraycopy(strangest, place, strangest, place + 1, last - place);
    strangest[place] = step;
    step.at = steps;
    step.word = orEmpty(foretold.word());
    step.expected = orEmpty(foretold.expectedWord());
    step.probability = foretold.probability();
    step.surprise = foretold.surprise();
  }

  private static String orEmpty(@Nullable String word) {
    return Objects.requireNonNullElse(word, "");
  }

  /** Returns how many steps the event had; 0 where its text was not cut. */
  public int steps() {
    return steps;
  }

  /** Returns the mean surprise of the steps, in nats. */
  public double mean() {
    return sum / steps;
  }

  /** Returns how many steps are kept, at most {@value #MOST}. */
  public int kept() {
    return kept;
  }

  /** Returns a step that is kept, the strangest first. */
  public Step strangest(int place) {
    return strangest[place];
  }
}
