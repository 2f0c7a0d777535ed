package dev.sluice.registry;

import java.util.Map;

/**
 * Models that are all known from the start: scoring a file, a back-test, a test. The same rules say
 * which is in force as in a stream.
 *
 * @param models what {@link #models()} always returns
 */
public record FixedModels<M>(Models<M> models) implements ModelSource<M> {

  /** Returns one model that is in force for every event. */
  public static <M> FixedModels<M> of(int version, M model) {
    Timeline timeline =
        Timeline.empty("fixed").plus(version, Timeline.IMMEDIATE, 0, Timeline.What.PUBLISH);
    return new FixedModels<>(Models.of(timeline, Map.of(version, model)));
  }

  /**
   * Returns the models of a history.
   *
   * @throws WeightsException if a version it speaks of is not among {@code models}; a file must be
   *     scored as a stream would have scored it, or not at all
   */
  public static <M> FixedModels<M> of(Timeline timeline, Map<Integer, M> models) {
    for (int version : timeline.versions()) {
      if (!models.containsKey(version)) {
        throw new WeightsException(
            "timeline of "
                + timeline.id()
                + ": version "
                + version
                + " is not among the models given, "
                + models.keySet().stream().sorted().toList());
      }
    }
    return new FixedModels<>(Models.of(timeline, models));
  }
}
