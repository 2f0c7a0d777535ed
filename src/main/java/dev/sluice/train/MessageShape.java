package dev.sluice.train;

import dev.sluice.cell.Pooling;
import dev.sluice.cell.TrainableSequences;
import dev.sluice.text.TokenView;
import java.util.List;

/**
 * What a model of messages is to be like.
 *
 * @param views what of a token is looked up
 * @param layers the recurrent layers
 * @param attention of the message
 */
public record MessageShape(List<View> views, TrainableSequences.Shape layers, Attention attention) {

  /** Keeps a copy of the views. */
  public MessageShape {
    views = List.copyOf(views);
  }

  /**
   * One view of a token.
   *
   * @param view what is looked up
   * @param dimensions inputs it fills
   * @param minCount what is rarer in the training part stays unknown
   */
  public record View(TokenView view, int dimensions, int minCount) {}

  /** How tokens become what is said of the message. */
  public sealed interface Attention {

    /**
     * {@link Pooling.Additive}.
     *
     * @param units A
     */
    record Additive(int units) implements Attention {}

    /** {@link Pooling.Dot}. */
    record Dot() implements Attention {}

    /** A pooling that learns nothing. */
    record None(Pooling.Plain pooling) implements Attention {}
  }
}
