package dev.sluice.registry;

/**
 * How far a {@link WeightsFollower} has come when its stream wants to start.
 *
 * @param <M> a loaded model
 */
public sealed interface Bootstrap<M> {

  /** Everything published until now has been looked at, and there is a model. */
  record Ready<M>(Models<M> models) implements Bootstrap<M> {}

  /** Everything published until now has been looked at, and there is no model that can be used. */
  record NoModel<M>(String reason) implements Bootstrap<M> {}

  /** The topic has not been read to its end in time. The follower goes on trying. */
  record NotReached<M>(String reason) implements Bootstrap<M> {}
}
