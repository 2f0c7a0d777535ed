package dev.sluice.train;

import dev.sluice.cell.Cell;
import dev.sluice.cell.Parameter;
import dev.sluice.cell.TrainableLinear;
import dev.sluice.cell.TrainableStack;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.head.Head;
import dev.sluice.head.Linear;
import dev.sluice.kernel.Floats;
import dev.sluice.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What learns: embeddings, recurrent layers and the layers below the heads. */
final class Network {

  private final FeatureSpec spec;
  private final List<Head> heads; // Say what is predicted; their weights are the first ones.
  private final TrainableStack lstm;
  private final List<TrainableLinear> linears; // By head.
  private final List<Parameter> tables; // By category: [vocabulary][dimensions], then padding.

  private Network(
      FeatureSpec spec,
      List<Head> heads,
      TrainableStack lstm,
      List<TrainableLinear> linears,
      List<Parameter> tables) {
    this.spec = spec;
    this.heads = heads;
    this.lstm = lstm;
    this.linears = List.copyOf(linears);
    this.tables = List.copyOf(tables);
  }

  /**
   * Returns a network that knows nothing of the past yet.
   *
   * @param cells of each layer, bottom first
   * @param spec embeddings of zeros, which are given values here
   * @param heads where training begins
   * @param hidden units of each layer, bottom first
   */
  static Network fresh(
      List<Cell> cells, FeatureSpec spec, List<Head> heads, int[] hidden, long seed) {
    var random = new Random(seed);
    TrainableStack lstm = TrainableStack.create(cells, spec.width(), hidden, random.nextLong());
    List<Feature> features = new ArrayList<>();
    for (Feature feature : spec.features()) {
      features.add(feature instanceof Feature.Category c ? scattered(c, random) : feature);
    }
    return of(new FeatureSpec(features), heads, lstm);
  }

  /** Words begin anywhere within ±1, the unknown one in the middle. */
  private static Feature scattered(Feature.Category category, Random random) {
    float[] table = new float[category.table().length];
    int known = (Vocabulary.UNKNOWN + 1) * category.dimensions();
    for (int i = known; i < table.length; i++) {
      table[i] = 2 * random.nextFloat() - 1;
    }
    return new Feature.Category(
        category.name(), category.vocabulary(), category.dimensions(), table);
  }

  /** Returns a network that goes on from given weights. */
  static Network of(FeatureSpec spec, List<Head> heads, TrainableStack lstm) {
    List<Parameter> tables = new ArrayList<>();
    for (Feature feature : spec.features()) {
      if (feature instanceof Feature.Category category) {
        float[] table = category.table();
        Floats values = Floats.allocate(Floats.pad(table.length));
        values.write(0, table, 0, table.length);
        Floats gradient = Floats.allocate(values.size());
        tables.add(new Parameter("embedding." + category.name(), values, gradient));
      }
    }
    List<TrainableLinear> linears = new ArrayList<>();
    for (Head head : heads) {
      linears.add(TrainableLinear.of("head", head.linear().weights(), head.linear().bias()));
    }
    return new Network(spec, heads, lstm, linears, tables);
  }

  /** Returns a network that shares the weights and collects gradients of its own. */
  Network shard() {
    List<Parameter> shards = tables.stream().map(Parameter::shard).toList();
    List<TrainableLinear> below = linears.stream().map(TrainableLinear::shard).toList();
    return new Network(spec, heads, lstm.shard(), below, shards);
  }

  /** Adds the gradients of a shard to those here, and sets the shard's to 0. */
  void collect(Network shard) {
    List<Parameter> ours = parameters();
    List<Parameter> theirs = shard.parameters();
    for (int i = 0; i < ours.size(); i++) {
      ours.get(i).collect(theirs.get(i));
    }
  }

  List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>(lstm.parameters());
    linears.forEach(linear -> all.addAll(linear.parameters()));
    all.addAll(tables);
    return all;
  }

  /** Returns how many numbers are learned. */
  long size() {
    long size = 0;
    for (TrainableLinear linear : linears) {
      size += (long) linear.outputs() * (linear.inputs() + 1);
    }
    for (var layer : lstm.toStack().layers()) {
      size += layer.weights().values().stream().mapToLong(weights -> weights.length).sum();
    }
    for (Feature feature : spec.features()) {
      size += feature instanceof Feature.Category category ? category.table().length : 0;
    }
    return size;
  }

  TrainableStack lstm() {
    return lstm;
  }

  /** Returns the layers below the heads, in their order. */
  List<TrainableLinear> linears() {
    return linears;
  }

  /** Returns the embeddings of the categories; live. */
  Floats[] tables() {
    return tables.stream().map(Parameter::value).toArray(Floats[]::new);
  }

  /** Returns the gradients by the embeddings of the categories; live. */
  Floats[] tableGradients() {
    return tables.stream().map(Parameter::gradient).toArray(Floats[]::new);
  }

  /** Returns the heads with the weights of this moment. */
  List<Head> heads() {
    List<Head> now = new ArrayList<>();
    for (int i = 0; i < linears.size(); i++) {
      TrainableLinear linear = linears.get(i);
      var weights = new Linear(linear.weights(), linear.bias(), linear.inputs());
      now.add(Fit.with(heads.get(i), weights));
    }
    return now;
  }

  /** Returns the features with the embeddings of this moment. */
  FeatureSpec features() {
    List<Feature> features = new ArrayList<>();
    int w = 0;
    for (Feature feature : spec.features()) {
      if (feature instanceof Feature.Category category) {
        float[] table = tables.get(w++).value().toArray(0, category.table().length);
        features.add(
            new Feature.Category(
                category.name(), category.vocabulary(), category.dimensions(), table));
      } else {
        features.add(feature);
      }
    }
    return new FeatureSpec(features);
  }

  /** Returns units of each layer, bottom first. */
  static int[] hidden(int units, int layers) {
    int[] hidden = new int[layers];
    Arrays.fill(hidden, units);
    return hidden;
  }
}
