package dev.sluice.train;

import dev.sluice.feature.FeatureSpec;
import dev.sluice.model.Model;

/**
 * What a model is worth on some events: each predicted from the memory that the events before it
 * left, as in the stream.
 *
 * @param events how many were judged; those that lack the predicted field are not
 * @param nats mean surprise of all predictions, in nats: what the stream would report; a field that
 *     is seen in two views is predicted twice
 * @param natsPerUnit the same for one unit of the field instead of one bin or one unit of scale, so
 *     that models with other bins and scales compare; equal to {@code nats} where a word is
 *     predicted
 * @param meanAbsoluteError of the first field's expected value, in its units; NaN where a word is
 *     predicted
 */
public record Evaluation(long events, double nats, double natsPerUnit, double meanAbsoluteError) {

  /**
   * Evaluates a model on the validation part of a history.
   *
   * @throws IllegalArgumentException if the model reads a field that the history does not have
   */
  public static Evaluation of(Model model, History history, Split split) {
    FeatureSpec spec = model.features();
    Samples samples = Samples.encode(history, spec, Samples.targets(model));
    return new Evaluator(samples, split).whole(model).validation();
  }

  /** Returns whether this is the better of two evaluations on the same events. */
  public boolean isBetterThan(Evaluation other) {
    // NaN is what a model yields that went astray: worse than anything.
    return natsPerUnit < other.natsPerUnit
        || Double.isNaN(other.natsPerUnit) && !Double.isNaN(natsPerUnit);
  }
}
