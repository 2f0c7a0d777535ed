package dev.sluice.head;

import dev.sluice.text.Vocabulary;

/** The next word of a vocabulary: a category, an activity, a token. */
public final class WordHead implements Head {

  private final String field;
  private final Linear linear;
  private final Vocabulary vocabulary;

  /**
   * Creates a head.
   *
   * @param field the feature that is predicted
   * @param linear the layer below, with an output for each word
   * @param vocabulary the words
   */
  public WordHead(String field, Linear linear, Vocabulary vocabulary) {
    this.field = field;
    this.linear = linear;
    this.vocabulary = vocabulary;
    if (linear.outputs() != vocabulary.size()) {
      throw new IllegalArgumentException(
          "head: " + linear.outputs() + " outputs for " + vocabulary.size() + " words");
    }
  }

  /** Returns the words. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public String field() {
    return field;
  }

  @Override
  public int view() {
    return 0;
  }

  @Override
  public Linear linear() {
    return linear;
  }

  @Override
  public boolean isSoftmax() {
    return true;
  }

  @Override
  public void judge(float[] outputs, int at, double target, Judgement into) {
    expect(outputs, at, into);
    into.surprise = Judgement.nats(outputs[at + (int) target]);
  }

  @Override
  public void expect(float[] outputs, int at, Judgement into) {
    int likeliest = 0;
    for (int id = 1; id < vocabulary.size(); id++) {
      if (outputs[at + id] > outputs[at + likeliest]) {
        likeliest = id;
      }
    }
    into.expect(likeliest, outputs[at + likeliest]);
  }

  @Override
  public double nearestNormal(float[] outputs, int at, double target, Judgement interval) {
    expect(outputs, at, interval);
    return interval.likeliest;
  }

  @Override
  public void slope(float[] outputs, double target, float[] into) {
    System.arraycopy(outputs, 0, into, 0, vocabulary.size());
    into[(int) target] -= 1;
  }
}
