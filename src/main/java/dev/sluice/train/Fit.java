package dev.sluice.train;

import dev.sluice.config.FeatureDecl;
import dev.sluice.config.FeatureDecl.CategoryDecl;
import dev.sluice.config.FeatureDecl.NumberDecl;
import dev.sluice.config.FeatureDecl.Scale;
import dev.sluice.config.FeatureDecl.TimeDecl;
import dev.sluice.config.FeatureDecl.TokensDecl;
import dev.sluice.config.Prediction;
import dev.sluice.config.Topology;
import dev.sluice.feature.Encoder;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.head.BinHead;
import dev.sluice.head.Bins;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Head;
import dev.sluice.head.Linear;
import dev.sluice.head.WordHead;
import dev.sluice.river.Declared;
import dev.sluice.text.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is learned from the training part before any network is: scales, vocabularies and bins. The
 * validation part is not looked at.
 */
final class Fit {

  /**
   * Rarer words stay unknown, so that the model learns what an unknown word means: words seen once
   * stand for those never seen, which by Good and Turing are about as many.
   */
  static final int MIN_COUNT = 2;

  /** Most words of a category, the unknown one included: each is a row of a matrix. */
  static final int MAX_WORDS = 1 << 16;

  private static final double TAIL = 0.001;
  private static final double FLOOR = 1e-9;
  private static final double FLOOR_OF_MEAN = 1e-6;
  private static final double BINS_LIMIT = 1.5 * Encoder.LIMIT;

  /** Events of a key until its running scale means something. */
  private static final int SETTLED = 30;

  private static final int ENOUGH = 100;

  /** Bins over the range of a key's first values reach one range beyond it on each side. */
  private static final double RANGES = 3;

  private Fit() {}

  /** Returns the features with scales and vocabularies; embeddings are all zero. */
  static FeatureSpec features(Topology topology, History history, Split split) {
    List<Feature> features = new ArrayList<>();
    for (FeatureDecl declared : topology.features()) {
      features.add(
          switch (declared) {
            case NumberDecl number ->
                new Feature.Number(
                    number.field(), scaling(number, history, split), number.optional());
            case CategoryDecl(String field, int dimensions) ->
                words(field, dimensions, history, split);
            case TokensDecl tokens -> words(tokens.field(), tokens.dimensions(), history, split);
            case TimeDecl time -> new Feature.Time(Declared.kind(time.kind()));
          });
    }
    return new FeatureSpec(features);
  }

  private static Feature words(String field, int dimensions, History history, Split split) {
    Vocabulary words = vocabulary(field, history, split);
    return new Feature.Category(field, words, dimensions, new float[words.size() * dimensions]);
  }

  private static Vocabulary vocabulary(String field, History history, Split split) {
    int slot = history.schema().wordSlot(field);
    int[] counts = new int[history.dictionary().size()];
    for (int k = 0; k < history.keys(); k++) {
      for (int i = history.start(k); i < split.boundary(k); i++) {
        int word = history.wordIndex(slot, i);
        if (word != History.NO_WORD) {
          counts[word]++;
        }
      }
    }
    Map<String, Integer> byWord = new HashMap<>();
    for (int word = 0; word < counts.length; word++) {
      if (counts[word] > 0) {
        byWord.put(history.dictionary().get(word), counts[word]);
      }
    }
    return Vocabulary.ofCounts(byWord, MIN_COUNT, MAX_WORDS);
  }

  private static Scaling scaling(NumberDecl number, History history, Split split) {
    if (number.scale() == Scale.KEY) {
      return Declared.perKey(number);
    }
    int slot = history.schema().numberSlot(number.field());
    var values = new Values(split.trainEvents());
    for (int k = 0; k < history.keys(); k++) {
      for (int i = history.start(k); i < split.boundary(k); i++) {
        values.add(history.number(slot, i));
      }
    }
    return learned(values);
  }

  /**
   * Mean and deviation of values of which a few may be absurd: what is further outside the middle
   * 99.8 % than these are wide counts as being at that distance. For a Gaussian that is beyond nine
   * deviations.
   */
  static Scaling.Learned learned(Values values) {
    if (values.count() == 0) {
      return new Scaling.Learned(0, 1);
    }
    values.sort();
    double low = values.fromBelow(TAIL);
    double high = values.fromAbove(TAIL);
    boolean narrow = !(high > low);
    double reach = narrow ? Double.POSITIVE_INFINITY : high - low;
    double mean = 0;
    for (int i = 0; i < values.count(); i++) {
      mean += (values.clipped(i, low - reach, high + reach) - mean) / (i + 1);
    }
    double squares = 0;
    for (int i = 0; i < values.count(); i++) {
      double distance = values.clipped(i, low - reach, high + reach) - mean;
      squares += distance * distance;
    }
    double deviation = Math.sqrt(squares / values.count());
    double floor = Math.max(FLOOR, FLOOR_OF_MEAN * Math.abs(mean));
    return new Scaling.Learned(mean, Math.max(deviation, floor));
  }

  /** Returns what is predicted: each field, in each of its views. */
  static List<Samples.Target> targets(Topology topology, FeatureSpec spec) {
    List<Samples.Target> targets = new ArrayList<>();
    for (String field : topology.model().predict().targets()) {
      Feature feature = spec.feature(field);
      int views = feature instanceof Feature.Number number ? number.scaling().views() : 1;
      for (int view = 0; view < views; view++) {
        targets.add(new Samples.Target(spec.features().indexOf(feature), view));
      }
    }
    return targets;
  }

  /**
   * Returns heads that predict what is common in the training part whatever came before: their
   * weights are zero, their biases are the marginal distributions.
   *
   * @param samples encoded with {@code spec}
   */
  static List<Head> heads(Topology topology, FeatureSpec spec, Samples samples, Split split) {
    int hidden = topology.model().hidden();
    List<Head> heads = new ArrayList<>();
    for (int t = 0; t < samples.targets().size(); t++) {
      Head blank = blank(topology, spec, samples, split, t);
      float[] bias = Marginal.of(blank, t, samples, split).bias();
      heads.add(with(blank, new Linear(new float[bias.length * hidden], bias, hidden)));
    }
    return heads;
  }

  private static Head blank(
      Topology topology, FeatureSpec spec, Samples samples, Split split, int t) {
    int hidden = topology.model().hidden();
    Samples.Target target = samples.targets().get(t);
    Feature feature = spec.features().get(target.feature());
    return switch (topology.model().predict()) {
      case Prediction.BinsOfValue(var _, int count) -> {
        Bins bins = bins(((Feature.Number) feature).scaling(), samples, split, t, count);
        yield new BinHead(feature.name(), target.view(), zero(count, hidden), bins);
      }
      case Prediction.GaussianOfValue _ ->
          new GaussianHead(feature.name(), target.view(), zero(2, hidden));
      case Prediction.Labels _ ->
          throw new IllegalArgumentException("labels have a trainer of their own");
      case Prediction.NextCategory(_, _, int count) when feature instanceof Feature.Time -> {
        Bins bins = bins(scaled(samples, split, t, 0), count, BINS_LIMIT);
        yield new BinHead(feature.name(), zero(count, hidden), bins);
      }
      case Prediction.NextCategory _ -> {
        Vocabulary words = ((Feature.Category) feature).vocabulary();
        yield new WordHead(feature.name(), zero(words.size(), hidden), words);
      }
    };
  }

  private static Bins bins(Scaling scaling, Samples samples, Split split, int t, int count) {
    int view = samples.targets().get(t).view();
    if (!(scaling instanceof Scaling.PerKey perKey)) {
      return bins(scaled(samples, split, t, 0), count, BINS_LIMIT);
    }
    boolean ofRange = view > 0 && perKey.more().get(view - 1) == Scaling.View.RANGE;
    return ofRange
        ? new Bins(-RANGES, RANGES, count)
        : bins(scaled(samples, split, t, SETTLED), count, Encoder.LIMIT);
  }

  private static Linear zero(int outputs, int hidden) {
    return new Linear(new float[outputs * hidden], new float[outputs], hidden);
  }

  /** Returns {@code head} with another layer below. */
  static Head with(Head head, Linear linear) {
    return switch (head) {
      case BinHead bins -> new BinHead(bins.field(), bins.view(), linear, bins.bins());
      case GaussianHead gaussian -> new GaussianHead(gaussian.field(), gaussian.view(), linear);
      case WordHead words -> new WordHead(words.field(), linear, words.vocabulary());
    };
  }

  /** Collects the targets of the training part, leaving out the first events of each key. */
  private static Values scaled(Samples samples, Split split, int t, int leftOut) {
    History history = samples.history();
    var values = new Values(split.trainEvents());
    for (int k = 0; k < history.keys(); k++) {
      for (int i = history.start(k) + leftOut; i < split.boundary(k); i++) {
        values.add(samples.target(t, i));
      }
    }
    // Short keys only: an unsettled scale is better than none.
    return values.count() < ENOUGH && leftOut > 0 ? scaled(samples, split, t, 0) : values;
  }

  /**
   * Returns bins over the middle 99.8 % of the values and half as much on each side: room for what
   * is rare, and resolution for what is common.
   *
   * @param limit no bin is further from 0
   */
  static Bins bins(Values values, int count, double limit) {
    if (values.count() == 0) {
      return new Bins(-limit, limit, count);
    }
    values.sort();
    double low = values.fromBelow(TAIL);
    double high = values.fromAbove(TAIL);
    double margin = high > low ? (high - low) / 2 : 1;
    double from = Math.clamp(low - margin, -limit, limit);
    double to = Math.clamp(high + margin, -limit, limit);
    // All beyond the limit on one side, where bins cannot be: then at least the axis is covered.
    return to > from ? new Bins(from, to, count) : new Bins(-limit, limit, count);
  }
}
