package dev.sluice.config;

import dev.sluice.config.FeatureDecl.By;
import dev.sluice.config.FeatureDecl.CategoryDecl;
import dev.sluice.config.FeatureDecl.Kind;
import dev.sluice.config.FeatureDecl.NumberDecl;
import dev.sluice.config.FeatureDecl.Scale;
import dev.sluice.config.FeatureDecl.TimeDecl;
import dev.sluice.config.FeatureDecl.TokensDecl;
import dev.sluice.config.FeatureDecl.View;
import dev.sluice.config.Input.Format;
import dev.sluice.config.Input.TimeUnit;
import dev.sluice.config.ModelDecl.CellKind;
import dev.sluice.config.ModelDecl.Start;
import dev.sluice.config.ModelDecl.WeightFormat;
import dev.sluice.config.Node.Mapping;
import dev.sluice.config.Prediction.BinsOfValue;
import dev.sluice.config.Prediction.GaussianOfValue;
import dev.sluice.config.Prediction.Labels;
import dev.sluice.config.Prediction.NextCategory;
import dev.sluice.config.Training.SplitBy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * From nodes to records. Reads on after a mistake: each section stands for itself, and what
 * concerns several is checked as far as they are sound.
 */
final class Binder {

  // Stands where a value is missing; nothing that holds it is ever handed out.
  private static final String PLACEHOLDER = "placeholder";

  private static final String PLACEHOLDER_DAY = "00:00-01:00";
  private static final String PLACEHOLDER_WEEK = "mon 00:00-tue 00:00";
  private static final String PLACEHOLDER_TIME = "1970-01-01T00:00:00Z";
  private static final String PLACEHOLDER_END = "9999-01-01T00:00:00Z";

  private final Report report;
  private final Environment environment;

  Binder(Report report, Environment environment) {
    this.report = report;
    this.environment = environment;
  }

  /**
   * Makes the topology.
   *
   * @throws TopologyException with everything that is wrong
   */
  Topology bind(Mapping root) {
    var top = new Section(report, "", root);
    String name = top.requiredText("name", "Write name: and a word, such as readings", PLACEHOLDER);
    String base = Check.isName(name) ? name : PLACEHOLDER;
    Optional<Input> input = build(top.section("input"), this::input);
    Optional<List<FeatureDecl>> features = features(top);
    Optional<ModelDecl> model = build(top.section("model"), section -> model(section, base));
    Optional<Training> training = build(top.section("training"), this::training);
    Optional<ScoreDecl> score = build(top.section("score"), this::score);
    Optional<AlertsDecl> alerts = build(top.section("alerts"), this::alerts);
    Optional<StateDecl> state = build(top.section("state"), this::state);
    Optional<Output> output = build(top.section("output"), section -> output(section, base));
    Optional<Weights> weights = build(top.section("weights"), this::weights);
    Optional<Delivery> delivery = build(top.section("delivery"), this::delivery);
    Optional<KafkaProperties> kafka = build(top.section("kafka"), this::kafka);
    top.finish();

    var check = new Check("");
    CrossRules.name(check, name);
    features.ifPresent(list -> CrossRules.features(check, list));
    if (features.isPresent() && model.isPresent()) {
      CrossRules.predicted(check, features.get(), model.get().predict());
      CrossRules.tokens(check, features.get(), model.get().predict());
      CrossRules.elapsed(check, features.get(), model.get().predict());
      CrossRules.messages(check, features.get(), model.get());
      CrossRules.start(check, features.get(), model.get());
    }
    if (input.isPresent() && output.isPresent() && weights.isPresent()) {
      Optional<String> feedback = alerts.flatMap(AlertsDecl::feedback);
      CrossRules.topics(check, input.get().topic(), output.get(), weights.get().topic(), feedback);
    }
    if (input.isPresent() && state.isPresent()) {
      CrossRules.rowsEvery(check, input.get(), state.get());
    }
    report.addAll(check.problems(), "");
    if (!report.isEmpty()) {
      throw report.exception();
    }
    return new Topology(
        name,
        input.orElseThrow(),
        features.orElseThrow(),
        model.orElseThrow(),
        training.orElseThrow(),
        score.orElseThrow(),
        alerts.orElseThrow(),
        state.orElseThrow(),
        output.orElseThrow(),
        weights.orElseThrow(),
        delivery.orElseThrow(),
        kafka.orElseThrow());
  }

  private Input input(Section section) {
    return new Input(
        section.requiredText("topic", "Write topic: and the Kafka topic to read", PLACEHOLDER),
        section.choice("format", Format.JSON),
        section.text("key", Defaults.RECORD),
        section.text("time", Defaults.RECORD),
        section.choice("timeUnit", TimeUnit.MILLISECONDS),
        section.whole("maxBytes", Defaults.MAX_BYTES));
  }

  private Optional<List<FeatureDecl>> features(Section top) {
    Optional<List<Section>> sections =
        top.sections("features", "Write a list of at least one, such as - number: temperature");
    List<FeatureDecl> features = new ArrayList<>();
    for (Section section : sections.orElse(List.of())) {
      build(section, this::feature).ifPresent(features::add);
    }
    return sections.map(List::size).filter(size -> size == features.size()).map(_ -> features);
  }

  private FeatureDecl feature(Section section) {
    return switch (section.oneOf(List.of("number", "category", "tokens", "time"))) {
      case "number" ->
          new NumberDecl(
              section.text("number", PLACEHOLDER),
              section.choice("scale", Scale.MODEL),
              section.choices("views", View.RANGE),
              section.flag("optional", false));
      case "category" ->
          new CategoryDecl(
              section.text("category", PLACEHOLDER),
              section.whole("dimensions", Defaults.DIMENSIONS));
      case "tokens" ->
          new TokensDecl(
              section.text("tokens", PLACEHOLDER),
              section.choice("by", By.WORDS),
              section.whole("most", Defaults.MOST_TOKENS),
              section.flag("ends", true),
              section.whole("dimensions", Defaults.DIMENSIONS));
      default -> new TimeDecl(section.choice("time", Kind.OF_DAY));
    };
  }

  private ModelDecl model(Section section, String name) {
    String id = section.text("id", name);
    int hidden = section.whole("hidden", Defaults.HIDDEN);
    int layers = section.whole("layers", Defaults.LAYERS);
    List<CellKind> said = section.choices("cells", CellKind.LSTM);
    List<CellKind> cells = said.isEmpty() ? ModelDecl.DEFAULT_CELLS : said;
    WeightFormat weights = section.choice("weights", WeightFormat.FLOAT32);
    Start start = section.choice("start", Start.WAIT);
    // A stand-in lets the rest of the section be checked.
    Optional<Prediction> predict = build(section.section("predict"), this::prediction);
    Prediction or = predict.orElse(new GaussianOfValue(List.of(PLACEHOLDER)));
    var reading =
        new ModelDecl.Reading(
            section.choice("directions", ModelDecl.Directions.FORWARD),
            section.choice("attention", ModelDecl.Attention.NONE));
    var model = new ModelDecl(id, cells, hidden, layers, weights, start, reading, or);
    if (predict.isEmpty()) {
      section.spoil();
    }
    return model;
  }

  private Prediction prediction(Section section) {
    if (section.has("label") || section.has("tags")) {
      return new Labels(section.textIfAny("label"), section.textIfAny("tags"));
    }
    return switch (section.oneOf(List.of("value", "gaussian", "category"))) {
      case "value" ->
          new BinsOfValue(
              section.oneOrMore("value", PLACEHOLDER), section.whole("bins", Defaults.BINS));
      case "gaussian" -> new GaussianOfValue(section.oneOrMore("gaussian", PLACEHOLDER));
      default ->
          new NextCategory(
              section.text("category", PLACEHOLDER),
              section.flag("elapsed", false),
              section.whole("bins", Defaults.BINS));
    };
  }

  private Training training(Section section) {
    return new Training(
        section.whole("window", Defaults.WINDOW),
        section.whole("batch", Defaults.BATCH),
        section.whole("epochs", Defaults.EPOCHS),
        section.number("learningRate", Defaults.LEARNING_RATE),
        section.number("clipNorm", Defaults.CLIP_NORM),
        section.whole("patience", Defaults.PATIENCE),
        section.number("dropout", Defaults.DROPOUT),
        section.number("validation", Defaults.VALIDATION),
        section.choice("split", SplitBy.TIME),
        section.wholeLong("seed", Defaults.SEED));
  }

  private ScoreDecl score(Section section) {
    return new ScoreDecl(
        section.number("threshold", Defaults.THRESHOLD),
        section.whole("warmUp", Defaults.WARM_UP),
        section.whole("quiet", Defaults.QUIET));
  }

  private AlertsDecl alerts(Section section) {
    List<Section> windows = section.sections("suppress");
    List<SuppressDecl> suppress = new ArrayList<>();
    for (Section window : windows) {
      build(window, this::suppress).ifPresent(suppress::add);
    }
    if (suppress.size() < windows.size()) {
      section.spoil();
    }
    return new AlertsDecl(
        section.whole("minEvents", Defaults.MIN_EVENTS),
        section.duration("minDuration", Defaults.MIN_DURATION),
        section.wholeIfAny("maxPerHour"),
        suppress,
        section.textIfAny("feedback"));
  }

  private SuppressDecl suppress(Section section) {
    String key = section.text("key", "");
    String why = section.text("why", "");
    return switch (section.oneOf(List.of("daily", "weekly", "from"))) {
      case "daily" -> SuppressDecl.daily(section.text("daily", PLACEHOLDER_DAY), key, why);
      case "weekly" -> SuppressDecl.weekly(section.text("weekly", PLACEHOLDER_WEEK), key, why);
      default ->
          SuppressDecl.once(
              section.text("from", PLACEHOLDER_TIME),
              section.requiredText("to", "Write to: and the time it ends", PLACEHOLDER_END),
              key,
              why);
    };
  }

  private StateDecl state(Section section) {
    StateDecl defaults = StateDecl.defaults();
    return new StateDecl(
        section.choice("onSwap", defaults.onSwap()),
        section.whole("rewarm", defaults.rewarm()),
        section.whole("shadow", defaults.shadow()),
        section.choice("encoding", defaults.encoding()),
        section.duration("expireAfter"),
        section.choice("store", defaults.store()),
        section.size("cache").orElse(defaults.cache()),
        section.size("memory"),
        section.duration("snapshotEvery", defaults.snapshotEvery()),
        section.duration("rowsEvery", defaults.rowsEvery()),
        section.choice("adapt", defaults.adapt()),
        section.number("adaptRate", defaults.adaptRate()));
  }

  private Output output(Section section, String name) {
    return new Output(
        section.text("scores", Output.scoresTopic(name)),
        section.text("alerts", Output.alertsTopic(name)),
        section.text("deadLetters", Output.deadLettersTopic(name)),
        section.number("interval", Defaults.INTERVAL));
  }

  private Weights weights(Section section) {
    String topic = section.text("topic", Defaults.WEIGHTS_TOPIC);
    List<String> keys = section.texts("keys", Weights.NO_KEY);
    boolean signed = section.flag("requireSignature", !keys.isEmpty());
    Optional<Guard> guard = build(section.section("guard"), this::guard);
    var weights = new Weights(topic, signed, keys, guard.orElse(Guard.defaults()));
    if (guard.isEmpty()) {
      section.spoil();
    }
    return weights;
  }

  private Guard guard(Section section) {
    return new Guard(
        section.number("worse", Defaults.GUARD_WORSE),
        section.whole("events", Defaults.GUARD_EVENTS),
        section.duration("within", Defaults.GUARD_WITHIN));
  }

  private Delivery delivery(Section section) {
    return new Delivery(
        section.choice("guarantee", Delivery.defaults().guarantee()),
        section.duration("commitInterval", Defaults.COMMIT_INTERVAL),
        section.whole("wave", Defaults.WAVE),
        section.whole("threads", Defaults.THREADS));
  }

  private KafkaProperties kafka(Section section) {
    var values = new LinkedHashMap<>(section.texts());
    values.computeIfAbsent(
        "bootstrap.servers", _ -> environment.fill(Defaults.BOOTSTRAP, true).text());
    return new KafkaProperties(values);
  }

  /** The record of a section; empty if the section is wrong, which is then reported. */
  private <T> Optional<T> build(Section section, Function<Section, T> make) {
    Optional<T> made = Optional.empty();
    try {
      made = Optional.of(make.apply(section));
    } catch (TopologyException e) {
      report.addAll(e.problems(), section.path());
    }
    section.finish();
    return section.isSound() ? made : Optional.empty();
  }
}
