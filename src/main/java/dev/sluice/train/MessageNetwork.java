package dev.sluice.train;

import dev.sluice.cell.Parameter;
import dev.sluice.cell.Pooling;
import dev.sluice.cell.TrainableLinear;
import dev.sluice.cell.TrainablePool;
import dev.sluice.cell.TrainableSequences;
import dev.sluice.feature.Feature;
import dev.sluice.head.Classes;
import dev.sluice.head.Linear;
import dev.sluice.kernel.Floats;
import dev.sluice.model.Lineage;
import dev.sluice.model.MessageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What learns of a model of messages.
 *
 * @param tables by view: [vocabulary][dimensions], then padding
 * @param widths dimensions of each view
 */
record MessageNetwork(
    List<Parameter> tables,
    List<Integer> widths,
    TrainableSequences stack,
    TrainablePool pool,
    Optional<TrainableLinear> label,
    Optional<TrainableLinear> tags) {

  /** Returns a network that knows nothing yet. */
  static MessageNetwork fresh(MessageShape shape, MessageNames names, long seed) {
    var random = new Random(seed);
    List<Parameter> tables = new ArrayList<>();
    int inputs = 0;
    for (Feature.Category category : names.reads()) {
      tables.add(table(category, random));
      inputs += category.dimensions();
    }
    var stack = TrainableSequences.create(shape.layers(), inputs, random.nextLong());
    int width = stack.outputs();
    Pooling pooling =
        switch (shape.attention()) {
          case MessageShape.Attention.Additive(int units) ->
              TrainablePool.additive(units, width, random.nextLong());
          case MessageShape.Attention.Dot() -> TrainablePool.dot(width, random.nextLong());
          case MessageShape.Attention.None(var plain) -> plain;
        };
    return new MessageNetwork(
        tables,
        names.reads().stream().map(Feature.Category::dimensions).toList(),
        stack,
        TrainablePool.from(pooling),
        head("label", names.labels(), width, random.nextLong()),
        head("tags", names.tags(), width, random.nextLong()));
  }

  private static Optional<TrainableLinear> head(
      String name, List<String> classes, int width, long seed) {
    return classes.isEmpty()
        ? Optional.empty()
        : Optional.of(TrainableLinear.create(name, width, classes.size(), seed));
  }

  /** Words begin anywhere at a variance of 1/D, the unknown one too: it is learned as others. */
  private static Parameter table(Feature.Category category, Random random) {
    Floats values = Floats.allocate(Floats.pad(category.table().length));
    double range = StrictMath.sqrt(3.0 / category.dimensions());
    for (int i = 0; i < category.table().length; i++) {
      values.set(i, (float) ((2 * random.nextDouble() - 1) * range));
    }
    return new Parameter("embedding." + category.name(), values, Floats.allocate(values.size()));
  }

  /** Returns a network that shares the weights and collects gradients of its own. */
  MessageNetwork shard() {
    return new MessageNetwork(
        tables.stream().map(Parameter::shard).toList(),
        widths,
        stack.shard(),
        pool.shard(),
        label.map(TrainableLinear::shard),
        tags.map(TrainableLinear::shard));
  }

  /** Adds the gradients of a shard to those here, and sets the shard's to 0. */
  void collect(MessageNetwork shard) {
    List<Parameter> ours = parameters();
    List<Parameter> theirs = shard.parameters();
    for (int i = 0; i < ours.size(); i++) {
      ours.get(i).collect(theirs.get(i));
    }
  }

  /** Returns the dimensions of a view. */
  int width(int view) {
    return widths.get(view);
  }

  List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>(tables);
    all.addAll(stack.parameters());
    all.addAll(pool.parameters());
    label.ifPresent(linear -> all.addAll(linear.parameters()));
    tags.ifPresent(linear -> all.addAll(linear.parameters()));
    return all;
  }

  /** Returns a model with the weights of this moment. */
  MessageModel toModel(String id, int version, MessageNames names, Lineage lineage) {
    List<Feature.Category> reads = new ArrayList<>();
    for (Feature.Category category : names.reads()) {
      float[] table = tables.get(reads.size()).value().toArray(0, category.table().length);
      reads.add(
          new Feature.Category(
              category.name(), category.vocabulary(), category.dimensions(), table));
    }
    return new MessageModel(
        id,
        version,
        reads,
        stack.toStack(),
        pool.toPooling(),
        label.map(linear -> classes(names.labels(), linear)),
        tags.map(linear -> classes(names.tags(), linear)),
        lineage);
  }

  private static Classes classes(List<String> names, TrainableLinear linear) {
    return new Classes(names, new Linear(linear.weights(), linear.bias(), linear.inputs()));
  }
}
