package dev.sluice.river;

import dev.sluice.config.AlertsDecl;
import dev.sluice.config.FeatureDecl;
import dev.sluice.config.Input;
import dev.sluice.config.ModelDecl;
import dev.sluice.config.Prediction;
import dev.sluice.config.ScoreDecl;
import dev.sluice.config.StateDecl;
import dev.sluice.config.Topology;
import dev.sluice.event.Cut;
import dev.sluice.event.EventSchema;
import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.feature.Encoder;
import dev.sluice.feature.Feature;
import dev.sluice.feature.Scaling;
import dev.sluice.kernel.Floats;
import dev.sluice.score.AlertPolicy;
import dev.sluice.score.AlertRules;
import dev.sluice.score.Calibration;
import dev.sluice.score.Onset;
import dev.sluice.score.Scorer;
import dev.sluice.score.Shares;
import dev.sluice.score.Suppression;
import dev.sluice.state.Encoding;
import dev.sluice.state.LayerWord;
import dev.sluice.state.RowLayout;
import dev.sluice.state.Strip;
import dev.sluice.text.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a topology file declares, in the terms of the river. */
public final class Declared {

  private Declared() {}

  /** Returns what events look like. */
  public static EventSchema schema(Topology topology) {
    List<Field> numbers = new ArrayList<>();
    List<Field> words = new ArrayList<>();
    for (FeatureDecl feature : topology.features()) {
      switch (feature) {
        case FeatureDecl.NumberDecl number ->
            numbers.add(new Field(number.field(), number.optional()));
        case FeatureDecl.CategoryDecl category -> words.add(new Field(category.field(), false));
        case FeatureDecl.TokensDecl tokens ->
            words.add(new Field(tokens.field(), false, cut(tokens, topology.model().predict())));
        case FeatureDecl.TimeDecl _ -> {}
      }
    }
    if (topology.model().predict() instanceof Prediction.Labels labels) {
      labels.fields().forEach(field -> words.add(new Field(field, true)));
    }
    Input input = topology.input();
    TimeSource time =
        input.timeIsRecordTime()
            ? new TimeSource.OfRecord()
            : new TimeSource.OfField(input.time(), millisPerUnit(input.timeUnit()));
    return new EventSchema(
        numbers, words, input.keyIsRecordKey() ? null : input.key(), time, input.maxBytes());
  }

  private static Cut cut(FeatureDecl.TokensDecl tokens, Prediction predict) {
    boolean ends = tokens.ends() && !(predict instanceof Prediction.Labels);
    Tokenizer tokenizer =
        switch (tokens.by()) {
          case WORDS -> Tokenizer.LOWER_WORDS;
          case BLANKS -> Tokenizer.BLANKS;
          case CASED_WORDS -> Tokenizer.WORDS;
          case CHARACTERS -> Tokenizer.CHARACTERS;
          case BYTES -> Tokenizer.BYTES;
        };
    return new TokenCut(tokenizer, tokens.most(), ends);
  }

  private static long millisPerUnit(Input.TimeUnit unit) {
    return switch (unit) {
      case MILLISECONDS -> 1;
      case SECONDS -> 1000;
    };
  }

  /** Returns how events are scored. */
  public static Settings settings(Topology topology) {
    topology.requireMemory();
    return new Settings(
        topology.delivery().wave(),
        topology.output().interval(),
        Optional.of(calibration(topology.score())),
        onSwap(topology.state()),
        encoding(topology.state()),
        topology.state().expireAfter().map(Duration::toMillis).orElse(Settings.NEVER),
        alerts(topology.alerts()),
        adapt(topology.state()));
  }

  private static Settings.OnSwap onSwap(StateDecl state) {
    return switch (state.onSwap()) {
      case KEEP -> new Settings.OnSwap.Keep();
      case RESET -> new Settings.OnSwap.Reset();
      case REWARM -> new Settings.OnSwap.Rewarm(state.rewarm());
      case SHADOW -> new Settings.OnSwap.Shadow(state.shadow());
    };
  }

  /** Returns what the memory of one key holds, with a model as the file declares it. */
  public static RowLayout layout(Topology topology) {
    List<Scaling> scalings = new ArrayList<>();
    int views = 1;
    List<String> predicted = topology.model().predict().fields();
    for (FeatureDecl feature : topology.features()) {
      if (feature instanceof FeatureDecl.NumberDecl number
          && number.scale() == FeatureDecl.Scale.KEY) {
        Scaling.PerKey scaling = perKey(number);
        scalings.add(scaling);
        views = predicted.contains(number.field()) ? Math.max(views, scaling.views()) : views;
      }
    }
    int fields = topology.model().predict().targets().size();
    return new RowLayout(
        words(topology.model()),
        Encoder.statsSize(scalings)
            + Scorer.statsSize(fields, Judge.channels(fields, views))
            + Shares.statsSize(fields)
            + AlertRules.STATS_SIZE
            + Onset.STATS_SIZE,
        strips(topology));
  }

  private static Optional<Settings.Adapt> adapt(StateDecl state) {
    return state.adapt() == StateDecl.Adapt.NONE
        ? Optional.empty()
        : Optional.of(new Settings.Adapt(state.adapt() == StateDecl.Adapt.HEAD, state.adaptRate()));
  }

  private static List<Integer> words(ModelDecl model) {
    return model.layerCells().stream()
        .map(cell -> LayerWord.of(cell, model.hidden(), model.hidden()))
        .toList();
  }

  /** Returns by what a number is scaled whose scale is each key's own. */
  public static Scaling.PerKey perKey(FeatureDecl.NumberDecl number) {
    return new Scaling.PerKey(
        number.views().stream()
            .map(
                view ->
                    switch (view) {
                      case RANGE -> Scaling.View.RANGE;
                      case DAY -> Scaling.View.DAY;
                    })
            .toList());
  }

  /** Returns which time a feature is of. */
  public static Feature.Kind kind(FeatureDecl.Kind kind) {
    return switch (kind) {
      case OF_DAY -> Feature.Kind.OF_DAY;
      case OF_WEEK -> Feature.Kind.OF_WEEK;
      case ELAPSED -> Feature.Kind.ELAPSED;
    };
  }

  /** Returns what the row of a key holds beside memory and statistics, while no version changes. */
  public static List<Strip> strips(Topology topology) {
    List<Strip> strips = new ArrayList<>();
    if (topology.state().onSwap() == StateDecl.OnSwap.REWARM) {
      strips.add(new Window(schema(topology), topology.state().rewarm()).strip());
    }
    if (topology.state().adapt() != StateDecl.Adapt.NONE) {
      strips.add(new Strip(Adaptation.KIND, 0, adaptationFloats(topology), 0));
    }
    return strips;
  }

  /** As a model will have it; of words, whose number only the model knows, a line's worth. */
  private static int adaptationFloats(Topology topology) {
    int outputs =
        topology.model().predict() instanceof Prediction.BinsOfValue bins ? bins.bins() : 2;
    int heads = 0;
    for (FeatureDecl predicted : topology.predicted()) {
      heads += 1 + (predicted instanceof FeatureDecl.NumberDecl n ? n.views().size() : 0);
    }
    boolean whole = topology.state().adapt() == StateDecl.Adapt.HEAD;
    heads += topology.model().predict().targets().size() - topology.predicted().size();
    return heads * Floats.pad(outputs) * (1 + (whole ? topology.model().hidden() : 0));
  }

  /** Returns how precise memories are. */
  public static Encoding encoding(StateDecl state) {
    return switch (state.encoding()) {
      case FLOAT32 -> Encoding.FLOAT32;
      case FLOAT16 -> Encoding.FLOAT16;
    };
  }

  /** Returns which high scores are alerts. */
  public static AlertPolicy alerts(AlertsDecl alerts) {
    List<Suppression> suppressions =
        alerts.suppress().stream()
            .map(
                window ->
                    new Suppression(
                        window.fromMillis(),
                        window.lengthMillis(),
                        window.periodMillis(),
                        window.key(),
                        window.why()))
            .toList();
    return new AlertPolicy(
        alerts.minEvents(),
        alerts.minDuration().toMillis(),
        alerts.maxPerHour().orElse(0),
        suppressions);
  }

  /** Returns when a surprise becomes an alert. */
  public static Calibration calibration(ScoreDecl score) {
    return new Calibration(score.threshold(), score.warmUp(), score.quiet());
  }
}
