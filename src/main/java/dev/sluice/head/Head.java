package dev.sluice.head;

/**
 * What a model predicts of one field, and how an event is judged by it.
 *
 * <p>Immutable and allocation-free; one serves all keys and threads.
 */
public sealed interface Head permits BinHead, GaussianHead, WordHead {

  /** Returns the name of the feature that is predicted. */
  String field();

  /** Returns which of the feature's scales a value is measured by, from 0; 0 for a word. */
  int view();

  /** Returns the layer that turns hidden units into this head's outputs. */
  Linear linear();

  /** Returns whether the outputs are logits of a softmax. */
  boolean isSoftmax();

  /**
   * Judges one event.
   *
   * @param outputs shape (O) from {@code at} on: probabilities where {@link #isSoftmax()}, else
   *     what the linear layer gave; read only
   * @param target what came: a value in units of its scale, or the id of a word; not NaN
   * @param into overwritten
   */
  void judge(float[] outputs, int at, double target, Judgement into);

  /**
   * Says what is expected when nothing came to be judged: the surprise is 0.
   *
   * @param outputs as for {@link #judge}
   * @param into overwritten
   */
  void expect(float[] outputs, int at, Judgement into);

  /**
   * Returns the value nearest to one that came which would have been nothing special: in the most
   * probable part of the prediction that holds the interval's mass. Of words, the likeliest.
   *
   * @param outputs as for {@link #judge}
   * @param target what came, as for {@link #judge}
   * @param interval how much mass, and what was foretold
   */
  double nearestNormal(float[] outputs, int at, double target, Judgement interval);

  /**
   * Writes the gradient of the loss by the outputs of the layer below: what a step of training goes
   * against.
   *
   * @param outputs as for {@link #judge}, from 0 on
   * @param target as for {@link #judge}
   * @param into shape (O); overwritten
   */
  void slope(float[] outputs, double target, float[] into);
}
