package dev.sluice.train;

import dev.sluice.event.Event;
import dev.sluice.feature.Encoder;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.kernel.Floats;
import java.util.ArrayList;
import java.util.List;

/**
 * A history as the network sees it: encoded by the stream's own {@link Encoder}, once for all
 * epochs. Inputs that change while training, those of embedded words, are kept as word ids.
 *
 * <p>Takes for each event 4 bytes for each input that is not of a category, 4 for each category,
 * and 8 or 16 for what is predicted.
 */
final class Samples {

  /** Inputs that stand beside each other both in an event's row and among those kept. */
  private record Run(int keptAt, int column, int length) {}

  /** Where the embedding of a category goes, and the ids of its words by event. */
  private record Words(int column, int dimensions, int[] ids) {}

  private final History history;
  private final int width;
  private final int keptWidth;
  private final List<Run> runs = new ArrayList<>();
  private final List<Words> words = new ArrayList<>();
  private final int[] wordFeatures;
  private final Floats kept; // [event][keptWidth]
  private final double[] targets; // (events)
  private final double[] deviations; // (events), or one for all

  private Samples(History history, FeatureSpec spec, int targetIndex) {
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
    this.targets = new double[history.events()];
    boolean perKey =
        spec.features().get(targetIndex) instanceof Feature.Number number
            && number.scaling() instanceof Scaling.PerKey;
    this.deviations = new double[perKey ? history.events() : 1];
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
   * @param targetIndex which of the features is predicted
   */
  static Samples encode(History history, FeatureSpec spec, int targetIndex) {
    var samples = new Samples(history, spec, targetIndex);
    var encoder = new Encoder(spec, history.schema());
    double[] stats = new double[encoder.statsSize()];
    float[] row = new float[encoder.width()];
    Event event = history.schema().newEvent();
    boolean isWord = spec.features().get(targetIndex) instanceof Feature.Category;
    samples.deviations[0] = 1;
    for (int k = 0; k < history.keys(); k++) {
      java.util.Arrays.fill(stats, 0);
      for (int i = history.start(k); i < history.end(k); i++) {
        history.read(k, i, event);
        encoder.encode(event, stats, 0, row);
        samples.take(i, row, encoder, event);
        if (isWord) {
          samples.targets[i] = encoder.categoryId(targetIndex, event);
        } else {
          samples.targets[i] = encoder.scaled(targetIndex, event, stats, 0);
          int at = Math.min(i, samples.deviations.length - 1);
          samples.deviations[at] = encoder.deviation(targetIndex, stats, 0);
        }
        encoder.learn(event, stats, 0);
      }
    }
    return samples;
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

  /**
   * Returns what was to be predicted: a value in units of its scale, NaN for none, or a word id.
   */
  double target(int index) {
    return targets[index];
  }

  /** Returns what turns an error in units of the scale into one in units of the field. */
  double deviation(int index) {
    return deviations[Math.min(index, deviations.length - 1)];
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
