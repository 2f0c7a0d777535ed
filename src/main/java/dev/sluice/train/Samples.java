package dev.sluice.train;

import dev.sluice.event.Event;
import dev.sluice.feature.Encoder;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.kernel.Floats;
import dev.sluice.model.Model;
import java.util.ArrayList;
import java.util.List;

/**
 * A history as the network sees it: encoded by the stream's own {@link Encoder}, once for all
 * epochs. Inputs that change while training, those of embedded words, are kept as word ids.
 *
 * <p>Takes for each event 4 bytes for each input that is not of a category, 4 for each category,
 * and 8 or 16 for each target.
 */
final class Samples {

  /** Inputs that stand beside each other both in an event's row and among those kept. */
  private record Run(int keptAt, int column, int length) {}

  /**
   * What is predicted.
   *
   * @param feature index among the features
   * @param view which of its scales
   */
  record Target(int feature, int view) {}

  /** Where the embedding of a category goes, and the ids of its words by event. */
  private record Words(int column, int dimensions, int[] ids) {}

  private final History history;
  private final int width;
  private final int keptWidth;
  private final List<Run> runs = new ArrayList<>();
  private final List<Words> words = new ArrayList<>();
  private final int[] wordFeatures;
  private final Floats kept; // [event][keptWidth]
  private final List<Target> targets;
  private final double[][] wanted; // (targets, events)
  private final double[][] deviations; // (targets, events), or (targets, 1) for one scale for all

  private Samples(History history, FeatureSpec spec, List<Target> targets) {
    this.history = history;
    this.width = spec.width();
    int at = 0;
    int column = 0;
    List<Integer> ofWords = new ArrayList<>();
    for (int f = 0; f < spec.features().size(); f++) {
      Feature feature = spec.features().get(f);
      if (feature instanceof Feature.Category category) {
        words.add(new Words(column, category.dimensions(), new int[history.events()]));
        ofWords.add(f);
      } else {
        keep(at, column, feature.width());
        at += feature.width();
      }
      column += feature.width();
    }
    this.wordFeatures = ofWords.stream().mapToInt(Integer::intValue).toArray();
    this.keptWidth = at;
    this.kept = Floats.allocate(Math.max(1, (long) history.events() * keptWidth));
    this.targets = List.copyOf(targets);
    this.wanted = new double[targets.size()][history.events()];
    this.deviations = new double[targets.size()][];
    for (int t = 0; t < deviations.length; t++) {
      boolean perKey =
          spec.features().get(targets.get(t).feature()) instanceof Feature.Number number
              && !(number.scaling() instanceof Scaling.Learned);
      deviations[t] = new double[perKey ? history.events() : 1];
      deviations[t][0] = 1;
    }
  }

  private void keep(int at, int column, int length) {
    Run last = runs.isEmpty() ? new Run(0, -1, 0) : runs.getLast();
    if (last.column + last.length == column && last.length > 0) {
      runs.set(runs.size() - 1, new Run(last.keptAt, last.column, last.length + length));
    } else {
      runs.add(new Run(at, column, length));
    }
  }

  /**
   * Encodes a history, each key from its first event on.
   *
   * @param targets what is predicted
   */
  static Samples encode(History history, FeatureSpec spec, List<Target> targets) {
    var samples = new Samples(history, spec, targets);
    var encoder = new Encoder(spec, history.schema());
    double[] stats = new double[encoder.statsSize()];
    float[] row = new float[encoder.width()];
    Event event = history.schema().newEvent();
    for (int k = 0; k < history.keys(); k++) {
      java.util.Arrays.fill(stats, 0);
      int seen = Math.min(history.end(k), history.start(k) + Encoder.foreseen());
      for (int i = history.start(k); i < seen; i++) {
        history.read(k, i, event);
        encoder.foresee(event, stats, 0);
      }
      for (int i = history.start(k); i < history.end(k); i++) {
        history.read(k, i, event);
        encoder.encode(event, stats, 0, row);
        samples.take(i, row, encoder, event);
        for (int t = 0; t < targets.size(); t++) {
          samples.target(t, i, spec, encoder, event, stats);
        }
        encoder.learn(event, stats, 0);
      }
    }
    return samples;
  }

  private void target(
      int t, int index, FeatureSpec spec, Encoder encoder, Event event, double[] stats) {
    int feature = targets.get(t).feature();
    if (spec.features().get(feature) instanceof Feature.Category) {
      wanted[t][index] = encoder.categoryId(feature, event);
      return;
    }
    int view = targets.get(t).view();
    wanted[t][index] = encoder.scaled(feature, view, event, stats, 0);
    int at = Math.min(index, deviations[t].length - 1);
    deviations[t][at] = encoder.deviation(feature, view, stats, 0);
  }

  private void take(int index, float[] row, Encoder encoder, Event event) {
    for (Run run : runs) {
      kept.write((long) index * keptWidth + run.keptAt, row, run.column, run.length);
    }
    for (int w = 0; w < wordFeatures.length; w++) {
      words.get(w).ids[index] = encoder.categoryId(wordFeatures[w], event);
    }
  }

  History history() {
    return history;
  }

  /** Returns I, the number of inputs. */
  int width() {
    return width;
  }

  /** Returns the number of categories among the features. */
  int categories() {
    return words.size();
  }

  /** Returns the input at which the embedding of category {@code w} begins. */
  int column(int w) {
    return words.get(w).column;
  }

  /** Returns the inputs that a word of category {@code w} fills. */
  int dimensions(int w) {
    return words.get(w).dimensions;
  }

  /** Returns the word id of category {@code w} of an event. */
  int wordId(int w, int index) {
    return words.get(w).ids[index];
  }

  /** Returns what a model predicts, in the order of its heads. */
  static List<Target> targets(Model model) {
    return model.heads().stream()
        .map(head -> new Target(model.targetIndex(head), head.view()))
        .toList();
  }

  /** Returns what is predicted. */
  List<Target> targets() {
    return targets;
  }

  /**
   * Returns what was to be predicted: a value in units of its scale, NaN for none, or a word id.
   *
   * @param t which target, from 0
   */
  double target(int t, int index) {
    return wanted[t][index];
  }

  /** Returns whether any target has a value. */
  boolean isJudged(int index) {
    for (double[] of : wanted) {
      if (!Double.isNaN(of[index])) {
        return true;
      }
    }
    return false;
  }

  /** Returns what turns an error in units of the scale into one in units of the field. */
  double deviation(int t, int index) {
    return deviations[t][Math.min(index, deviations[t].length - 1)];
  }

  /**
   * Writes the inputs of an event.
   *
   * @param tables the embeddings of the categories, [vocabulary][dimensions] each
   * @param at where in {@code to} its row begins
   */
  void inputs(int index, Floats[] tables, Floats to, long at) {
    for (int r = 0; r < runs.size(); r++) {
      Run run = runs.get(r);
      long from = (long) index * keptWidth + run.keptAt;
      Floats.copy(kept, from, to, at + run.column, run.length);
    }
    for (int w = 0; w < tables.length; w++) {
      Words of = words.get(w);
      long from = (long) of.ids[index] * of.dimensions;
      Floats.copy(tables[w], from, to, at + of.column, of.dimensions);
    }
  }

  /** Returns the embeddings of a model's categories, in the order of its features. */
  static Floats[] tables(FeatureSpec spec) {
    return spec.features().stream()
        .filter(Feature.Category.class::isInstance)
        .map(feature -> Floats.of(((Feature.Category) feature).table()))
        .toArray(Floats[]::new);
  }
}
