package dev.sluice.train;

import dev.sluice.event.Event;
import dev.sluice.feature.Encoder;
import dev.sluice.feature.Feature;
import dev.sluice.model.Model;
import dev.sluice.model.Profile;
import dev.sluice.model.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What events are like to a model: encoded by its own {@link Encoder}, each key as if it began with
 * the first of them, so that any stretch of a history compares with any other.
 */
public final class Profiler {

  /** Events of a key whose running scale means nothing yet; they are left out. */
  private static final int SETTLING = 30;

  /** Words that have a bin of their own; the unknown one is the first of them. */
  private static final int WORDS = 16;

  private final Model model;
  private final History history;
  private final Encoder encoder;

  private Profiler(Model model, History history) {
    this.model = model;
    this.history = history;
    this.encoder = new Encoder(model.features(), history.schema());
  }

  /** Profiles the part of a history that a model was held out from. */
  static Profile heldOut(Model model, History history, Split split, Values surprise) {
    var profiler = new Profiler(model, history);
    List<Column> columns = profiler.columns(split.heldOut());
    profiler.walk(split, columns);
    List<Profile.Field> fields = columns.stream().map(Column::spreadOut).toList();
    return new Profile(Spread.ofTenths(surprise.toArray()), fields);
  }

  /**
   * Profiles a whole history, over the bins of another profile, which {@link Profile#surprise} is
   * not part of.
   *
   * @param then the profile in the model's lineage
   */
  public static List<Profile.Field> like(Profile then, Model model, History history) {
    var profiler = new Profiler(model, history);
    List<Column> columns = profiler.columns(history.events());
    profiler.walk(Split.at(history, Long.MIN_VALUE), columns);
    List<Profile.Field> fields = new ArrayList<>();
    for (Column column : columns) {
      then.fields().stream()
          .filter(field -> field.name().equals(column.feature.name()))
          .findFirst()
          .ifPresent(field -> fields.add(column.over(field.spread().edges())));
    }
    return fields;
  }

  /** Time of day and of week go round by themselves; what drifts is how often events come. */
  private List<Column> columns(int events) {
    List<Column> columns = new ArrayList<>();
    int input = 0;
    for (int f = 0; f < model.features().features().size(); f++) {
      Feature feature = model.features().features().get(f);
      boolean goesRound =
          feature instanceof Feature.Time(Feature.Kind kind) && kind != Feature.Kind.ELAPSED;
      if (!goesRound) {
        columns.add(new Column(feature, f, input, events));
      }
      input += feature.width();
    }
    return columns;
  }

  private void walk(Split split, List<Column> columns) {
    double[] stats = new double[encoder.statsSize()];
    float[] inputs = new float[encoder.width()];
    Event event = history.schema().newEvent();
    for (int k = 0; k < history.keys(); k++) {
      Arrays.fill(stats, 0);
      int settled = split.boundary(k) + SETTLING;
      for (int i = split.boundary(k); i < history.end(k); i++) {
        history.read(k, i, event);
        if (i >= settled) {
          encoder.encode(event, stats, 0, inputs);
          for (Column column : columns) {
            column.take(encoder, event, stats, inputs);
          }
        }
        encoder.learn(event, stats, 0);
      }
    }
  }

  /** One feature of all events. */
  private static final class Column {
    private final Feature feature;
    private final int index;
    private final int input;
    private final Values values;
    private long missing;

    Column(Feature feature, int index, int input, int events) {
      this.feature = feature;
      this.index = index;
      this.input = input;
      this.values = new Values(events);
    }

    void take(Encoder encoder, Event event, double[] stats, float[] inputs) {
      double value =
          switch (feature) {
            case Feature.Number _ -> encoder.scaled(index, 0, event, stats, 0);
            case Feature.Category _ ->
                encoder.word(index, event) == null ? Double.NaN : encoder.categoryId(index, event);
            case Feature.Time _ -> inputs[input];
          };
      missing += Double.isNaN(value) ? 1 : 0;
      values.add(value);
    }

    Profile.Field spreadOut() {
      Spread spread =
          feature instanceof Feature.Category category
              ? Spread.over(words(category), values.toArray())
              : Spread.ofTenths(values.toArray());
      return new Profile.Field(feature.name(), missing, spread);
    }

    Profile.Field over(List<Double> edges) {
      return new Profile.Field(feature.name(), missing, Spread.over(edges, values.toArray()));
    }

    /** Words have their places by how common they are. */
    private static List<Double> words(Feature.Category category) {
      List<Double> edges = new ArrayList<>();
      for (int word = 0; word < Math.min(WORDS, category.vocabulary().size() - 1); word++) {
        edges.add((double) word);
      }
      return edges;
    }
  }
}
