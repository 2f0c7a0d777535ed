package dev.sluice.cell;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Pooling} that is being trained; what happens in a batch is in {@link PoolWindow}.
 *
 * <p>Confined to one thread; {@link #shard} makes another for another thread.
 */
public final class TrainablePool {

  private final Pooling initial;
  private final @Nullable TrainableLinear hidden; // Below additive scores.
  private final @Nullable TrainableLinear query; // Its bias changes no weight, so it is left out.

  private TrainablePool(
      Pooling initial, @Nullable TrainableLinear hidden, @Nullable TrainableLinear query) {
    this.initial = initial;
    this.hidden = hidden;
    this.query = query;
  }

  /** Returns a pooling that goes on from {@code pooling}. */
  public static TrainablePool from(Pooling pooling) {
    return switch (pooling) {
      case Pooling.Additive(var weights, var bias, var query) ->
          new TrainablePool(
              pooling,
              TrainableLinear.of("attention", weights, bias),
              TrainableLinear.of("attention.query", query, new float[1]));
      case Pooling.Dot(var query) ->
          new TrainablePool(
              pooling, null, TrainableLinear.of("attention.query", query, new float[1]));
      case Pooling.Plain _ -> new TrainablePool(pooling, null, null);
    };
  }

  /** Returns additive attention of {@code units} units that weighs tokens about alike. */
  public static Pooling additive(int units, int width, long seed) {
    TrainableLinear linear = TrainableLinear.create("attention", width, units, seed);
    TrainableLinear query = TrainableLinear.create("attention.query", units, 1, seed + 1);
    return new Pooling.Additive(linear.weights(), linear.bias(), query.weights());
  }

  /** Returns attention by a dot product that weighs tokens about alike. */
  public static Pooling dot(int width, long seed) {
    return new Pooling.Dot(TrainableLinear.create("attention.query", width, 1, seed).weights());
  }

  /** Returns a pooling that shares the weights and collects gradients of its own. */
  public TrainablePool shard() {
    return new TrainablePool(
        initial, hidden == null ? null : hidden.shard(), query == null ? null : query.shard());
  }

  /** Returns the weights; none of a plain pooling. */
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    if (hidden != null) {
      parameters.addAll(hidden.parameters());
    }
    if (query != null) {
      parameters.addAll(query.parameters());
    }
    return parameters;
  }

  /** Returns the present weights, ready for inference. */
  public Pooling toPooling() {
    if (query == null) {
      return initial;
    }
    return hidden == null
        ? new Pooling.Dot(query.weights())
        : new Pooling.Additive(hidden.weights(), hidden.bias(), query.weights());
  }

  /**
   * Makes room for what {@code window} has room for.
   *
   * @param forward floats of the forward direction, which come first
   */
  public PoolWindow window(SequenceWindow window, int forward) {
    return new PoolWindow(this, window, forward);
  }

  Pooling pooling() {
    return initial;
  }

  @Nullable TrainableLinear hidden() {
    return hidden;
  }

  @Nullable TrainableLinear query() {
    return query;
  }
}
